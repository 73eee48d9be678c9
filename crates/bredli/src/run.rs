//! Running what the configuration names: a command, a module, a file, a directory or archive, standard input.
//!
//! Counterpart: `pymain_run_python` in `Modules/main.c`.

use crate::interpreter::Interpreter;
use crate::shell;
use bredli_runtime::config::Run;
use bredli_runtime::prelude::*;
use bredli_runtime::{CompileMode, CompileRequest};
use bredli_stdlib::os_error::fs_decode;
use bredli_stdlib::report;

/// The flag of `compile` for a source that is text already (`PyCF_IGNORE_COOKIE`).
const IGNORE_COOKIE: u32 = 0x0800;

/// How a program came to its end when it did not run through.
pub(crate) enum Stop {
    /// An exception is set.
    Raised(Raised),
    /// This exit status; the reason has been written to standard error.
    Status(i32),
}

impl From<Raised> for Stop {
    fn from(raised: Raised) -> Stop {
        Stop::Raised(raised)
    }
}

impl Interpreter {
    /// Run what the configuration names as `__main__`; the process exit status.
    pub fn run(&mut self) -> i32 {
        self.finish(|py| {
            let outcome = run_configured(py);
            shell::after(py, outcome)
        })
    }
}

/// Run what the configuration names.
fn run_configured(py: &mut Py) -> std::result::Result<(), Stop> {
    let config = py.config.clone();
    match &config.run {
        Run::Command(text) => {
            add_first_path(py, b"")?;
            run_command(py, text)?;
        }
        Run::Module(name) => {
            let directory = py.host.getcwd().unwrap_or_default();
            add_first_path(py, &directory)?;
            let name = fs_decode(py, name);
            run_module(py, name.into(), true)?;
        }
        Run::File(path) => run_path(py, path)?,
        Run::Stdin => {
            add_first_path(py, b"")?;
            set_loader(py, "BuiltinImporter", None)?;
            if shell::stdin_is_interactive(py) {
                return shell::start(py);
            }
            let source = read_all(py, 0).unwrap_or_default();
            let name = py.new_str("<stdin>");
            run_source(py, &source, name)?;
        }
    }
    Ok(())
}

/// Put the program's directory at the front of `sys.path`.
fn add_first_path(py: &mut Py, directory: &[u8]) -> Result<()> {
    if py.config.safe_path {
        return Ok(());
    }
    insert_path(py, directory)
}

fn insert_path(py: &mut Py, directory: &[u8]) -> Result<()> {
    let name = py.intern("path");
    let path = py.sys_attribute(name)?;
    let directory = fs_decode(py, directory);
    py.call_method_named(path, "insert", &[Value::small(0), directory.into()])?;
    Ok(())
}

fn run_command(py: &mut Py, text: &[u8]) -> Result<()> {
    let source = fs_decode(py, text);
    let text = match source.get(py).to_str() {
        Some(text) => dedented(text),
        None => {
            report::write_error(py, "Unable to decode the command from the command line:\n");
            return Err(py.surrogates_not_allowed(source));
        }
    };
    let source = py.new_str(&text);
    let request = CompileRequest {
        source: text.as_bytes(),
        filename: "<string>",
        mode: CompileMode::Exec,
        flags: IGNORE_COOKIE,
        optimize: py.optimize,
        feature_version: -1,
    };
    let code = py.frontend()?.compile(py, request)?;
    let code = py.new_code(code.into());
    let linecache = py.import_module("linecache")?;
    let filename = py.new_str("<string>");
    py.call_method_named(linecache, "_register_code", &[code.into(), source.into(), filename.into()])?;
    set_loader(py, "BuiltinImporter", None)?;
    py.run_main(code)?;
    Ok(())
}

/// A command without the indentation that all its lines have; a line of nothing but blanks becomes empty.
fn dedented(text: &str) -> String {
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut lines = text.split('\n').filter(|line| indentation(line) < line.len());
    let Some(first) = lines.next() else { return "\n".repeat(text.matches('\n').count()) };
    let common = |margin: &str, line: &str| margin.bytes().zip(line.bytes()).take_while(|(a, b)| a == b).count();
    let margin = lines.fold(&first[..indentation(first)], |margin, line| &margin[..common(margin, line)]);
    let dedent = |line: &'_ str| if indentation(line) < line.len() { line[margin.len()..].to_owned() } else { String::new() };
    text.split('\n').map(dedent).collect::<Vec<_>>().join("\n")
}

/// `runpy._run_module_as_main`
fn run_module(py: &mut Py, name: Value, set_argv0: bool) -> Result<()> {
    set_loader(py, "BuiltinImporter", None)?;
    let runpy = py.import_module("runpy")?;
    py.call_method_named(runpy, "_run_module_as_main", &[name, Value::bool(set_argv0)])?;
    Ok(())
}

/// Run a file, or the `__main__` of a directory or archive.
fn run_path(py: &mut Py, path: &[u8]) -> std::result::Result<(), Stop> {
    let path = &absolute(py, path)[..];
    let shown = fs_decode(py, path);
    let bootstrap = py.import_module("_frozen_importlib_external")?;
    let finder = py.get_attr_named(bootstrap, "PathFinder")?;
    let importer = py.call_method_named(finder, "_path_importer_cache", &[shown.into()])?;
    if !importer.is_none() {
        insert_path(py, path)?;
        let main = py.names.__main__;
        return Ok(run_module(py, main.into(), false)?);
    }
    let directory = match py.host.realpath(path) {
        Ok(real) => parent(&real).to_vec(),
        Err(_) => parent(path).to_vec(),
    };
    add_first_path(py, &directory)?;
    let program = String::from_utf8_lossy(&py.config.program_name).into_owned();
    let opened = py.host.open(path, O_CLOEXEC, 0, None);
    let fd = match opened {
        Ok(fd) => fd,
        Err(error) => {
            let text = format!("{program}: can't open file '{}': [Errno {}] {}\n", shown.get(py).escaped(), error.errno, error.message());
            let _ = py.host.write(2, text.as_bytes());
            return Err(Stop::Status(2));
        }
    };
    let source = read_all(py, fd);
    let _ = py.host.close(fd);
    let source = match source {
        Ok(source) => source,
        Err(error) if error.errno == EISDIR => {
            let text = format!("{program}: '{}' is a directory, cannot continue\n", shown.get(py).escaped());
            let _ = py.host.write(2, text.as_bytes());
            return Err(Stop::Status(1));
        }
        Err(error) => return Err(bredli_stdlib::os_error::os_error(py, error, Some(shown.into()), None).into()),
    };
    if path.ends_with(b".pyc") {
        set_loader(py, "SourcelessFileLoader", Some(shown.into()))?;
        return Ok(run_compiled(py, shown.into(), &source)?);
    }
    set_loader(py, "SourceFileLoader", Some(shown.into()))?;
    Ok(run_source(py, &source, shown)?)
}

const O_CLOEXEC: i32 = 0x80000;
const EISDIR: i32 = 21;

/// Run source bytes, whose encoding they declare themselves, as `__main__`.
pub(crate) fn run_source(py: &mut Py, source: &[u8], filename: Gc<Str>) -> Result<()> {
    let shown = filename.get(py).lossy();
    let request = CompileRequest {
        source: skipped(py, source),
        filename: &shown,
        mode: CompileMode::Exec,
        flags: 0,
        optimize: py.optimize,
        feature_version: -1,
    };
    let code = py.frontend()?.compile(py, request)?;
    let code = py.new_code(code.into());
    if filename.get(py).to_str().is_none() {
        let filename = bredli_text::Wtf8Buf::from_bytes(filename.get(py).bytes().to_vec()).unwrap_or_default();
        py.rename_code(code, &filename)?;
    }
    let main = py.main_namespace()?;
    let (file, cached) = (py.names.__file__, py.intern("__cached__"));
    py.dict_set_str(main, file, filename.into())?;
    py.dict_set_str(main, cached, Value::NONE)?;
    py.run_main(code)?;
    Ok(())
}

/// What of a source is run: with `-x`, its first line is empty.
fn skipped<'a>(py: &Py, source: &'a [u8]) -> &'a [u8] {
    match source.iter().position(|byte| *byte == b'\n') {
        Some(end) if py.config.skip_source_first_line => &source[end..],
        None if py.config.skip_source_first_line => &[],
        _ => source,
    }
}

/// Run the code object in a `.pyc` file as `__main__`.
fn run_compiled(py: &mut Py, filename: Value, data: &[u8]) -> Result<()> {
    const HEADER: usize = 16;
    let bootstrap = py.import_module("_frozen_importlib_external")?;
    let magic = py.get_attr_named(bootstrap, "MAGIC_NUMBER")?;
    let magic = py.bytes_like(magic).unwrap_or_default();
    if data.len() < HEADER || data[..4] != magic {
        raise!(py, RuntimeError, "Bad magic number in .pyc file");
    }
    let marshal = py.import_module("marshal")?;
    let body = py.new_bytes(&data[HEADER..]);
    let code = py.call_method_named(marshal, "loads", &[body.into()])?;
    let Some(code) = Gc::<bredli_runtime::types::Code>::cast(py, code) else { raise!(py, RuntimeError, "Bad code object in .pyc file") };
    let main = py.main_namespace()?;
    let (file, cached) = (py.names.__file__, py.intern("__cached__"));
    py.dict_set_str(main, file, filename)?;
    py.dict_set_str(main, cached, Value::NONE)?;
    py.run_main(code)?;
    Ok(())
}

/// Set `__main__.__loader__`: a class of the import system, or its instance for a file.
fn set_loader(py: &mut Py, class: &str, filename: Option<Value>) -> Result<()> {
    let main = py.main_namespace()?;
    let loader = match filename {
        None => {
            let bootstrap = py.import_module("_frozen_importlib")?;
            py.get_attr_named(bootstrap, class)?
        }
        Some(filename) => {
            let bootstrap = py.import_module("_frozen_importlib_external")?;
            let class = py.get_attr_named(bootstrap, class)?;
            let name = py.names.__main__;
            py.call(class, &[name.into(), filename])?
        }
    };
    let key = py.names.__loader__;
    py.dict_set_str(main, key, loader)?;
    Ok(())
}

fn absolute(py: &Py, path: &[u8]) -> Vec<u8> {
    if path.starts_with(b"/") {
        return path.to_vec();
    }
    let path = path.strip_prefix(b"./").unwrap_or(path);
    match py.host.getcwd() {
        Ok(directory) => [directory.as_slice(), if directory.ends_with(b"/") { b"" } else { b"/" }, path].concat(),
        Err(_) => path.to_vec(),
    }
}

/// The directory that an absolute path is in.
fn parent(path: &[u8]) -> &[u8] {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(slash) if slash > 0 => &path[..slash],
        _ => b"/",
    }
}

/// What a file holds.
pub(crate) fn read_file(py: &Py, path: &[u8]) -> bredli_host::Result<Vec<u8>> {
    let fd = py.host.open(path, O_CLOEXEC, 0, None)?;
    let source = read_all(py, fd);
    let _ = py.host.close(fd);
    source
}

/// Everything that can be read from a descriptor.
fn read_all(py: &Py, fd: i32) -> bredli_host::Result<Vec<u8>> {
    let mut source = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match py.host.read(fd, &mut buffer) {
            Ok(0) => return Ok(source),
            Ok(count) => source.extend_from_slice(&buffer[..count]),
            Err(error) if error.is_interrupted() => {}
            Err(error) => return Err(error),
        }
    }
}
