//! `cargo xtask dispatch`: whether the interpreter's dispatch jump is still replicated.
//!
//! `.cargo/config.toml` asks LLVM to copy the jump to the end of every handler; a change in the loop or in LLVM can
//! silently undo it, which costs up to half the speed. The count is taken from the release build, or from the binary `BREDLI` names.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::tasks::{Outcome, bredli};

/// The function with the loop, as `nm` shows it demangled.
const LOOP: &str = "bredli_runtime::exec::interp::run";
/// One jump for all handlers together would be 1; one for each is more than a hundred.
const LEAST: usize = 60;

pub fn run(_: &[String]) -> Outcome {
    check(&bredli("release")?)
}

/// Counts the indirect jumps of a binary's loop.
pub fn check(binary: &Path) -> Outcome {
    let (start, size) = symbol(binary)?;
    let mut objdump = Command::new("objdump")
        .args(["--disassemble", "--no-show-raw-insn"])
        .arg(format!("--start-address={start:#x}"))
        .arg(format!("--stop-address={:#x}", start + size))
        .arg(binary)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("objdump: {error}"))?;
    let lines = BufReader::new(objdump.stdout.take().expect("piped")).lines();
    let jumps = lines.map_while(Result::ok).filter(|line| is_indirect_jump(line)).count();
    objdump.wait().map_err(|error| format!("objdump: {error}"))?;
    println!("{LOOP}: {size} bytes, {jumps} indirect jumps");
    if jumps < LEAST { Err(format!("only {jumps} indirect jumps: the dispatch jump is no longer replicated")) } else { Ok(()) }
}

/// The address and size of the loop function.
fn symbol(binary: &Path) -> Result<(u64, u64), String> {
    let output = Command::new("nm").args(["--demangle", "--print-size"]).arg(binary).output().map_err(|error| format!("nm: {error}"))?;
    let names = String::from_utf8_lossy(&output.stdout);
    let parse = |text: &str| u64::from_str_radix(text, 16).ok();
    names
        .lines()
        .filter_map(|line| {
            let mut parts = line.splitn(4, ' ');
            let (start, size, _, name) = (parse(parts.next()?)?, parse(parts.next()?)?, parts.next()?, parts.next()?);
            // The name may be followed by a hash.
            let rest = name.strip_prefix(LOOP)?;
            (rest.is_empty() || rest.starts_with("::h") || rest.starts_with('[')).then_some((start, size))
        })
        .max_by_key(|(_, size)| *size)
        .ok_or(format!("{} has no function {LOOP}", binary.display()))
}

/// `jmp *%rax`, `jmp *(%rax,%rcx,8)`, `notrack jmp *...`, or `br x8`.
fn is_indirect_jump(line: &str) -> bool {
    let instruction = line.split('\t').nth(1).unwrap_or_default();
    instruction.contains("jmp") && instruction.contains('*') || instruction.starts_with("br ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_are_told_apart() {
        assert!(is_indirect_jump("  4010:\tjmp    *%rax"));
        assert!(is_indirect_jump("  4010:\tnotrack jmp *(%rax,%rcx,8)"));
        assert!(is_indirect_jump("  4010:\tbr x8"));
        assert!(!is_indirect_jump("  4010:\tjmp    4020 <f+0x10>"));
        assert!(!is_indirect_jump("  4010:\tcall   *%rax"));
    }
}
