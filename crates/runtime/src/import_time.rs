//! What `-X importtime` shows: how long each import took, on standard error as it ends.
//!
//! Counterpart: `import_find_and_load` in `Python/import.c`.

use crate::object::Str;
use crate::{Py, Result};
use bredli_heap::{Gc, Value};

/// The imports that are under way.
#[derive(Default)]
pub(crate) struct ImportTimes {
    /// How many.
    level: usize,
    /// Nanoseconds spent in the imports that the innermost one has caused.
    inner: i64,
    shown: bool,
}

impl Py {
    /// Import a module and show how long it took.
    pub(crate) fn time_import(&mut self, name: Gc<Str>, import: impl FnOnce(&mut Py) -> Result<Value>) -> Result {
        if !std::mem::replace(&mut self.import_times.shown, true) {
            self.show_import_time("import time: self [us] | cumulative | imported package\n");
        }
        let outer = std::mem::take(&mut self.import_times.inner);
        self.import_times.level += 1;
        let start = self.host.monotonic_ns().unwrap_or(0);
        let module = import(self);
        let whole = self.host.monotonic_ns().unwrap_or(0) - start;
        self.import_times.level -= 1;
        let ImportTimes { level, inner, .. } = self.import_times;
        self.import_times.inner = outer + whole;
        let text = name.get(self).escaped();
        let (own, whole, indent) = ((whole - inner) / 1000, whole / 1000, level * 2);
        self.show_import_time(&format!("import time: {own:9} | {whole:10} | {:indent$}{text}\n", ""));
        module
    }

    /// Show that a module had been imported before.
    pub(crate) fn note_cached_import(&mut self, name: Gc<Str>) {
        let (text, width) = (name.get(self).escaped(), self.import_times.level * 2);
        self.show_import_time(&format!("import time: cached    | cached     | {text:>width$}\n"));
    }

    /// `sys.stderr` may not exist yet.
    fn show_import_time(&self, line: &str) {
        let _ = self.host.write(2, line.as_bytes());
    }
}
