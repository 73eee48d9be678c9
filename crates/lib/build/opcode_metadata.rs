//! The module `_opcode_metadata`, written out of the table of instructions.

use std::fmt::Write;

use bredli_code::Opcode;
use bredli_code::opcode::{HAVE_ARGUMENT, INSTRUMENTED, MIN_INSTRUMENTED_OPCODE, SPECIALIZED, Variant};

/// The instructions with fixed numbers, which the dict `opmap` has first.
const FIRST: [&str; 5] = ["CACHE", "RESERVED", "RESUME", "INSTRUMENTED_LINE", "ENTER_EXECUTOR"];

/// The source of the module.
pub fn source() -> String {
    let mut text = String::from("_specializations = {\n");
    for (family, variants) in SPECIALIZED {
        let _ = writeln!(text, "    '{family}': [");
        for variant in *variants {
            let _ = writeln!(text, "        '{}',", variant.name);
        }
        text.push_str("    ],\n");
    }
    text.push_str("}\n\n_specialized_opmap = {\n");
    let mut specialized: Vec<Variant> = SPECIALIZED.iter().flat_map(|(_, variants)| variants.iter().copied()).collect();
    specialized.sort_by_key(|variant| variant.name);
    specialized.iter().for_each(|variant| write_entry(&mut text, *variant));
    text.push_str("}\n\nopmap = {\n");
    let basic = Opcode::ALL.iter().map(|opcode| Variant { name: opcode.name(), number: opcode.number() });
    let mut all: Vec<Variant> = basic.chain(INSTRUMENTED.iter().copied()).collect();
    // A stable sort: by number within each group, as the tables are.
    all.sort_by_key(|variant| {
        let first = FIRST.iter().position(|name| *name == variant.name).unwrap_or(FIRST.len());
        (first, variant.number >= 256, variant.number >= MIN_INSTRUMENTED_OPCODE)
    });
    all.iter().for_each(|variant| write_entry(&mut text, *variant));
    let _ = write!(text, "}}\n\nHAVE_ARGUMENT = {HAVE_ARGUMENT}\nMIN_INSTRUMENTED_OPCODE = {MIN_INSTRUMENTED_OPCODE}\n");
    text
}

fn write_entry(text: &mut String, variant: Variant) {
    let _ = writeln!(text, "    '{}': {},", variant.name, variant.number);
}
