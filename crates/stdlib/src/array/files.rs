//! Arrays in files.

use super::Array;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// Bytes that are written at a time.
const BLOCK: usize = 64 * 1024;

#[pymethods(part = "files")]
impl Array {
    /// Read n objects from the file object f and append them to the end of the array.
    #[signature(self, f, n, /)]
    fn fromfile(this: Gc<Self>, py: &mut Py, f: Value, n: isize) -> Result<()> {
        if n < 0 {
            raise!(py, ValueError, "negative count");
        }
        let size = this.get(py).code.size() as isize;
        let Some(wanted) = n.checked_mul(size) else { return Err(py.no_memory()) };
        let count = py.new_int(wanted as i64);
        let read = py.call_method_named(f, "read", &[count])?;
        let Some(bytes) = Gc::<Bytes>::cast(py, read) else {
            raise!(py, TypeError, "read() didn't return bytes");
        };
        let given = bytes.get(py).data().len();
        py.call_method_named(this.into(), "frombytes", &[read])?;
        if given != wanted as usize {
            raise!(py, EOFError, "read() didn't return enough bytes");
        }
        Ok(())
    }

    /// Write all items (as machine values) to the file object f.
    #[signature(self, f, /)]
    fn tofile(this: Gc<Self>, py: &mut Py, f: Value) -> Result<()> {
        let mut start = 0;
        while start < this.get(py).data.len() {
            let data = &this.get(py).data;
            let block = data[start..data.len().min(start + BLOCK)].to_vec();
            let bytes = py.new_bytes(&block);
            py.call_method_named(f, "write", &[bytes.into()])?;
            start += BLOCK;
        }
        Ok(())
    }
}
