//! Where the interpreter and its library are: `sys.prefix`, `sys.path` and their like.
//!
//! The library is inside the binary, under a directory that exists for the import system only, unless the configuration names one on
//! disk. Counterpart: `Modules/getpath.py`.

use crate::os_error::fs_decode;
use bredli_host::Host;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

/// The directories an installation consists of.
struct Prefixes {
    /// `sys.prefix`: the virtual environment's directory, if the program is in one.
    prefix: Vec<u8>,
    /// `sys.base_prefix`
    base: Vec<u8>,
    /// The program that the virtual environment was made from.
    base_executable: Vec<u8>,
}

/// Set the paths of the module.
pub fn add_all(py: &mut Py, module: Gc<Module>) -> Result<()> {
    let config = py.config.clone();
    let prefixes = prefixes(&*py.host, &config);
    let library = py.library()?;
    let stdlib = config.stdlib.clone().unwrap_or_else(|| library.directory().as_bytes().to_vec());
    for (name, path) in [
        ("executable", &config.executable),
        ("_base_executable", &prefixes.base_executable),
        ("prefix", &prefixes.prefix),
        ("exec_prefix", &prefixes.prefix),
        ("base_prefix", &prefixes.base),
        ("base_exec_prefix", &prefixes.base),
        ("platlibdir", &config.platlibdir),
        ("_stdlib_dir", &stdlib),
    ] {
        let path = fs_decode(py, path);
        py.module_set(module, name, path.into())?;
    }
    let prefix = match &config.pycache_prefix {
        Some(prefix) => fs_decode(py, prefix).into(),
        None => Value::NONE,
    };
    py.module_set(module, "pycache_prefix", prefix)?;
    py.module_set(module, "_home", Value::NONE)?;
    let mut path = RootVec::new(&mut py.heap);
    let variable = config.python_path.iter().flat_map(|list| list.split(|byte| *byte == b':'));
    for entry in variable.chain([stdlib.as_slice()]) {
        let entry = fs_decode(py, entry);
        path.push(entry.into());
    }
    let path = py.new_list(&path)?;
    py.module_set(module, "path", path.into())
}

fn prefixes(host: &dyn Host, config: &bredli_runtime::Config) -> Prefixes {
    let directory = parent(&config.executable);
    let environment = [directory, parent(directory)].into_iter().find_map(|place| {
        let text = read_file(host, &[place, b"/pyvenv.cfg"].concat())?;
        Some((place.to_vec(), home(&text)?))
    });
    let home = config.home.as_ref().map(|home| home.split(|byte| *byte == b':').next().unwrap_or_default().to_vec());
    let (prefix, bin) = match environment {
        Some((place, bin)) => (Some(place), bin),
        None => (None, directory.to_vec()),
    };
    let base = home.unwrap_or_else(|| parent(&bin).to_vec());
    let name = &config.executable[config.executable.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1)..];
    let base_executable = if prefix.is_some() { [&bin, b"/".as_slice(), name].concat() } else { config.executable.clone() };
    Prefixes { prefix: prefix.unwrap_or_else(|| base.clone()), base, base_executable }
}

/// The directory that a path is in.
fn parent(path: &[u8]) -> &[u8] {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(0) if path.len() > 1 => b"/",
        Some(slash) => &path[..slash],
        None => b"",
    }
}

/// The value of `home` in a `pyvenv.cfg`.
fn home(text: &[u8]) -> Option<Vec<u8>> {
    text.split(|byte| *byte == b'\n').find_map(|line| {
        let equals = line.iter().position(|byte| *byte == b'=')?;
        let (key, value) = (line[..equals].trim_ascii(), line[equals + 1..].trim_ascii());
        key.eq_ignore_ascii_case(b"home").then(|| value.to_vec())
    })
}

/// A small file's bytes.
fn read_file(host: &dyn Host, path: &[u8]) -> Option<Vec<u8>> {
    let fd = host.open(path, 0, 0, None).ok()?;
    let mut bytes = vec![0; 1 << 14];
    let length = host.read(fd, &mut bytes);
    let _ = host.close(fd);
    bytes.truncate(length.ok()?);
    Some(bytes)
}
