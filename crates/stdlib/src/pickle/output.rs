//! The bytes of a pickle being written, in frames from protocol 4 on.

use super::Pickler;
use super::opcode::*;
use super::save::Save;
use bredli_runtime::prelude::*;

/// Bytes after which a frame ends.
const FRAME_TARGET: usize = 64 * 1024;
/// Shorter contents get no frame.
const FRAME_MINIMUM: usize = 4;
const FRAME_HEADER: usize = 9;

impl Save {
    /// Append bytes, in a frame where there are frames.
    #[inline]
    pub fn put(&mut self, bytes: &[u8]) {
        if self.framing && self.frame.is_none() {
            self.frame = Some(self.out.len());
            self.out.extend_from_slice(&[FRAME; FRAME_HEADER]);
        }
        self.out.extend_from_slice(bytes);
    }

    /// An opcode and a size of four bytes.
    pub fn put_sized(&mut self, opcode: u8, size: u32) {
        let [a, b, c, d] = size.to_le_bytes();
        self.put(&[opcode, a, b, c, d]);
    }

    /// Between two opcodes: end a frame that is long enough.
    #[inline]
    pub fn boundary(&mut self, py: &mut Py) -> Result<()> {
        match self.frame {
            Some(start) if self.out.len() - start - FRAME_HEADER >= FRAME_TARGET => {
                self.end_frame();
                self.flush(py)
            }
            _ => Ok(()),
        }
    }

    /// End the frame that has been begun.
    pub fn end_frame(&mut self) {
        let Some(start) = self.frame.take() else { return };
        let len = self.out.len() - start - FRAME_HEADER;
        if len >= FRAME_MINIMUM {
            self.out[start + 1..start + FRAME_HEADER].copy_from_slice(&(len as u64).to_le_bytes());
        } else {
            self.out.drain(start..start + FRAME_HEADER);
        }
    }

    /// Hand what there is to the file.
    fn flush(&mut self, py: &mut Py) -> Result<()> {
        if let Some(write) = self.write {
            let bytes = py.new_bytes(&self.out);
            self.out.clear();
            py.call(write, &[bytes.into()])?;
        }
        Ok(())
    }

    /// A header with its bytes; long ones go to the file without a copy, outside of frames.
    pub fn put_payload(&mut self, py: &mut Py, header: &[u8], object: Value, bytes: impl Fn(&Py) -> &[u8]) -> Result<()> {
        if bytes(py).len() < FRAME_TARGET {
            self.put(header);
            self.put(bytes(py));
            return Ok(());
        }
        self.end_frame();
        let framing = std::mem::replace(&mut self.framing, false);
        self.put(header);
        match self.write {
            Some(write) => {
                self.flush(py)?;
                let payload = if py.is_str(object) {
                    let len = bytes(py).len();
                    py.fill_bytes(len, |py, out| out.copy_from_slice(bytes(py)))?.into()
                } else {
                    object
                };
                py.call(write, &[payload])?;
            }
            None => self.put(bytes(py)),
        }
        self.framing = framing;
        Ok(())
    }

    /// Remember an object under the next number.
    #[inline]
    pub fn memoize(&mut self, py: &mut Py, object: Value) -> Result<()> {
        if self.fast {
            return Ok(());
        }
        let number = Pickler::memo_len(py, self.this);
        if self.proto >= 4 {
            self.put(&[MEMOIZE]);
        } else if !self.bin {
            self.put(format!("p{number}\n").as_bytes());
        } else if let Ok(short) = u8::try_from(number) {
            self.put(&[BINPUT, short]);
        } else {
            self.put_sized(LONG_BINPUT, number as u32);
        }
        Pickler::memo_set(py, self.this, object, number as i64)
    }

    /// Refer to an object that has been written.
    pub fn put_get(&mut self, number: i64) {
        if !self.bin {
            self.put(format!("g{number}\n").as_bytes());
        } else if let Ok(short) = u8::try_from(number) {
            self.put(&[BINGET, short]);
        } else {
            self.put_sized(LONG_BINGET, number as u32);
        }
    }
}
