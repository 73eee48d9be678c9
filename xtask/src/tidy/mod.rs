//! `cargo xtask tidy`: the rules of the architecture and the style guide that a script can check.
//!
//! What is allowed stands in `xtask/tidy.toml`; `layers` checks the manifests, `sources` the Rust files.

mod layers;
mod sources;
mod strip;

use std::path::Path;
use std::process::Command;

use toml::{Table, Value};

use crate::root;
use crate::tasks::Outcome;

/// The rules, as read from `xtask/tidy.toml`.
struct Rules(Table);

impl Rules {
    fn read(root: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(root.join("xtask/tidy.toml")).map_err(|error| format!("xtask/tidy.toml: {error}"))?;
        text.parse().map(Rules).map_err(|error| format!("xtask/tidy.toml: {error}"))
    }

    /// The table `name`, empty when there is none.
    fn table(&self, name: &str) -> impl Iterator<Item = (&str, &Value)> {
        let found = name.split('.').try_fold(&self.0, |table, part| table.get(part)?.as_table());
        found.into_iter().flatten().map(|(key, value)| (key.as_str(), value))
    }

    fn strings(&self, table: &str, key: &str) -> Vec<&str> {
        self.table(table).find(|(name, _)| *name == key).map_or(Vec::new(), |(_, value)| texts(value))
    }

    fn number(&self, table: &str, key: &str) -> usize {
        self.table(table)
            .find(|(name, _)| *name == key)
            .and_then(|(_, value)| value.as_integer())
            .map_or(usize::MAX, |number| number as usize)
    }
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map_or(Vec::new(), |items| items.iter().filter_map(Value::as_str).collect())
}

/// What is wrong, one line each: `path:line: what`.
type Findings = Vec<String>;

pub fn run(_: &[String]) -> Outcome {
    let root = root();
    let rules = Rules::read(&root)?;
    let mut findings = Findings::new();
    for required in rules.strings("files", "required") {
        if !root.join(required).exists() {
            findings.push(format!("{required}: missing"));
        }
    }
    layers::check(&root, &rules, &mut findings)?;
    for path in files(&root)?.iter().filter(|path| path.ends_with(".rs")) {
        let text = std::fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"))?;
        sources::check(path, &text, &rules, &mut findings);
    }
    if findings.is_empty() {
        return Ok(());
    }
    findings.sort();
    Err(format!("{} findings\n{}", findings.len(), findings.join("\n")))
}

/// Every file git knows or would add, relative to the top.
fn files(root: &Path) -> Result<Vec<String>, String> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("git ls-files: {error}"))?;
    if !output.status.success() {
        return Err(format!("git ls-files: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let names = String::from_utf8_lossy(&output.stdout);
    // A file deleted but not yet committed is still listed.
    Ok(names.lines().filter(|name| root.join(name).exists()).map(str::to_owned).collect())
}
