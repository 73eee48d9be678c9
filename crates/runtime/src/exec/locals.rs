//! `locals()`: the variables of a frame as a mapping.

use super::FrameView;
use crate::types::Cell;
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
        let code = function.get(self).code;
        let snapshot = self.new_dict();
        for slot in 0..code.get(self).code.localsplusnames.len() {
            let kinds = code.get(self).code.localspluskinds[slot];
            if kinds & local_kind::HIDDEN != 0 {
                continue;
            }
            let value: Option<Value> = match frame.local(slot) {
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
