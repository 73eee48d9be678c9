//! The command line, as CPython's `config_parse_cmdline` reads it.
//!
//! Arguments only: what they mean together with the environment is decided in `configure`.

use bredli::config::{CheckHashPycs, Run};

use crate::options::{Information, LETTERS, usage_line};

/// The command line taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// What to run.
    pub run: Run,
    /// `sys.argv`.
    pub argv: Vec<Vec<u8>>,
    /// The program's own name and everything after it.
    pub all: Vec<Vec<u8>>,
    /// The option letters given, each as often as it was.
    letters: Vec<u8>,
    /// The values of `-W`.
    pub warn_options: Vec<Vec<u8>>,
    /// The values of `-X`.
    pub x_options: Vec<Vec<u8>>,
    /// `--check-hash-based-pycs`.
    pub check_hash_pycs: CheckHashPycs,
    /// `--stdlib`.
    pub stdlib: Option<Vec<u8>>,
}

impl Arguments {
    /// How often the option was given.
    pub fn count(&self, letter: char) -> u32 {
        self.letters.iter().filter(|given| char::from(**given) == letter).count() as u32
    }

    /// Whether the option was given.
    pub fn has(&self, letter: char) -> bool {
        self.count(letter) > 0
    }
}

/// What a command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Run a program.
    Run(Box<Arguments>),
    /// Print a text on standard output and exit with 0.
    Show(Information),
    /// Print a complaint on standard error and exit with 2.
    Complain(String),
}

/// What one argument in option position is.
enum Word<'a> {
    /// The options are over, and this argument is not one.
    Program,
    /// `--`: the options are over.
    End,
    Long(&'a [u8]),
    Letters(&'a [u8]),
}

fn classify(argument: &[u8]) -> Word<'_> {
    match argument {
        b"" | b"-" => Word::Program,
        b"--" => Word::End,
        [b'-', b'-', ..] => Word::Long(argument),
        [b'-', letters @ ..] => Word::Letters(letters),
        _ => Word::Program,
    }
}

/// Reads a whole command line, the program's name first.
pub fn parse(all: Vec<Vec<u8>>) -> Request {
    let program = program_name(&all);
    match Parser::new(all).parse() {
        Ok(request) => request,
        Err(complaint) => Request::Complain(format!("{complaint}\n{}Try `bredli -h' for more information.\n", usage_line(&program))),
    }
}

/// The program's name as help and complaints show it.
pub fn program_name(all: &[Vec<u8>]) -> String {
    all.first().map_or("bredli".into(), |name| String::from_utf8_lossy(name).into_owned())
}

struct Parser {
    arguments: Arguments,
    /// Where the next unread argument is.
    next: usize,
}

impl Parser {
    fn new(all: Vec<Vec<u8>>) -> Self {
        Parser { arguments: Arguments { all, ..Arguments::default() }, next: 1 }
    }

    fn parse(mut self) -> Result<Request, String> {
        while let Some(argument) = self.arguments.all.get(self.next).cloned() {
            let ended = match classify(&argument) {
                Word::Program => break,
                Word::End => {
                    self.next += 1;
                    break;
                }
                Word::Long(name) => {
                    self.next += 1;
                    self.long(name)?
                }
                Word::Letters(letters) => {
                    self.next += 1;
                    self.letters(letters)?
                }
            };
            match ended {
                Ended::No => {}
                Ended::Program => return Ok(self.finish()),
                Ended::Show(information) => return Ok(Request::Show(information)),
            }
        }
        if let Some(name) = self.take() {
            self.arguments.argv.push(name.clone());
            self.arguments.run = if name == b"-" { Run::Stdin } else { Run::File(name) };
        } else {
            self.arguments.argv.push(Vec::new());
        }
        Ok(self.finish())
    }

    fn finish(mut self) -> Request {
        match self.arguments.count('V') {
            0 => {}
            1 => return Request::Show(Information::Version),
            _ => return Request::Show(Information::FullVersion),
        }
        self.arguments.argv.extend_from_slice(&self.arguments.all[self.next.min(self.arguments.all.len())..]);
        Request::Run(Box::new(self.arguments))
    }

    fn take(&mut self) -> Option<Vec<u8>> {
        let argument = self.arguments.all.get(self.next).cloned();
        self.next += usize::from(argument.is_some());
        argument
    }

    fn long(&mut self, name: &[u8]) -> Result<Ended, String> {
        Ok(match name {
            b"--help" => Ended::Show(Information::Usage),
            b"--help-env" => Ended::Show(Information::Variables),
            b"--help-xoptions" => Ended::Show(Information::XOptions),
            b"--help-all" => Ended::Show(Information::All),
            b"--version" => {
                self.arguments.letters.push(b'V');
                Ended::No
            }
            b"--check-hash-based-pycs" => {
                self.arguments.check_hash_pycs = match self.long_value(name)?.as_slice() {
                    b"default" => CheckHashPycs::Default,
                    b"always" => CheckHashPycs::Always,
                    b"never" => CheckHashPycs::Never,
                    _ => return Err("--check-hash-based-pycs must be one of 'default', 'always', or 'never'".to_owned()),
                };
                Ended::No
            }
            b"--stdlib" => {
                self.arguments.stdlib = Some(self.long_value(name)?);
                Ended::No
            }
            _ => return Err(format!("Unknown option: {}", String::from_utf8_lossy(name))),
        })
    }

    fn long_value(&mut self, name: &[u8]) -> Result<Vec<u8>, String> {
        self.take().ok_or_else(|| format!("Argument expected for the {} options", String::from_utf8_lossy(name)))
    }

    fn letters(&mut self, letters: &[u8]) -> Result<Ended, String> {
        for (place, &letter) in letters.iter().enumerate() {
            let Some(known) = LETTERS.iter().find(|known| known.letter == letter) else {
                // The rest may be one character of several bytes.
                let shown = String::from_utf8_lossy(&letters[place..]).chars().next().unwrap_or_default();
                return Err(format!("Unknown option: -{shown}"));
            };
            if known.argument.is_some() {
                let rest = &letters[place + 1..];
                let value = if rest.is_empty() { self.take() } else { Some(rest.to_vec()) };
                let value = value.ok_or_else(|| format!("Argument expected for the -{} option", letter as char))?;
                return Ok(self.valued(letter, value));
            }
            if letter == b'h' || letter == b'?' {
                return Ok(Ended::Show(Information::Usage));
            }
            self.arguments.letters.push(letter);
        }
        Ok(Ended::No)
    }

    fn valued(&mut self, letter: u8, mut value: Vec<u8>) -> Ended {
        match letter {
            b'W' => self.arguments.warn_options.push(value),
            b'X' => self.arguments.x_options.push(value),
            b'c' => {
                value.push(b'\n');
                self.arguments.run = Run::Command(value);
                self.arguments.argv.push(b"-c".to_vec());
                return Ended::Program;
            }
            _ => {
                self.arguments.run = Run::Module(value);
                self.arguments.argv.push(b"-m".to_vec());
                return Ended::Program;
            }
        }
        Ended::No
    }
}

/// Whether an option ended the reading of options, and how.
enum Ended {
    No,
    /// `-c` or `-m`: the rest belongs to the program.
    Program,
    Show(Information),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(line: &[&str]) -> Request {
        parse(["bredli"].iter().chain(line).map(|word| word.as_bytes().to_vec()).collect())
    }

    fn run(line: &[&str]) -> Arguments {
        match request(line) {
            Request::Run(arguments) => *arguments,
            other => panic!("{line:?} gives {other:?}"),
        }
    }

    fn complaint(line: &[&str]) -> String {
        match request(line) {
            Request::Complain(text) => text.lines().next().unwrap_or_default().to_owned(),
            other => panic!("{line:?} gives {other:?}"),
        }
    }

    fn argv(arguments: &Arguments) -> Vec<&str> {
        arguments.argv.iter().map(|argument| std::str::from_utf8(argument).expect("text")).collect()
    }

    #[test]
    fn programs() {
        let command = run(&["-Ocpass", "-x", "--", "a"]);
        assert_eq!(command.run, Run::Command(b"pass\n".to_vec()));
        assert_eq!(argv(&command), ["-c", "-x", "--", "a"]);
        assert_eq!((command.count('O'), command.has('x')), (1, false));
        let module = run(&["-m", "this", "-h"]);
        assert_eq!((module.run.clone(), argv(&module)), (Run::Module(b"this".to_vec()), vec!["-m", "-h"]));
        let file = run(&["--", "-c", "1"]);
        assert_eq!((file.run.clone(), argv(&file)), (Run::File(b"-c".to_vec()), vec!["-c", "1"]));
        assert_eq!(argv(&run(&["-", "a"])), ["-", "a"]);
        assert_eq!(argv(&run(&[])), [""]);
        assert_eq!(run(&["", "a"]).run, Run::File(Vec::new()));
    }

    #[test]
    fn options() {
        let arguments = run(&["-bb", "-OO", "-O", "-Xdev", "-X", "utf8=1", "-Werror", "-vIv", "--check-hash-based-pycs", "never", "f"]);
        assert_eq!((arguments.count('b'), arguments.count('O'), arguments.count('v')), (2, 3, 2));
        assert_eq!(arguments.x_options, [b"dev".to_vec(), b"utf8=1".to_vec()]);
        assert_eq!(arguments.warn_options, [b"error".to_vec()]);
        assert!(arguments.has('I'));
        assert_eq!(arguments.check_hash_pycs, CheckHashPycs::Never);
    }

    #[test]
    fn information() {
        for (line, information) in [
            (&["-Vh"][..], Information::Usage),
            (&["-h", "-j"], Information::Usage),
            (&["--help-env", "--help-xoptions"], Information::Variables),
            (&["-V", "--version"], Information::FullVersion),
            (&["-V", "-c", "pass"], Information::Version),
        ] {
            assert_eq!(request(line), Request::Show(information), "{line:?}");
        }
    }

    #[test]
    fn complaints() {
        assert_eq!(complaint(&["-j"]), "Unknown option: -j");
        assert_eq!(complaint(&["-V", "-j"]), "Unknown option: -j");
        assert_eq!(complaint(&["-\u{e9}"]), "Unknown option: -\u{e9}");
        assert_eq!(complaint(&["--foo=1"]), "Unknown option: --foo=1");
        assert_eq!(complaint(&["-W"]), "Argument expected for the -W option");
        assert_eq!(complaint(&["--check-hash-based-pycs"]), "Argument expected for the --check-hash-based-pycs options");
        assert_eq!(complaint(&["--check-hash-based-pycs", "x"]), "--check-hash-based-pycs must be one of 'default', 'always', or 'never'");
    }
}
