//! The layers: which crate may depend on which.

use std::path::Path;

use toml::{Table, Value};

use super::{Findings, Rules, texts};

/// Checks the manifest of every crate under `crates/`.
pub fn check(root: &Path, rules: &Rules, findings: &mut Findings) -> Result<(), String> {
    let crates = std::fs::read_dir(root.join("crates")).map_err(|error| format!("crates: {error}"))?;
    for directory in crates.flatten().map(|entry| entry.path()) {
        let Ok(text) = std::fs::read_to_string(directory.join("Cargo.toml")) else {
            continue;
        };
        let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let manifest: Table = text.parse().map_err(|error| format!("crates/{name}/Cargo.toml: {error}"))?;
        check_manifest(&name, &manifest, rules, findings);
    }
    Ok(())
}

fn check_manifest(name: &str, manifest: &Table, rules: &Rules, findings: &mut Findings) {
    let path = format!("crates/{name}/Cargo.toml");
    let inherits = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
    if inherits != Some(true) {
        findings.push(format!("{path}: does not inherit the workspace's lints"));
    }
    let Some((_, allowed)) = rules.table("layers").find(|(layer, _)| *layer == name) else {
        findings.push(format!("{path}: the crate has no entry under [layers] in xtask/tidy.toml"));
        return;
    };
    let allowed = texts(allowed);
    for section in ["dependencies", "build-dependencies"] {
        let dependencies = manifest.get(section).and_then(Value::as_table);
        for dependency in dependencies.into_iter().flat_map(Table::keys) {
            let own = if dependency == "bredli" { Some("bredli") } else { dependency.strip_prefix("bredli-") };
            if let Some(layer) = own {
                if !allowed.contains(&layer) {
                    findings.push(format!("{path}: must not depend on {dependency}"));
                }
            } else if let Some((_, users)) = rules.table("restricted").find(|(restricted, _)| restricted == dependency)
                && !texts(users).contains(&name)
            {
                findings.push(format!("{path}: {dependency} is only for {}", texts(users).join(", ")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_edge_is_found() {
        let rules = Rules("[layers]\ntext = []\nnum = ['text']\n[restricted]\nlibc = ['text']".parse().expect("valid"));
        let mut findings = Findings::new();
        let manifest = "[lints]\nworkspace = true\n[dependencies]\nbredli-num = '1'\nlibc = '1'".parse().expect("valid");
        check_manifest("text", &manifest, &rules, &mut findings);
        assert_eq!(findings, ["crates/text/Cargo.toml: must not depend on bredli-num"]);
        findings.clear();
        check_manifest("num", &"[dependencies]\nbredli-text = '1'\nlibc = '1'".parse().expect("valid"), &rules, &mut findings);
        assert_eq!(findings.len(), 2);
    }
}
