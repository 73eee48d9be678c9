//! Streams of the crate `zlib-rs`, with outputs that grow up to a limit and zlib's numbers for errors.

use super::{BUFFER, MAX_WBITS};
use zlib_rs::{Deflate, DeflateConfig, DeflateError, DeflateFlush, Inflate, InflateError, InflateFlush, Status, Strategy};

/// Why a stream cannot go on.
pub enum Failure {
    /// The output would be larger than memory may be.
    Memory,
    /// The dictionary is not the one the data was compressed with.
    Dictionary,
    /// zlib's number of the error and what is known about it.
    Stream { code: i32, message: Option<&'static str> },
}

impl Failure {
    /// The stream is not in a state to be used.
    pub const STATE: Failure = Failure::Stream { code: -2, message: Some("inconsistent stream state") };
}

/// Make room for more output, twice as much as there was, within a limit.
fn grow(output: &mut Vec<u8>, limit: usize) -> Result<(), Failure> {
    let before = output.len();
    let more = before.clamp(BUFFER, 1 << 26).min(limit.saturating_sub(before));
    if more == 0 || output.try_reserve(more).is_err() {
        return Err(Failure::Memory);
    }
    output.resize(before + more, 0);
    Ok(())
}

/// What `compressobj` is told.
pub struct Options {
    pub level: i32,
    pub wbits: i32,
    pub mem_level: i32,
    pub strategy: i32,
}

impl Default for Options {
    fn default() -> Options {
        Options { level: -1, wbits: MAX_WBITS, mem_level: 8, strategy: 0 }
    }
}

/// A stream that compresses.
pub struct Deflater(Box<Deflate>);

impl Deflater {
    /// About how many bytes it needs.
    pub const MEMORY: isize = 256 * 1024;

    /// A new stream; None if an option is impossible.
    pub fn new(options: Options) -> Option<Deflater> {
        let Options { level, wbits, mem_level, strategy } = options;
        let window = (9..=15).contains(&wbits.wrapping_abs()) || wbits == 8 || (25..=31).contains(&wbits);
        if !window || !(-1..=9).contains(&level) || !(1..=9).contains(&mem_level) {
            return None;
        }
        let strategy = Strategy::try_from(strategy).ok()?;
        let config = DeflateConfig { level, window_bits: wbits, mem_level, strategy, ..DeflateConfig::default() };
        Some(Deflater(Box::new(Deflate::new_with_config(config))))
    }

    /// Set the dictionary; whether that is possible.
    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> bool {
        self.0.set_dictionary(dictionary).is_ok()
    }

    /// Compress all of the input; the output that is ready by then.
    pub fn compress(&mut self, input: &[u8], flush: DeflateFlush, limit: usize) -> Result<Vec<u8>, Failure> {
        let mut output = Vec::new();
        let (start_in, start_out) = (self.0.total_in(), self.0.total_out());
        loop {
            let (read, written) = ((self.0.total_in() - start_in) as usize, (self.0.total_out() - start_out) as usize);
            if written == output.len() {
                grow(&mut output, limit)?;
            }
            // The crate takes 4 GiB at most at a time.
            let last = u32::try_from(input.len() - read).is_ok();
            let status = self.0.compress(&input[read..], &mut output[written..], if last { flush } else { DeflateFlush::NoFlush });
            let written = (self.0.total_out() - start_out) as usize;
            match status {
                Ok(Status::StreamEnd) => {}
                Ok(Status::Ok | Status::BufError) if written == output.len() || !last => continue,
                Ok(Status::Ok | Status::BufError) => {}
                Err(DeflateError::MemError) => return Err(Failure::Memory),
                Err(error) => return Err(Failure::Stream { code: error as i32, message: self.0.error_message() }),
            }
            output.truncate(written);
            return Ok(output);
        }
    }
}

/// What came of some input.
pub struct Piece {
    /// The decompressed bytes.
    pub output: Vec<u8>,
    /// How many bytes of the input were used.
    pub used: usize,
    /// Whether the stream is at its end.
    pub ended: bool,
}

/// A stream that decompresses.
pub struct Inflater {
    stream: Box<Inflate>,
    dictionary: Vec<u8>,
}

impl Inflater {
    /// About how many bytes it needs.
    pub const MEMORY: isize = 48 * 1024;

    /// A new stream; None if there is no such container.
    pub fn new(wbits: i32, dictionary: Vec<u8>) -> Option<Inflater> {
        let stream = match wbits {
            -15..=-8 => Inflate::new(false, wbits.unsigned_abs() as u8),
            0 | 8..=15 | 24..=31 | 40..=47 => Inflate::new(true, wbits as u8),
            // The header has the size of the window.
            16 => Inflate::new(true, 31),
            32 => Inflate::new(true, 47),
            _ => return None,
        };
        Some(Inflater { stream: Box::new(stream), dictionary })
    }

    /// Set the dictionary of a raw stream, which has no header to ask for it.
    pub fn begin(&mut self, wbits: i32) -> Result<(), Failure> {
        if wbits < 0 && !self.dictionary.is_empty() { self.set_dictionary() } else { Ok(()) }
    }

    fn set_dictionary(&mut self) -> Result<(), Failure> {
        match self.stream.set_dictionary(&self.dictionary) {
            Ok(_) => Ok(()),
            Err(InflateError::DataError) => Err(Failure::Dictionary),
            Err(_) => Err(Failure::STATE),
        }
    }

    /// Decompress as much of the input as makes `wanted` bytes of output, or all of it.
    pub fn decompress(&mut self, input: &[u8], wanted: Option<usize>, limit: usize) -> Result<Piece, Failure> {
        let most = wanted.unwrap_or(usize::MAX);
        let mut output = Vec::new();
        let (start_in, start_out) = (self.stream.total_in(), self.stream.total_out());
        loop {
            let (before, written) = ((self.stream.total_in() - start_in) as usize, (self.stream.total_out() - start_out) as usize);
            if written == most {
                return Ok(Piece { output, used: before, ended: false });
            }
            if written == output.len() {
                grow(&mut output, limit)?;
                output.truncate(most);
            }
            let status = self.stream.decompress(&input[before..], &mut output[written..], InflateFlush::SyncFlush);
            let (used, written) = ((self.stream.total_in() - start_in) as usize, (self.stream.total_out() - start_out) as usize);
            let ended = match status {
                Ok(status) => status == Status::StreamEnd,
                Err(InflateError::NeedDict { .. }) if !self.dictionary.is_empty() => {
                    self.set_dictionary()?;
                    continue;
                }
                Err(InflateError::NeedDict { .. }) => return Err(Failure::Stream { code: 2, message: None }),
                Err(InflateError::MemError) => return Err(Failure::Memory),
                Err(InflateError::StreamError) => return Err(Failure::STATE),
                Err(InflateError::DataError) => {
                    let message = self.stream.error_message().or(Some("invalid input data"));
                    return Err(Failure::Stream { code: -3, message });
                }
            };
            if ended || (written < output.len() && u32::try_from(input.len() - before).is_ok()) {
                output.truncate(written);
                return Ok(Piece { output, used, ended });
            }
        }
    }
}
