//! Format strings of `struct`: byte order, item codes, sizes, offsets.

use std::cell::RefCell;
use std::sync::Arc;

/// One kind of item in a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `x`: bytes without a value.
    Pad,
    /// `c`: a bytes object of length 1.
    Char,
    /// `?`
    Bool,
    /// A signed integer.
    Signed,
    /// An unsigned integer.
    Unsigned,
    /// `P`: an address.
    Pointer,
    /// `e`, `f`, `d`, by size.
    Float,
    /// `F`, `D`: two floats.
    Complex,
    /// `s`: bytes of fixed length.
    Bytes,
    /// `p`: bytes with their length before them.
    Pascal,
}

/// A run of items of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The letter.
    pub letter: u8,
    /// What it means.
    pub kind: Kind,
    /// Bytes of one item; for `s` and `p` of the whole.
    pub size: usize,
    /// Where the first item starts.
    pub offset: usize,
    /// How many items follow each other; 1 for `s` and `p`.
    pub count: usize,
}

/// A format taken apart.
#[derive(Debug)]
pub struct Format {
    /// The runs of items with values.
    pub runs: Vec<Run>,
    /// Bytes of the whole.
    pub size: usize,
    /// How many values there are.
    pub values: usize,
    /// Whether the most significant byte comes first.
    pub big_endian: bool,
}

/// What is wrong with a format.
pub type Problem = &'static str;

const TOO_LONG: Problem = "total struct size too long";
const BAD: Problem = "bad char in struct format";

/// The kind of a letter, its size in native formats (which is its alignment, but for complex numbers), and its size in standard ones.
fn describe(letter: u8) -> Option<(Kind, usize, Option<usize>)> {
    Some(match letter {
        b'x' => (Kind::Pad, 1, Some(1)),
        b'c' => (Kind::Char, 1, Some(1)),
        b'?' => (Kind::Bool, 1, Some(1)),
        b'b' => (Kind::Signed, 1, Some(1)),
        b'B' => (Kind::Unsigned, 1, Some(1)),
        b'h' => (Kind::Signed, 2, Some(2)),
        b'H' => (Kind::Unsigned, 2, Some(2)),
        b'i' => (Kind::Signed, 4, Some(4)),
        b'I' => (Kind::Unsigned, 4, Some(4)),
        b'l' => (Kind::Signed, 8, Some(4)),
        b'L' => (Kind::Unsigned, 8, Some(4)),
        b'q' => (Kind::Signed, 8, Some(8)),
        b'Q' => (Kind::Unsigned, 8, Some(8)),
        b'n' => (Kind::Signed, 8, None),
        b'N' => (Kind::Unsigned, 8, None),
        b'P' => (Kind::Pointer, 8, None),
        b'e' => (Kind::Float, 2, Some(2)),
        b'f' => (Kind::Float, 4, Some(4)),
        b'd' => (Kind::Float, 8, Some(8)),
        b'F' => (Kind::Complex, 8, Some(8)),
        b'D' => (Kind::Complex, 16, Some(16)),
        b's' => (Kind::Bytes, 1, Some(1)),
        b'p' => (Kind::Pascal, 1, Some(1)),
        _ => return None,
    })
}

impl Format {
    /// The items in order, each with the place of its first byte.
    pub fn items(&self) -> impl Iterator<Item = (&Run, usize)> {
        self.runs.iter().flat_map(|run| (0..run.count).map(move |index| (run, run.offset + index * run.size)))
    }
}

/// A format that `parse` has seen.
type Known = Option<(Box<[u8]>, Arc<Format>)>;

/// Formats remembered at most: a power of two.
const MOST_KNOWN: usize = 64;

thread_local! {
    /// Formats that are used again and again, each at its place.
    static KNOWN: RefCell<[Known; MOST_KNOWN]> = const { RefCell::new([const { None }; MOST_KNOWN]) };
}

/// The place of a format among those that are remembered.
fn place(format: &[u8]) -> usize {
    let mixed = format.iter().take(8).fold(format.len(), |mixed, byte| mixed.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    mixed % MOST_KNOWN
}

/// A format that was taken apart before.
#[inline]
pub fn known(format: &[u8]) -> Option<Arc<Format>> {
    KNOWN.with_borrow(|known| match &known[place(format)] {
        Some((text, parsed)) if **text == *format => Some(parsed.clone()),
        _ => None,
    })
}

/// Take a format string apart, and remember it.
pub fn parsed(format: &[u8]) -> Result<Arc<Format>, Problem> {
    let parsed = Arc::new(parse(format)?);
    KNOWN.with_borrow_mut(|known| known[place(format)] = Some((format.into(), parsed.clone())));
    Ok(parsed)
}

/// Forget the remembered formats.
pub fn forget() {
    KNOWN.with_borrow_mut(|known| known.fill(None));
}

fn parse(format: &[u8]) -> Result<Format, Problem> {
    let (native, aligned, big_endian, codes) = match format.first() {
        Some(b'<') => (false, false, false, &format[1..]),
        Some(b'>' | b'!') => (false, false, true, &format[1..]),
        Some(b'=') => (false, false, cfg!(target_endian = "big"), &format[1..]),
        Some(b'@') => (true, true, cfg!(target_endian = "big"), &format[1..]),
        _ => (true, true, cfg!(target_endian = "big"), format),
    };
    let mut parsed = Format { runs: Vec::new(), size: 0, values: 0, big_endian };
    let mut rest = codes.iter().copied().peekable();
    while let Some(mut letter) = rest.next() {
        if letter.is_ascii_whitespace() || letter == 0x0B {
            continue;
        }
        let mut count = 1;
        if letter.is_ascii_digit() {
            count = usize::from(letter - b'0');
            loop {
                letter = rest.next().ok_or("repeat count given without format specifier")?;
                if !letter.is_ascii_digit() {
                    break;
                }
                count = count.checked_mul(10).and_then(|count| count.checked_add(usize::from(letter - b'0'))).ok_or(TOO_LONG)?;
            }
        }
        let (kind, native_size, standard_size) = describe(letter).ok_or(BAD)?;
        let size = if native { native_size } else { standard_size.ok_or(BAD)? };
        if aligned {
            let alignment = if kind == Kind::Complex { size / 2 } else { size };
            parsed.size = parsed.size.checked_next_multiple_of(alignment).ok_or(TOO_LONG)?;
        }
        let offset = parsed.size;
        let bytes = size.checked_mul(count).ok_or(TOO_LONG)?;
        parsed.size = parsed.size.checked_add(bytes).filter(|size| isize::try_from(*size).is_ok()).ok_or(TOO_LONG)?;
        let run = match kind {
            Kind::Pad => continue,
            Kind::Bytes | Kind::Pascal => Run { letter, kind, size: count, offset, count: 1 },
            _ if count == 0 => continue,
            _ => Run { letter, kind, size, offset, count },
        };
        parsed.values += run.count;
        parsed.runs.push(run);
    }
    Ok(parsed)
}
