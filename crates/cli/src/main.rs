//! The command `bredli`.

mod args;
mod configure;
mod locale;
mod options;

use bredli::host::{Environment, Files, SystemHost};

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
            Ok(_) => (2, format!("{program}: this build has no interpreter\n"), 1),
            Err(fatal) => (2, fatal.text(), 1),
        },
    };
    let _ = host.write(fd, text.as_bytes());
    std::process::ExitCode::from(status)
}
