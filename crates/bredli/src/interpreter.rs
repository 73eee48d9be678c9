//! `Interpreter`: one isolated Python.

use crate::Config;
use crate::finish::{Ending, finish};
use crate::frontend::Compiler;
use crate::library::BuiltIn;
use crate::run::{Stop, run_source};
use bredli_host::{Host, OverlayHost};
use bredli_runtime::Settings;
use bredli_runtime::prelude::*;
use bredli_stdlib::io::start_standard_streams;
use bredli_stdlib::report;
use std::sync::Arc;

/// Native stack an interpreter may use, in bytes: less than the usual 8 MiB of a main thread.
const NATIVE_STACK: usize = 7 << 20;
/// Native stack that is kept from Python code: for what runs outside of its checks.
const RESERVE: usize = 256 << 10;

/// One isolated Python interpreter.
pub struct Interpreter {
    /// There until it is dropped.
    py: Option<Box<Py>>,
    interrupted: bool,
}

impl Interpreter {
    /// Start an interpreter. None: start-up failed and the reason has been written to standard error.
    pub fn new(config: Config, host: Arc<dyn Host>) -> Option<Interpreter> {
        let native_stack = host.native_stack().map_or(NATIVE_STACK, |left| left.saturating_sub(RESERVE).min(NATIVE_STACK));
        let host = Arc::new(OverlayHost::new(host, Box::new(BuiltIn)));
        let mut py = Py::new(Settings { host, config, native_stack }).ok()?;
        py.frontend = Some(Arc::new(Compiler));
        py.library = Some(Arc::new(BuiltIn));
        let started = py.enter(|py| {
            py.start_imports()?;
            start_standard_streams(py)?;
            let config = py.config.clone();
            if !config.warn_options.is_empty() {
                py.import_module("warnings")?;
            }
            if config.site_import {
                py.import_module("site")?;
            }
            Ok::<(), Raised>(())
        });
        if started.is_err() {
            py.enter(report_failed_start);
            return None;
        }
        py.start_is_over();
        Some(Interpreter { py: Some(py), interrupted: false })
    }

    fn py(&mut self) -> &mut Py {
        self.py.as_deref_mut().expect("the interpreter is there until it is dropped")
    }

    /// What the interpreter was told.
    pub fn config(&self) -> &Config {
        &self.py.as_deref().expect("the interpreter is there until it is dropped").config
    }

    /// Run source text as `__main__`; the process exit status.
    pub fn run_source(&mut self, source: &[u8], filename: &str) -> i32 {
        self.finish(|py| {
            let filename = py.new_str(filename);
            Ok(run_source(py, source, filename)?)
        })
    }

    /// Run a program, show how it failed, and bring the interpreter to its end; the process exit status.
    pub(crate) fn finish(&mut self, program: impl FnOnce(&mut Py) -> std::result::Result<(), Stop>) -> i32 {
        let (status, interrupted) = self.py().enter(|py| {
            let (status, interrupted) = match program(py) {
                Ok(()) => (0, false),
                Err(Stop::Status(status)) => (status, false),
                Err(Stop::Raised(_)) => {
                    let interrupted = py.exception_matches(py.exceptions.KeyboardInterrupt);
                    (report::uncaught(py), interrupted)
                }
            };
            let status = if finish(py) == Ending::Clean { status } else { 120 };
            (status, interrupted)
        });
        self.interrupted = interrupted;
        status
    }

    /// Whether the program ended with a KeyboardInterrupt, so that the process should end as if by SIGINT.
    pub fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    /// Do about signals what CPython does: SIGINT raises KeyboardInterrupt, SIGPIPE and SIGXFSZ are ignored.
    pub fn install_signal_handlers(&mut self) {
        let py = self.py();
        if py.enter(bredli_stdlib::signal::install).is_err() {
            py.enter(report_failed_start);
        }
    }
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        if self.py().close_threads() {
            // Daemon threads still know the interpreter's address, although they never run again.
            std::mem::forget(self.py.take());
        }
    }
}

/// Show why the interpreter does not start.
fn report_failed_start(py: &mut Py) {
    let exception = py.take_exception();
    report::show(py, exception);
}
