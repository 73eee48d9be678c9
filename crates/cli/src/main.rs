//! The command `bredli`.

mod args;
mod configure;
mod locale;
mod options;

use bredli::host::{Environment, Files, SystemHost};
use bredli::{Config, Interpreter};
use std::process::ExitCode;
use std::sync::Arc;

use crate::args::{Request, parse, program_name};
use crate::configure::configure;

fn main() -> std::process::ExitCode {
    let host = SystemHost::new();
    let all = host.arguments().unwrap_or_default();
    let program = program_name(&all);
    let (fd, text, status) = match parse(all) {
        Request::Show(information) => (1, information.text(&program), 0),
        Request::Complain(text) => (2, text, 2),
        Request::Run(arguments) => match configure(&arguments, &host) {
            Ok(config) => return run(config, host),
            Err(fatal) => (2, fatal.text(), 1),
        },
    };
    let _ = host.write(fd, text.as_bytes());
    std::process::ExitCode::from(status)
}

/// Run what the command line asks for.
fn run(config: Config, host: SystemHost) -> ExitCode {
    match Interpreter::new(config, Arc::new(host)) {
        Some(mut interpreter) => ExitCode::from(interpreter.run() as u8),
        None => ExitCode::from(1),
    }
}
