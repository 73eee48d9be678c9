//! Compiles the pure-Python standard library to code objects and packs it for embedding.
//!
//! The sources come from the crates.io package `rustpython-pylib`, which is only read; `overrides/` replaces some of them. Written are
//! `code.bin` (images of code objects), `text.bin` (deflated sources and data files) and `index.rs` (which piece is where).

mod files;
mod opcode_metadata;
mod pack;

use std::path::PathBuf;
use std::{env, thread};

use bredli_code::marshal;
use bredli_compile::{Options, Verdict};
use bredli_syntax::ast::Arena;
use bredli_syntax::{Options as ParseOptions, parse_bytes};
use bredli_text::Wtf8Buf;
use files::{File, Kind};
use pack::Pack;

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=overrides");
    let overrides = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("overrides");
    let files = files::collect(&PathBuf::from(rustpython_pylib::LIB_PATH), &overrides);
    let codes = compile_all(&files);
    let mut pack = Pack::default();
    for (file, code) in files.iter().zip(&codes) {
        match &file.kind {
            Kind::Module { name, is_package } => pack.add_module(name, *is_package, &file.path, code, &file.bytes),
            Kind::Data => pack.add_data(&file.path, &file.bytes),
        }
    }
    pack.write(&PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")));
}

/// The images of code objects of the modules; of data files nothing.
fn compile_all(files: &[File]) -> Vec<Vec<u8>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut codes = vec![Vec::new(); files.len()];
    thread::scope(|scope| {
        let compile_share = |share: usize| {
            move || {
                let mine = files.iter().enumerate().skip(share).step_by(threads);
                mine.map(|(index, file)| (index, compile(file))).collect::<Vec<_>>()
            }
        };
        let workers: Vec<_> = (0..threads).map(|share| scope.spawn(compile_share(share))).collect();
        for worker in workers {
            for (index, code) in worker.join().expect("compiled") {
                codes[index] = code;
            }
        }
    });
    codes
}

fn compile(file: &File) -> Vec<u8> {
    let Kind::Module { name, .. } = &file.kind else { return Vec::new() };
    let filename = match file.is_frozen() {
        true => format!("<frozen {name}>"),
        false => format!("{}/{}", files::DIRECTORY, file.path),
    };
    let options = ParseOptions { filename: filename.clone(), ..ParseOptions::default() };
    let arena = Arena::default();
    let parsed = parse_bytes(&file.bytes, &options, &arena, &mut |encoding, _| Err(format!("unknown encoding: {encoding}")))
        .unwrap_or_else(|error| panic!("{filename}: {error:?}"));
    let code = bredli_compile::compile(parsed.tree, &Wtf8Buf::from(filename.as_str()), Options::default(), &mut |_| Verdict::Shown)
        .unwrap_or_else(|error| panic!("{filename}: {error:?}"));
    marshal::write_image(&code).unwrap_or_else(|error| panic!("{filename}: {error}"))
}
