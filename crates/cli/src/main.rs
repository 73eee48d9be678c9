//! The command `bredli`.
#![cfg_attr(not(test), no_main)]

mod args;
mod configure;
mod locale;
mod options;

use bredli::host::{Disposition, Environment, Files, Signals, SystemHost};
use bredli::{Config, Interpreter};
use std::sync::Arc;

use crate::args::{Request, parse, program_name};
use crate::configure::configure;

const SIGINT: i32 = 2;

bredli::host::entry!(start);

/// Do what the command line asks for; the exit status.
fn start() -> u8 {
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
    status
}

fn run(config: Config, host: SystemHost) -> u8 {
    let host = Arc::new(host);
    let Some(mut interpreter) = Interpreter::new(config, host.clone()) else { return 1 };
    interpreter.install_signal_handlers();
    let status = interpreter.run();
    if interpreter.was_interrupted() {
        // Whoever started this process is to see that SIGINT ended it.
        let _ = host.set_disposition(SIGINT, Disposition::Default);
        let _ = host.raise_signal(SIGINT);
    }
    // The operating system takes everything back at once.
    std::mem::forget(interpreter);
    status as u8
}
