//! `binascii`: conversions between binary data and its ASCII forms.
//!
//! Counterpart: `Modules/binascii.c`.

use crate::exceptions;
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::native::{Argument, FromValue};
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, Module};

/// A bytes-like object or an ASCII string.
struct AsciiData(Vec<u8>);

impl FromValue for AsciiData {
    fn from_value(py: &mut Py, value: Value, _: Argument) -> Result<Self> {
        if let Some(text) = Gc::<Str>::cast(py, value) {
            if !text.get(py).is_ascii() {
                raise!(py, ValueError, "string argument should contain only ASCII characters");
            }
            return Ok(AsciiData(text.get(py).bytes().to_vec()));
        }
        match BytesLike::try_new(py, value)? {
            Some(bytes) => Ok(AsciiData(bytes.get(py).to_vec())),
            None => {
                let class = py.class_name(value);
                raise!(py, TypeError, "argument should be bytes, buffer or ASCII string, not '{class}'")
            }
        }
    }
}

#[cold]
fn error(py: &mut Py, text: &str) -> Raised {
    exceptions::raise_from(py, "binascii", "Error", text)
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What `BASE64_VALUES` and `HEX_VALUES` say of what is no digit: more than any digit.
const NO_DIGIT: u8 = 0xFF;

/// The value of each base64 digit.
const BASE64_VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut index = 0;
    while index < 64 {
        values[BASE64[index] as usize] = index as u8;
        index += 1;
    }
    values
};

/// The value of each hexadecimal digit.
const HEX_VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut index = 0;
    while index < 16 {
        values[b"0123456789abcdef"[index] as usize] = index as u8;
        values[b"0123456789ABCDEF"[index] as usize] = index as u8;
        index += 1;
    }
    values
};

fn digit(values: &[u8; 256], byte: u8) -> Option<u8> {
    Some(values[byte as usize]).filter(|value| *value != NO_DIGIT)
}

/// Decode groups of four base64 digits, as many as there are at the beginning.
fn decode_groups(data: &[u8], decoded: &mut Vec<u8>) -> usize {
    let (groups, _) = data.as_chunks::<4>();
    decoded.resize(groups.len() * 3, 0);
    let mut done = 0;
    for ([a, b, c, d], bytes) in groups.iter().zip(decoded.as_chunks_mut::<3>().0) {
        let (a, b) = (BASE64_VALUES[*a as usize], BASE64_VALUES[*b as usize]);
        let (c, d) = (BASE64_VALUES[*c as usize], BASE64_VALUES[*d as usize]);
        if a | b | c | d == NO_DIGIT {
            break;
        }
        *bytes = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
        done += 1;
    }
    decoded.truncate(done * 3);
    done * 4
}

/// Decode base64; `Err` says what is wrong.
fn decode_base64(data: &[u8], strict: bool) -> std::result::Result<Vec<u8>, String> {
    let mut decoded = Vec::with_capacity(data.len() / 4 * 3 + 3);
    if strict && data.first() == Some(&b'=') {
        return Err("Leading padding not allowed".into());
    }
    let (mut place, mut left, mut pads) = (0, 0u8, 0);
    let start = decode_groups(data, &mut decoded);
    for byte in &data[start..] {
        if *byte == b'=' {
            pads += 1;
            match place {
                1 if strict => return Err(lone_digit(&decoded)),
                0 if strict => return Err("Excess padding not allowed".into()),
                _ if strict && place + pads > 4 => return Err("Excess padding not allowed".into()),
                _ => continue,
            }
        }
        let Some(digit) = digit(&BASE64_VALUES, *byte) else {
            if strict {
                return Err("Only base64 data is allowed".into());
            }
            continue;
        };
        if strict && pads > 0 {
            return Err(if place + pads >= 4 { "Excess data after padding" } else { "Discontinuous padding not allowed" }.into());
        }
        pads = 0;
        match place {
            0 => left = digit,
            1 => {
                decoded.push(left << 2 | digit >> 4);
                left = digit & 0x0F;
            }
            2 => {
                decoded.push(left << 4 | digit >> 2);
                left = digit & 0x03;
            }
            _ => {
                decoded.push(left << 6 | digit);
                left = 0;
            }
        }
        place = (place + 1) % 4;
    }
    match place {
        0 => Ok(decoded),
        1 => Err(lone_digit(&decoded)),
        _ if place + pads >= 4 => Ok(decoded),
        _ => Err("Incorrect padding".into()),
    }
}

fn lone_digit(decoded: &[u8]) -> String {
    let count = decoded.len() / 3 * 4 + 1;
    format!("Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4")
}

fn base64_digits([first, second, third]: [u8; 3]) -> [u8; 4] {
    let digit = |bits: u8| BASE64[(bits & 0x3F) as usize];
    [digit(first >> 2), digit(first << 4 | second >> 4), digit(second << 2 | third >> 6), digit(third)]
}

fn encode_base64(data: &[u8]) -> Vec<u8> {
    // A newline may follow.
    let mut encoded = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    let (groups, rest) = data.as_chunks::<3>();
    encoded.resize(groups.len() * 4, 0);
    for (group, digits) in groups.iter().zip(encoded.as_chunks_mut::<4>().0) {
        *digits = base64_digits(*group);
    }
    if let [first, rest @ ..] = rest {
        let mut last = base64_digits([*first, rest.first().copied().unwrap_or(0), 0]);
        last[rest.len() + 2..].fill(b'=');
        encoded.extend_from_slice(&last);
    }
    encoded
}

/// Decode quoted-printable text.
fn decode_quoted(data: &[u8], header: bool) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(data.len());
    let mut index = 0;
    while index < data.len() {
        let byte = data[index];
        index += 1;
        if byte == b'_' && header {
            decoded.push(b' ');
            continue;
        }
        if byte != b'=' {
            decoded.push(byte);
            continue;
        }
        match data.get(index) {
            None => break,
            Some(b'\n' | b'\r') => {
                // A soft line break: everything to the end of the line goes.
                while index < data.len() && data[index] != b'\n' {
                    index += 1;
                }
                index += 1;
            }
            Some(b'=') => {
                decoded.push(b'=');
                index += 1;
            }
            Some(high) => match (digit(&HEX_VALUES, *high), data.get(index + 1).and_then(|low| digit(&HEX_VALUES, *low))) {
                (Some(high), Some(low)) => {
                    decoded.push(high << 4 | low);
                    index += 2;
                }
                _ => decoded.push(b'='),
            },
        }
    }
    decoded
}

/// Encode as quoted-printable text.
fn encode_quoted(data: &[u8], quotetabs: bool, istext: bool, header: bool) -> Vec<u8> {
    const LONGEST: usize = 76;
    let crlf = data.iter().position(|byte| *byte == b'\n').is_some_and(|end| end > 0 && data[end - 1] == b'\r');
    let newline: &[u8] = if crlf { b"\r\n" } else { b"\n" };
    let mut encoded: Vec<u8> = Vec::with_capacity(data.len() + data.len() / 8);
    let mut line = 0;
    let mut index = 0;
    while index < data.len() {
        let byte = data[index];
        let next = data.get(index + 1).copied();
        let alone = byte == b'.' && line == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0));
        let quoted = byte > 126
            || byte == b'='
            || (header && byte == b'_')
            || alone
            || (!istext && matches!(byte, b'\r' | b'\n'))
            || (matches!(byte, b'\t' | b' ') && index + 1 == data.len())
            || (byte < 33 && !matches!(byte, b'\r' | b'\n' | b'\t' | b' '))
            || (byte < 33 && !matches!(byte, b'\r' | b'\n') && quotetabs);
        if quoted {
            if line + 3 >= LONGEST {
                encoded.push(b'=');
                encoded.extend_from_slice(newline);
                line = 0;
            }
            encoded.extend_from_slice(format!("={byte:02X}").as_bytes());
            line += 3;
            index += 1;
            continue;
        }
        if istext && (byte == b'\n' || (byte == b'\r' && next == Some(b'\n'))) {
            // White space at the end of a line is quoted.
            if let Some(last @ (b' ' | b'\t')) = encoded.last().copied()
                && line > 0
            {
                encoded.pop();
                encoded.extend_from_slice(format!("={last:02X}").as_bytes());
            }
            encoded.extend_from_slice(newline);
            line = 0;
            index += if byte == b'\r' { 2 } else { 1 };
            continue;
        }
        if next.is_some_and(|next| next != b'\n') && line + 1 >= LONGEST {
            encoded.push(b'=');
            encoded.extend_from_slice(newline);
            line = 0;
        }
        line += 1;
        encoded.push(if header && byte == b' ' { b'_' } else { byte });
        index += 1;
    }
    encoded
}

/// Conversion between binary data and ASCII
#[pymodule(name = "binascii")]
pub mod binascii {
    use super::*;

    /// Decode a line of base64 data.
    ///
    ///   strict_mode
    ///     When set to True, bytes that are not in the base64 standard are not allowed.
    ///     The same applies to excess data after padding (= / ==).
    #[pyfunction]
    #[signature(data, /, *, strict_mode=False)]
    fn a2b_base64(py: &mut Py, data: AsciiData, strict_mode: bool) -> Result<Gc<Bytes>> {
        match decode_base64(&data.0, strict_mode) {
            Ok(decoded) => Ok(py.new_bytes(&decoded)),
            Err(problem) => Err(error(py, &problem)),
        }
    }

    /// Base64-code line of data.
    #[pyfunction]
    #[signature(data, /, *, newline=True)]
    fn b2a_base64(py: &mut Py, data: BytesLike, newline: bool) -> Gc<Bytes> {
        let mut encoded = encode_base64(data.get(py));
        if newline {
            encoded.push(b'\n');
        }
        py.new_bytes(&encoded)
    }

    /// Binary data of hexadecimal representation.
    ///
    /// hexstr must contain an even number of hex digits (upper or lower case).
    /// This function is also available as "unhexlify()".
    #[pyfunction]
    #[pyname("a2b_hex", "unhexlify")]
    #[signature(hexstr, /)]
    fn a2b_hex(py: &mut Py, hexstr: AsciiData) -> Result<Gc<Bytes>> {
        let (pairs, rest) = hexstr.0.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(error(py, "Odd-length string"));
        }
        let mut bytes = vec![0; pairs.len()];
        for ([high, low], byte) in pairs.iter().zip(&mut bytes) {
            let (high, low) = (HEX_VALUES[*high as usize], HEX_VALUES[*low as usize]);
            if high | low == NO_DIGIT {
                return Err(error(py, "Non-hexadecimal digit found"));
            }
            *byte = high << 4 | low;
        }
        Ok(py.new_bytes(&bytes))
    }

    /// Hexadecimal representation of binary data.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from the
    ///     right, negative values count from the left.
    ///
    /// The return value is a bytes object.  This function is also
    /// available as "b2a_hex()".
    #[pyfunction]
    #[pyname("hexlify", "b2a_hex")]
    #[signature(data, sep=<unrepresentable>, bytes_per_sep=1)]
    fn hexlify(py: &mut Py, data: BytesLike, sep: Option<Value>, bytes_per_sep: Value) -> Result {
        let bytes = data.object(py);
        let text = match sep {
            Some(sep) => py.call_method_named(bytes.into(), "hex", &[sep, bytes_per_sep])?,
            None => py.call_method_named(bytes.into(), "hex", &[])?,
        };
        let codec = py.new_str("ascii");
        py.call_method_named(text, "encode", &[codec.into()])
    }

    /// Compute CRC-32 incrementally.
    #[pyfunction]
    #[signature(data, crc=0, /)]
    fn crc32(py: &mut Py, data: BytesLike, crc: Value) -> Result<u32> {
        let index = py.index(crc)?;
        let start = py.with_int(index, |int| int.to_u64_wrapping()).unwrap_or(0) as u32;
        Ok(zlib_rs::crc32::crc32(start, data.get(py)))
    }

    /// Compute CRC-CCITT incrementally.
    #[pyfunction]
    #[signature(data, crc, /)]
    fn crc_hqx(py: &mut Py, data: BytesLike, crc: Value) -> Result<u32> {
        let index = py.index(crc)?;
        let mut crc = py.with_int(index, |int| int.to_u64_wrapping()).unwrap_or(0) as u32 & 0xFFFF;
        for byte in data.get(py) {
            crc ^= u32::from(*byte) << 8;
            for _ in 0..8 {
                crc = if crc & 0x8000 != 0 { (crc << 1 ^ 0x1021) & 0xFFFF } else { crc << 1 };
            }
        }
        Ok(crc)
    }

    /// Decode a line of uuencoded data.
    #[pyfunction]
    #[signature(data, /)]
    fn a2b_uu(py: &mut Py, data: AsciiData) -> Result<Gc<Bytes>> {
        let mut source = data.0.iter().copied();
        let Some(first) = source.next() else { return Err(error(py, "Missing length byte")) };
        let length = usize::from(first.wrapping_sub(b' ') & 0x3F);
        let (mut decoded, mut left, mut bits) = (Vec::with_capacity(length), 0u32, 0);
        while decoded.len() < length {
            let value = match source.next() {
                // Trailing white space may have been lost.
                None | Some(b'\n' | b'\r') => 0,
                Some(byte @ b' '..=b'`') => u32::from(byte - b' ') & 0x3F,
                Some(_) => return Err(error(py, "Illegal char")),
            };
            left = left << 6 | value;
            bits += 6;
            if bits >= 8 {
                bits -= 8;
                decoded.push((left >> bits) as u8);
                left &= (1 << bits) - 1;
            }
        }
        if source.any(|byte| !matches!(byte, b' ' | b'`' | b'\n' | b'\r')) {
            return Err(error(py, "Trailing garbage"));
        }
        Ok(py.new_bytes(&decoded))
    }

    /// Uuencode line of data.
    #[pyfunction]
    #[signature(data, /, *, backtick=False)]
    fn b2a_uu(py: &mut Py, data: BytesLike, backtick: bool) -> Result<Gc<Bytes>> {
        let data = data.get(py).to_vec();
        if data.len() > 45 {
            return Err(error(py, "At most 45 bytes at once"));
        }
        let digit = |value: u32| if backtick && value == 0 { b'`' } else { b' ' + value as u8 };
        let mut encoded = vec![digit(data.len() as u32)];
        for chunk in data.chunks(3) {
            let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
            encoded.extend((0..4).map(|place| digit(bits >> (18 - 6 * place) & 0x3F)));
        }
        encoded.push(b'\n');
        Ok(py.new_bytes(&encoded))
    }

    /// Decode a string of qp-encoded data.
    #[pyfunction]
    #[signature(data, header=False)]
    fn a2b_qp(py: &mut Py, data: AsciiData, header: bool) -> Gc<Bytes> {
        let decoded = decode_quoted(&data.0, header);
        py.new_bytes(&decoded)
    }

    /// Encode a string using quoted-printable encoding.
    ///
    /// On encoding, when istext is set, newlines are not encoded, and white
    /// space at end of lines is.  When istext is not set, \r and \n (CR/LF)
    /// are both encoded.  When quotetabs is set, space and tabs are encoded.
    #[pyfunction]
    #[signature(data, quotetabs=False, istext=True, header=False)]
    fn b2a_qp(py: &mut Py, data: BytesLike, quotetabs: bool, istext: bool, header: bool) -> Gc<Bytes> {
        let encoded = encode_quoted(data.get(py), quotetabs, istext, header);
        py.new_bytes(&encoded)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        for (name, base) in [("Error", py.exceptions.ValueError), ("Incomplete", py.exceptions.Exception)] {
            let class = exceptions::new_class(py, "binascii", name, base)?;
            py.module_set(module, name, class)?;
        }
        Ok(())
    }
}
