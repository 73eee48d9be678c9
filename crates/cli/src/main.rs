//! The command `bredli`.

mod args;
mod configure;
mod locale;
mod options;

use bredli::config::Run;
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
    let what = config.run.clone();
    let host = Arc::new(host);
    let Some(mut interpreter) = Interpreter::new(config, host.clone()) else { return ExitCode::from(1) };
    let status = match what {
        Run::Command(text) => interpreter.run_source(&text, "<string>"),
        Run::File(path) => {
            let name = String::from_utf8_lossy(&path).into_owned();
            match read(&host, &path) {
                Ok(source) => interpreter.run_source(&source, &name),
                Err(error) => {
                    let text = format!("bredli: can't open file '{name}': [Errno {}] {}\n", error.errno, error.message());
                    let _ = host.write(2, text.as_bytes());
                    2
                }
            }
        }
        Run::Module(_) | Run::Stdin => {
            let _ = host.write(2, b"bredli: -m and interactive input are not there yet\n");
            1
        }
    };
    ExitCode::from(status as u8)
}

/// The bytes of a file.
fn read(host: &SystemHost, path: &[u8]) -> bredli::host::Result<Vec<u8>> {
    let fd = host.open(path, 0, 0, None)?;
    let mut source = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match host.read(fd, &mut buffer) {
            Ok(0) => break,
            Ok(count) => source.extend_from_slice(&buffer[..count]),
            Err(error) => {
                let _ = host.close(fd);
                return Err(error);
            }
        }
    }
    host.close(fd)?;
    Ok(source)
}
