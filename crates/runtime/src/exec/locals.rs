//! `locals()`: the variables of a frame as a mapping.

use super::FrameView;
use crate::{Py, Result};
use bredli_heap::Gc;

impl Py {
    /// What `locals()` gives in a frame: its namespace, or a snapshot of its variables.
    pub fn frame_locals(&mut self, frame: FrameView) -> Result {
        let object = self.frame_object(frame);
        match object.get(self).namespace {
            Some(namespace) if !self.has_hidden_locals(object) => Ok(namespace),
            _ => self.frame_snapshot(object).map(Into::into),
        }
    }

    /// The namespace of `builtins`.
    pub fn builtins_namespace(&self) -> Gc<crate::object::Dict> {
        self.builtins_dict
    }
}
