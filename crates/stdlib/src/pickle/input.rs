//! The bytes of a pickle being read: in memory, or from a file as far as needed.

use super::load::Load;
use super::state::unpickling_error;
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;

impl Load {
    #[cold]
    fn truncated(py: &mut Py) -> Raised {
        unpickling_error(py, "pickle data was truncated")
    }

    /// Bytes of `count` length, as a place in the data.
    #[inline]
    pub fn read(&mut self, py: &mut Py, count: usize) -> Result<std::ops::Range<usize>> {
        if self.data.len() - self.at < count {
            self.fill(py, count)?;
        }
        let start = self.at;
        self.at += count;
        Ok(start..self.at)
    }

    /// An array of bytes.
    #[inline]
    pub fn array<const N: usize>(&mut self, py: &mut Py) -> Result<[u8; N]> {
        let place = self.read(py, N)?;
        let mut array = [0; N];
        array.copy_from_slice(&self.data[place]);
        Ok(array)
    }

    /// Have at least `count` bytes ready.
    #[cold]
    fn fill(&mut self, py: &mut Py, count: usize) -> Result<()> {
        let Some(read) = self.this.get(py).read else { return Err(Load::truncated(py)) };
        self.data.drain(..self.at);
        self.at = 0;
        let wanted = count - self.data.len();
        let Ok(wanted) = i64::try_from(wanted) else { return Err(py.no_memory()) };
        let wanted = py.new_int(wanted);
        let bytes = py.call(read, &[wanted])?;
        self.append(py, bytes, "read()")?;
        if self.data.len() < count {
            return Err(Load::truncated(py));
        }
        Ok(())
    }

    fn append(&mut self, py: &mut Py, bytes: Value, method: &str) -> Result<()> {
        let Some(bytes) = BytesLike::try_new(py, bytes)? else {
            let class = py.class_name(bytes);
            raise!(py, ValueError, "{method} from the underlying stream did not return bytes, but {class}");
        };
        self.data.extend_from_slice(bytes.get(py));
        Ok(())
    }

    /// A line with its end, of at least one character.
    pub fn line(&mut self, py: &mut Py) -> Result<Vec<u8>> {
        let line = self.any_line(py)?;
        if line.len() < 2 {
            return Err(Load::truncated(py));
        }
        Ok(line)
    }

    /// A line with its end.
    pub fn any_line(&mut self, py: &mut Py) -> Result<Vec<u8>> {
        if memchr::memchr(b'\n', &self.data[self.at..]).is_none() {
            let Some(readline) = self.this.get(py).readline else { return Err(Load::truncated(py)) };
            self.data.drain(..self.at);
            self.at = 0;
            let rest = py.call(readline, &[])?;
            self.append(py, rest, "readline()")?;
        }
        let Some(end) = memchr::memchr(b'\n', &self.data[self.at..]) else { return Err(Load::truncated(py)) };
        let line = self.data[self.at..=self.at + end].to_vec();
        self.at += end + 1;
        Ok(line)
    }
}
