//! The embedded pure-Python standard library: code objects, sources and data files by name.
//!
//! Everything is static data that is looked up in place; nothing happens at start-up. Sources and data files are compressed.
#![forbid(unsafe_code)]

use miniz_oxide::inflate::decompress_to_vec;

/// The directory that the file names of embedded code objects are in. No such directory exists.
pub const DIRECTORY: &str = "/<stdlib>";

static CODE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/code.bin"));
static TEXT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/text.bin"));

include!(concat!(env!("OUT_DIR"), "/index.rs"));

/// Where a piece is in its blob: the offset and the length.
type Piece = (usize, usize);

/// A compressed text and the size it had.
#[derive(Debug)]
struct Text {
    piece: Piece,
    size: usize,
}

struct ModuleEntry {
    name: &'static str,
    is_package: bool,
    path: &'static str,
    code: Piece,
    source: Text,
}

struct DataEntry {
    path: &'static str,
    text: Text,
}

/// An embedded module.
#[derive(Clone, Copy, Debug)]
pub struct Module {
    /// The full name.
    pub name: &'static str,
    /// Whether it is a package.
    pub is_package: bool,
    /// The path of its source within the library, like `json/__init__.py`; its `co_filename` has `DIRECTORY` before that.
    pub path: &'static str,
    /// The image of its code object, see `bredli_code::marshal`.
    pub code: &'static [u8],
    source: &'static Text,
}

impl Module {
    /// The bytes of the source file.
    pub fn source(&self) -> Vec<u8> {
        self.source.inflate()
    }

    /// The size of the source file in bytes.
    pub fn source_size(&self) -> usize {
        self.source.size
    }
}

impl From<&'static ModuleEntry> for Module {
    fn from(entry: &'static ModuleEntry) -> Module {
        let code = piece(CODE, entry.code);
        Module { name: entry.name, is_package: entry.is_package, path: entry.path, code, source: &entry.source }
    }
}

/// The module of this full name. Whatever platform follows in the name of `_sysconfigdata`, it is the same module.
pub fn find(name: &str) -> Option<Module> {
    let name = if name.starts_with("_sysconfigdata_") { "_sysconfigdata" } else { name };
    let index = MODULES.binary_search_by(|entry| entry.name.cmp(name)).ok()?;
    Some(Module::from(&MODULES[index]))
}

/// All modules, sorted by name.
pub fn modules() -> impl Iterator<Item = Module> {
    MODULES.iter().map(Module::from)
}

/// The contents of a data file, by its path within the library.
pub fn data(path: &str) -> Option<Vec<u8>> {
    data_text(path).map(Text::inflate)
}

/// The size of a data file in bytes.
pub fn data_size(path: &str) -> Option<usize> {
    data_text(path).map(|text| text.size)
}

fn data_text(path: &str) -> Option<&'static Text> {
    let index = DATA.binary_search_by(|entry| entry.path.cmp(path)).ok()?;
    Some(&DATA[index].text)
}

/// The paths of the data files, sorted.
pub fn data_paths() -> impl Iterator<Item = &'static str> {
    DATA.iter().map(|entry| entry.path)
}

fn piece(blob: &'static [u8], (start, length): Piece) -> &'static [u8] {
    &blob[start..start + length]
}

impl Text {
    fn inflate(&self) -> Vec<u8> {
        decompress_to_vec(piece(TEXT, self.piece)).expect("the build compressed it")
    }
}

#[cfg(test)]
mod tests {
    use super::{DIRECTORY, data, data_paths, data_size, find, modules};
    use bredli_code::marshal::read_image;
    use bredli_code::{CodeObject, Const};

    fn read_inner(code: &CodeObject) {
        for constant in &code.consts {
            if let Const::Code(inner) = constant {
                assert_eq!(inner.get().filename, code.filename);
                read_inner(inner);
            }
        }
    }

    #[test]
    fn every_module_can_be_read() {
        for module in modules() {
            let code = read_image(module.code).expect("a code object");
            read_inner(&code);
            let filename = code.filename.as_str().expect("text");
            assert!(filename == format!("{DIRECTORY}/{}", module.path) || filename == format!("<frozen {}>", module.name));
            assert_eq!(find(module.name).map(|found| found.path), Some(module.path));
        }
        assert!(find("json").is_some_and(|module| module.is_package && module.source().len() == module.source_size()));
        assert!(find("tkinter").is_none() && find("json.nothing").is_none());
    }

    #[test]
    fn overrides_replace_the_library() {
        assert_eq!(find("_sysconfigdata__linux_x86_64-linux-gnu").map(|module| module.name), Some("_sysconfigdata"));
        let source = find("site").expect("a module").source();
        assert!(!String::from_utf8_lossy(&source).contains("'RustPython'"));
    }

    #[test]
    fn data_files_are_there() {
        assert!(data("pydoc_data/_pydoc.css").is_some());
        assert!(data_paths().all(|path| data(path).map(|bytes| bytes.len()) == data_size(path)));
    }
}
