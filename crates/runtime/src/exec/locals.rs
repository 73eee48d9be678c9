//! `locals()`: the variables of a frame as a mapping.

use super::FrameView;
use crate::types::{Cell, Function};
use crate::{Py, Result};
use bredli_code::local_kind;
use bredli_heap::{Gc, Value};

impl Py {
    /// What `locals()` gives in a frame: its namespace, or a snapshot of its variables.
    pub fn frame_locals(&mut self, frame: FrameView) -> Result {
        let function = frame.function();
        if self.runs_in_namespace(function)
            && let Some(namespace) = frame.owner()
            && !self.is_generator_like(namespace)
        {
            return Ok(namespace);
        }
        self.locals_snapshot(function, |_, slot| frame.local(slot))
    }

    /// The variables of a frame object's frame, running or left.
    pub(crate) fn frame_object_locals(&mut self, frame: Gc<crate::types::Frame>) -> Result {
        let function = frame.get(self).function;
        match self.frame_view(frame) {
            Some(view) => self.frame_locals(view),
            None => self.locals_snapshot(function, |py, slot| frame.get(py).locals.get(slot).copied().flatten()),
        }
    }

    fn locals_snapshot(&mut self, function: Gc<Function>, local: impl Fn(&Py, usize) -> Option<Value>) -> Result {
        let code = function.get(self).code;
        let snapshot = self.new_dict();
        for slot in 0..code.get(self).code.localsplusnames.len() {
            let kinds = code.get(self).code.localspluskinds[slot];
            if kinds & local_kind::HIDDEN != 0 {
                continue;
            }
            let value: Option<Value> = match local(self, slot) {
                Some(cell) if kinds & (local_kind::CELL | local_kind::FREE) != 0 => match Gc::<Cell>::cast(self, cell) {
                    Some(cell) => cell.get(self).value,
                    None => Some(cell),
                },
                value => value,
            };
            if let Some(value) = value {
                let name = self.local_name(code, slot);
                self.dict_set_str(snapshot, name, value)?;
            }
        }
        Ok(snapshot.into())
    }

    /// The namespace of `builtins`.
    pub fn builtins_namespace(&self) -> Gc<crate::object::Dict> {
        self.builtins_dict
    }
}
