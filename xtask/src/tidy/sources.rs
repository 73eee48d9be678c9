//! The rules for Rust files: size, module docs, unfinished work, `unsafe`, and reaching outside past the host.

use super::strip::strip;
use super::{Findings, Rules};

/// Macros and marks of work that is not finished.
const UNFINISHED: [&str; 3] = ["todo!", "unimplemented!", "dbg!"];
const MARKS: [&str; 3] = ["TODO", "FIXME", "XXX"];

/// Checks one file; `path` is relative to the top.
pub fn check(path: &str, text: &str, rules: &Rules, findings: &mut Findings) {
    let mut find = |line: usize, what: String| findings.push(format!("{path}:{}: {what}", line + 1));
    check_size(path, text, rules, &mut find);
    if !text.starts_with("//!") {
        find(0, "does not open with a module doc (//!)".to_owned());
    }
    let stripped = strip(text);
    let code: Vec<&str> = stripped.code.lines().collect();
    let comments: Vec<&str> = stripped.comments.lines().collect();
    for (line, (code, comment)) in code.iter().zip(&comments).enumerate() {
        for mark in MARKS.iter().filter(|mark| words(comment).any(|word| word == **mark)) {
            find(line, format!("{mark}: finish it, or assert today's result in a test"));
        }
        for unfinished in UNFINISHED.iter().filter(|unfinished| code.contains(**unfinished)) {
            find(line, (*unfinished).to_owned());
        }
        for attribute in ["allow(dead_code", "allow(unused", "[ignore"] {
            if code.contains(attribute) && !code.contains("reason") && code.trim_start().starts_with('#') && !is_generator(path, rules) {
                find(line, format!("{attribute}): remove what is not used, or give a `reason`"));
            }
        }
    }
    check_unsafe(path, &code, &comments, rules, &mut find);
    if !is_test(path) {
        check_outside(path, &code, rules, &mut find);
    }
}

fn check_size(path: &str, text: &str, rules: &Rules, find: &mut impl FnMut(usize, String)) {
    let lines = text.lines().count();
    let listed = |table: &str| rules.table(table).any(|(name, _)| name == path);
    let (most, hard) = (rules.number("files", "most_lines"), rules.number("files", "hard_lines"));
    if listed("files.tables") || lines <= most {
        return;
    }
    if lines > hard {
        find(hard, format!("{lines} lines; {hard} is the most there is"));
    } else if !listed("files.longer") {
        find(most, format!("{lines} lines; split it, or give the reason in xtask/tidy.toml"));
    }
}

/// Tests, examples, build scripts and xtask may do what the program may not.
fn is_test(path: &str) -> bool {
    let directories = ["/tests/", "/examples/", "/benches/", "/build/"];
    path.starts_with("xtask/")
        || path.ends_with("/build.rs")
        || path.ends_with("/tests.rs")
        || directories.iter().any(|directory| path.contains(directory))
}

/// Whether the file writes Rust code, so that some of what it holds is not its own.
fn is_generator(path: &str, rules: &Rules) -> bool {
    rules.strings("generators", "paths").iter().any(|place| path.starts_with(place))
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn check_unsafe(path: &str, code: &[&str], comments: &[&str], rules: &Rules, find: &mut impl FnMut(usize, String)) {
    if is_generator(path, rules) {
        return;
    }
    let allowed =
        rules.strings("unsafe", "paths").iter().any(|place| path.strip_prefix(place).is_some_and(|rest| rest.starts_with(['/', '.'])));
    for (line, text) in code.iter().enumerate() {
        // `#![forbid(unsafe_code)]` and its like are other words.
        if !words(text).any(|word| word == "unsafe") {
            continue;
        }
        if !allowed {
            find(line, "unsafe is not allowed here (see [unsafe] in xtask/tidy.toml)".to_owned());
        } else if opens_block(code, line) && !is_justified(code, comments, line) {
            find(line, "an unsafe block without a SAFETY line".to_owned());
        }
    }
}

/// Whether an `unsafe` on the line opens a block or an `impl` (not a function, trait or type, which only announce it).
fn opens_block(code: &[&str], line: usize) -> bool {
    code[line].match_indices("unsafe").any(|(place, word)| {
        let after = code[line][place + word.len()..].trim_start();
        let after = if after.is_empty() { code.get(line + 1).map_or("", |next| next.trim_start()) } else { after };
        after.starts_with('{') || after.starts_with("impl")
    })
}

/// A SAFETY line stands on the line itself or in the comment right above its statement.
fn is_justified(code: &[&str], comments: &[&str], line: usize) -> bool {
    if comments[line].contains("SAFETY") || comments.get(line + 1).is_some_and(|comment| comment.contains("SAFETY")) {
        return true;
    }
    let mut above = line;
    // A statement may begin a few lines earlier, and a comment may have several lines.
    while above > 0 && line - above < 12 {
        above -= 1;
        if comments[above].contains("SAFETY") {
            return true;
        }
        let text = code[above].trim();
        if text.ends_with(';') || text.ends_with('}') || (text.is_empty() && comments[above].trim().is_empty()) {
            return false;
        }
    }
    false
}

fn check_outside(path: &str, code: &[&str], rules: &Rules, find: &mut impl FnMut(usize, String)) {
    if rules.strings("outside", "paths").iter().any(|place| path.starts_with(place)) {
        return;
    }
    let (modules, items) = (rules.strings("outside", "modules"), rules.strings("outside", "items"));
    // Unit tests stand at the end of a file.
    let end = code.iter().position(|line| line.trim() == "#[cfg(test)]").unwrap_or(code.len());
    for (line, text) in code[..end].iter().enumerate() {
        for (place, _) in text.match_indices("std::") {
            let named = &text[place..];
            if items.iter().any(|item| named.starts_with(item)) {
                continue;
            }
            for module in std_modules(&named["std::".len()..]).filter(|module| modules.contains(module)) {
                find(line, format!("std::{module}: only the host reaches outside"));
            }
        }
    }
}

/// The modules named right after `std::`, alone or in braces.
fn std_modules(rest: &str) -> impl Iterator<Item = &str> {
    let group = rest.strip_prefix('{').map(|group| group.split('}').next().unwrap_or(group));
    let names = group.unwrap_or(rest.split([' ', ';', ',', ')']).next().unwrap_or(rest));
    names.split(',').map(|name| words(name).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let rules = "[unsafe]\npaths = ['crates/heap/src']\n[outside]\nmodules = ['fs', 'env']\npaths = ['crates/host/src']\nitems = ['std::env::consts']\n[files]\nmost_lines = 5\nhard_lines = 9\n[files.longer]\n'a.rs' = 'why'";
        let mut findings = Findings::new();
        check(path, text, &Rules(rules.parse().expect("valid")), &mut findings);
        findings.iter().map(|finding| finding.rsplit(": ").next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn unsafe_needs_a_place_and_a_reason() {
        assert_eq!(findings("crates/num/src/a.rs", "//! a\nunsafe { f() }").len(), 1);
        assert_eq!(findings("crates/heap/src/a.rs", "//! a\nunsafe { f() }"), ["an unsafe block without a SAFETY line"]);
        assert!(findings("crates/heap/src/a.rs", "//! a\n// SAFETY: b\nlet c =\n  unsafe { f() };").is_empty());
        assert!(findings("crates/heap/src/a.rs", "//! a\n/// unsafe\nunsafe fn f() {}").is_empty());
        assert_eq!(findings("crates/heap/src/a.rs", "//! a\n// SAFETY: b\nunsafe { f() };\nunsafe { f() };").len(), 1);
    }

    #[test]
    fn only_the_host_reaches_outside() {
        assert_eq!(findings("crates/num/src/a.rs", "//! a\nuse std::{fmt, env, fs::File};").len(), 2);
        assert_eq!(findings("crates/num/src/a.rs", "//! a\nstd::fs::read(\"std::env\"); std::env::consts::OS").len(), 1);
        assert!(findings("crates/host/src/a.rs", "//! a\nuse std::fs;").is_empty());
        assert!(findings("crates/num/src/a.rs", "//! a\nstd::env!(); std::fmt::x(std::mem::take(env))").len() == 1);
        assert!(findings("crates/num/tests/a.rs", "//! a\nuse std::fs;").is_empty());
        assert!(findings("crates/num/src/a.rs", "//! a\n#[cfg(test)]\nuse std::fs;").is_empty());
    }

    #[test]
    fn sizes_docs_and_marks() {
        let long = "//! a\n\n\n\n\n\n";
        assert_eq!(findings("b.rs", long).len(), 1);
        assert!(findings("a.rs", long).is_empty());
        assert_eq!(findings("a.rs", &long.repeat(2)).len(), 1);
        assert_eq!(findings("a.rs", "fn f() { todo!() } // TODO").len(), 3);
    }
}
