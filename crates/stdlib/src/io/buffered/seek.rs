//! The position of buffered streams.

use super::super::base::IoBase;
use super::super::{call, to_offset, unsupported};
use super::Buffered;
use bredli_runtime::prelude::*;

impl Buffered {
    /// `tell()`
    pub fn position(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        Buffered::raw(this, py)?;
        let position = Buffered::raw_tell(this, py)?;
        Ok((position - this.get(py).raw_offset()).max(0))
    }

    /// `seek(target, whence)`
    pub fn seek_to(this: Gc<Self>, py: &mut Py, target: Value, whence: i32) -> Result<i64> {
        let raw = Buffered::raw(this, py)?;
        if !(0..=4).contains(&whence) {
            raise!(py, ValueError, "whence value {whence} unsupported");
        }
        Buffered::check_open(this, py, "seek of")?;
        IoBase::check_ability(py, raw, "seekable")?;
        let mut target = to_offset(py, target)?;
        if whence <= 1 && this.get(py).readable {
            let current = match this.get(py).abs_pos {
                Some(position) => position,
                None => Buffered::raw_tell(this, py)?,
            };
            let object = this.get_mut(py);
            let ahead = object.ahead();
            if ahead > 0 {
                let offset = if whence == 0 { target - (current - object.raw_offset()) } else { target };
                if offset >= -(object.pos as i64) && offset <= ahead as i64 {
                    let before = object.raw_offset();
                    object.pos = (object.pos as i64 + offset) as usize;
                    return Ok((current - before + offset).max(0));
                }
            }
        }
        Buffered::locked(this, py, |py| {
            if this.get(py).writable {
                Buffered::flush_writes(this, py)?;
            }
            if whence == 1 {
                target -= this.get(py).raw_offset();
            }
            let position = Buffered::raw_seek(this, py, target, whence)?;
            let object = this.get_mut(py);
            object.raw_pos = None;
            if object.readable {
                object.reset_read();
            }
            Ok(position)
        })
    }

    /// `truncate(pos)`
    pub fn truncate_to(this: Gc<Self>, py: &mut Py, pos: Value) -> Result {
        let raw = Buffered::raw(this, py)?;
        Buffered::check_open(this, py, "truncate of")?;
        if !this.get(py).writable {
            return Err(unsupported(py, "truncate"));
        }
        Buffered::locked(this, py, |py| {
            Buffered::flush_and_rewind(this, py)?;
            let size = call(py, raw, "truncate", &[pos])?;
            if Buffered::raw_tell(this, py).is_err() {
                py.clear_exception();
            }
            Ok(size)
        })
    }
}
