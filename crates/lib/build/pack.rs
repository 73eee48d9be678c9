//! The pieces in two blobs, and the index of them as Rust source.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use miniz_oxide::deflate::compress_to_vec;

/// How hard to compress, of 10.
const LEVEL: u8 = 6;

/// What is embedded.
#[derive(Default)]
pub struct Pack {
    code: Vec<u8>,
    text: Vec<u8>,
    modules: Vec<(String, String)>,
    data: Vec<(String, String)>,
}

impl Pack {
    pub fn add_module(&mut self, name: &str, is_package: bool, path: &str, code: &[u8], source: &[u8]) {
        let start = self.code.len();
        self.code.extend(code);
        let text = self.add_text(source);
        let entry = format!(
            "ModuleEntry {{ name: {name:?}, is_package: {is_package}, path: {path:?}, code: ({start}, {}), source: {text} }}",
            code.len()
        );
        self.modules.push((name.to_owned(), entry));
    }

    pub fn add_data(&mut self, path: &str, bytes: &[u8]) {
        let text = self.add_text(bytes);
        self.data.push((path.to_owned(), format!("DataEntry {{ path: {path:?}, text: {text} }}")));
    }

    fn add_text(&mut self, bytes: &[u8]) -> String {
        let compressed = compress_to_vec(bytes, LEVEL);
        let start = self.text.len();
        self.text.extend(&compressed);
        format!("Text {{ piece: ({start}, {}), size: {} }}", compressed.len(), bytes.len())
    }

    /// Writes the blobs and the index, sorted by name.
    pub fn write(mut self, directory: &Path) {
        let mut index = String::new();
        self.modules.sort();
        self.data.sort();
        for (name, element, entries) in [("MODULES", "ModuleEntry", &self.modules), ("DATA", "DataEntry", &self.data)] {
            let _ = writeln!(index, "static {name}: [{element}; {}] = [", entries.len());
            for (_, entry) in entries {
                let _ = writeln!(index, "    {entry},");
            }
            index.push_str("];\n");
        }
        let save = |name: &str, bytes: &[u8]| fs::write(directory.join(name), bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        save("code.bin", &self.code);
        save("text.bin", &self.text);
        save("index.rs", index.as_bytes());
    }
}
