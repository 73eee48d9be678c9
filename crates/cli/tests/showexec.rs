//! `-X showexec`: the exec code of a small program. Changes of the machine change the text: write down the new one.

use std::process::Command;

#[test]
fn exec_code_is_shown_beside_the_bytecode() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/showexec");
    let program = format!("{directory}/program.py");
    let output = Command::new(env!("CARGO_BIN_EXE_bredli")).args(["-I", "-X", "showexec=area", &program]).output().expect("it runs");
    let shown = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.stdout, b"(3, 9.0)\n");
    let expected = include_str!("showexec/expected.txt");
    assert_eq!(shown, expected, "unless this is meant, the machine has changed: {directory}/expected.txt");
}
