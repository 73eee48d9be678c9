//! The engine agrees with CPython on the curated table.

mod common;

#[test]
fn curated_cases() {
    let wrong = common::disagreements(include_str!("data/cases.tsv"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
