//! Which files are embedded, under which names.

use std::fs;
use std::path::Path;

use crate::opcode_metadata;

/// The directory that file names of embedded code objects are in; `src/lib.rs` has the same.
pub const DIRECTORY: &str = "/<stdlib>";

/// The modules that CPython freezes: their code objects are named after the module, so that tracebacks are the same.
const FROZEN_NAMES: &[&str] = &[
    "_collections_abc",
    "_embeddedimport",
    "_sitebuiltins",
    "abc",
    "codecs",
    "genericpath",
    "importlib._bootstrap",
    "importlib._bootstrap_external",
    "importlib.machinery",
    "importlib.util",
    "io",
    "ntpath",
    "os",
    "posixpath",
    "runpy",
    "site",
    "stat",
    "zipimport",
];

/// Modules and packages that are left out: GUI programs, tests, and parts that only RustPython uses.
const EXCLUDED_MODULES: &[&str] =
    &["_dummy_os", "_dummy_thread", "_pycodecs", "dummy_threading", "idlelib", "lib2to3", "tkinter", "turtledemo"];

/// Directories that are left out wherever they are.
const EXCLUDED_DIRECTORIES: &[&str] = &["__pycache__", "_bundled", "idle_test", "nt", "test", "tests"];

/// The data files that modules read.
const DATA: &[&str] = &["PSF-LICENSE", "pydoc_data/", "venv/scripts/"];

/// The modules that programs usually import, those of a mere start in front. Their code lies together: what is read of the binary
/// takes memory by the page, and pages around it come along.
const USUAL_NAMES: &[&str] = &[
    "importlib._bootstrap",
    "importlib._bootstrap_external",
    "_embeddedimport",
    "zipimport",
    "abc",
    "stat",
    "_collections_abc",
    "genericpath",
    "posixpath",
    "os",
    "_sitebuiltins",
    "site",
    "linecache",
    "codecs",
    "encodings",
    "encodings.aliases",
    "io",
    "types",
    "collections",
    "collections.abc",
    "keyword",
    "operator",
    "reprlib",
    "functools",
    "copyreg",
    "enum",
    "re",
    "re._constants",
    "re._parser",
    "re._casefix",
    "re._compiler",
    "importlib",
    "importlib.machinery",
    "_weakrefset",
    "weakref",
    "copy",
    "warnings",
    "_py_warnings",
    "contextlib",
    "textwrap",
    "_colorize",
    "__future__",
    "codeop",
    "token",
    "tokenize",
    "traceback",
    "string",
    "heapq",
    "bisect",
    "random",
    "struct",
    "threading",
    "json",
    "json.decoder",
    "json.scanner",
    "json.encoder",
    "typing",
    "inspect",
    "dataclasses",
    "argparse",
];

/// Texts by which the sources name the implementation that they come with, and what they are replaced by. Each must be there.
const REPLACEMENTS: &[(&str, &str, &str)] = &[
    ("site.py", "'RustPython'", "'Python'"),
    ("site.py", "/lib/rustpython{", "/lib/python{"),
    ("sysconfig/__init__.py", "'RustPython'", "'Python'"),
];

/// What a file is.
pub enum Kind {
    Module { name: String, is_package: bool },
    Data,
}

/// A file to embed.
pub struct File {
    /// The path within the library, with slashes.
    pub path: String,
    pub kind: Kind,
    pub bytes: Vec<u8>,
}

impl File {
    /// Whether it is a module that CPython freezes.
    pub fn is_frozen(&self) -> bool {
        matches!(&self.kind, Kind::Module { name, .. } if FROZEN_NAMES.contains(&name.as_str()))
    }

    /// Its place among the modules that programs usually import; behind them all for others.
    fn usual_place(&self) -> usize {
        let Kind::Module { name, .. } = &self.kind else { return USUAL_NAMES.len() };
        USUAL_NAMES.iter().position(|usual| usual == name).unwrap_or(USUAL_NAMES.len())
    }
}

/// The files of a library directory, some of them replaced by overrides: those that programs usually import, then the others sorted by
/// path.
pub fn collect(library: &Path, overrides: &Path) -> Vec<File> {
    let mut files = Vec::new();
    walk(library, "", &mut files);
    let mut replaced = Vec::new();
    walk(overrides, "", &mut replaced);
    replaced.push(File {
        path: "_opcode_metadata.py".to_owned(),
        kind: module("_opcode_metadata.py").expect("a module"),
        bytes: opcode_metadata::source().into_bytes(),
    });
    files.retain(|file| !replaced.iter().any(|other| other.path == file.path));
    for (path, from, to) in REPLACEMENTS {
        let file = files.iter_mut().find(|file| file.path == *path).unwrap_or_else(|| panic!("{path} is missing"));
        let text = String::from_utf8(std::mem::take(&mut file.bytes)).unwrap_or_else(|_| panic!("{path} is not UTF-8"));
        assert!(text.contains(from), "{path} has no {from}");
        file.bytes = text.replace(from, to).into_bytes();
    }
    files.extend(replaced);
    files.sort_by(|a, b| a.usual_place().cmp(&b.usual_place()).then_with(|| a.path.cmp(&b.path)));
    files
}

fn walk(directory: &Path, prefix: &str, files: &mut Vec<File>) {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    for entry in entries {
        let entry = entry.expect("a directory entry");
        let name = entry.file_name().into_string().expect("names in the library are UTF-8");
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            if !EXCLUDED_DIRECTORIES.contains(&name.as_str()) && !EXCLUDED_MODULES.contains(&path.as_str()) {
                walk(&entry.path(), &format!("{path}/"), files);
            }
            continue;
        }
        let kind = match module(&path) {
            Some(Kind::Module { name, .. }) if EXCLUDED_MODULES.contains(&name.as_str()) => continue,
            Some(kind) => kind,
            None if DATA.iter().any(|data| path.starts_with(data)) => Kind::Data,
            None => continue,
        };
        let bytes = fs::read(entry.path()).unwrap_or_else(|error| panic!("{path}: {error}"));
        files.push(File { path, kind, bytes });
    }
}

/// The module in a file, when its name is that of one.
fn module(path: &str) -> Option<Kind> {
    let stem = path.strip_suffix(".py")?;
    let (stem, is_package) = stem.strip_suffix("/__init__").map_or((stem, false), |package| (package, true));
    Some(Kind::Module { name: stem.replace('/', "."), is_package })
}
