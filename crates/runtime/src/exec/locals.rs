//! `locals()`: the variables of a frame as a mapping.

use super::FrameView;
use crate::object::Dict;
use crate::types::Cell;
use crate::{Py, Result};
use bredli_heap::{Gc, Value};

impl Py {
    /// What `locals()` gives in a frame: its namespace, or a snapshot of its variables.
    pub fn frame_locals(&mut self, frame: FrameView) -> Result {
        let object = self.frame_object(frame);
        match object.get(self).namespace {
            Some(namespace) if !self.has_hidden_locals(object) => Ok(namespace),
            _ => self.frame_snapshot(object).map(Into::into),
        }
    }

    /// Show the values of all variables of running functions, modules and class bodies; of functions those that are local.
    pub(crate) fn visit_variables(&self, mut visit: impl FnMut(&Py, Value)) {
        let mut frame = self.current_frame();
        while let Some(view) = frame {
            let namespace = self.runs_in_namespace(view.function()).then(|| view.namespace(self));
            match namespace.and_then(|namespace| Gc::<Dict>::cast(self, namespace)) {
                Some(namespace) => {
                    namespace.get(self).entries().iter().filter_map(|entry| entry.value).for_each(|value| visit(self, value))
                }
                None => {
                    let code = view.function().get(self).code;
                    for slot in 0..code.get(self).code.localspluskinds.len() {
                        let value = view.local(slot).and_then(|value| match Gc::<Cell>::cast(self, value) {
                            Some(cell) => cell.get(self).value,
                            None => Some(value),
                        });
                        if let Some(value) = value {
                            visit(self, value);
                        }
                    }
                }
            }
            frame = view.caller(self);
        }
    }

    /// The namespace of `builtins`.
    pub fn builtins_namespace(&self) -> Gc<Dict> {
        self.builtins_dict
    }
}
