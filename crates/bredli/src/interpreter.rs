//! `Interpreter`: one isolated Python.

use crate::Config;
use crate::frontend::Compiler;
use crate::library::BuiltIn;
use bredli_host::Host;
use bredli_num::HashKey;
use bredli_runtime::prelude::*;
use bredli_runtime::{CompileMode, CompileRequest, Frontend, Settings};
use std::sync::Arc;

/// Native stack an interpreter may use, in bytes: less than the usual 8 MiB of a main thread.
const NATIVE_STACK: usize = 7 << 20;

/// One isolated Python interpreter.
pub struct Interpreter {
    py: Box<Py>,
    config: Config,
}

impl Interpreter {
    /// Start an interpreter. None: start-up failed and the reason has been written to standard error.
    pub fn new(config: Config, host: Arc<dyn Host>) -> Option<Interpreter> {
        let mut seed = [0; 16];
        let hash_key = match config.hash_seed {
            crate::config::HashSeed::Fixed(seed) => HashKey::from_seed(seed),
            crate::config::HashSeed::Random => {
                let _ = host.entropy(&mut seed);
                HashKey::from_bytes(seed)
            }
        };
        let settings = Settings { host, hash_key, native_stack: NATIVE_STACK };
        let mut py = Py::new(settings).ok()?;
        py.frontend = Some(Arc::new(Compiler));
        py.library = Some(Arc::new(BuiltIn));
        if py.start_imports().is_err() {
            report(&mut py);
            return None;
        }
        Some(Interpreter { py, config })
    }

    /// What the interpreter was told.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Run source text as `__main__`; the process exit status.
    pub fn run_source(&mut self, source: &[u8], filename: &str) -> i32 {
        let py = &mut *self.py;
        let request = CompileRequest { source, filename, mode: CompileMode::Exec, flags: 0, optimize: py.optimize, feature_version: -1 };
        let outcome = match Compiler.compile(py, request) {
            Ok(code) => match py.new_code(&code) {
                Ok(code) => py.run_main(code),
                Err(raised) => Err(raised),
            },
            Err(raised) => Err(raised),
        };
        match outcome {
            Ok(_) => 0,
            Err(_) => {
                report(py);
                1
            }
        }
    }
}

/// Write the current exception to standard error in one line, for when nothing better can be done.
fn report(py: &mut Py) {
    let exception = py.take_exception();
    let class = py.class_name(exception);
    let text = match py.str_text(exception) {
        Ok(text) => text,
        Err(_) => "<unprintable>".to_string(),
    };
    let _ = py.host.write(2, format!("{class}: {text}\n").as_bytes());
}
