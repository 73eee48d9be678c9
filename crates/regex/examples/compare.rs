//! Checks table files written by `tools/regex/table.py`: `compare FILE...` prints where the engine disagrees with CPython.

#[path = "../tests/common/mod.rs"]
mod common;

fn main() {
    let mut total = 0;
    for path in std::env::args().skip(1) {
        let table = std::fs::read_to_string(&path).expect("a table");
        for line in common::disagreements(&table) {
            total += 1;
            println!("{line}");
        }
    }
    println!("{total} disagreements");
}
