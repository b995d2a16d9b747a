//! The README shows the actual output of the command, and its first command works.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_report_in_the_readme_is_the_one_the_command_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let (_, rest) = readme.split_once("```console\n$ choucha ").unwrap();
    let (command, rest) = rest.split_once('\n').unwrap();
    let (shown, _) = rest.split_once("\n```").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_choucha"))
        .args(command.split(' '))
        .args(["--lang", "zh"])
        .current_dir(root)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim_end(), shown);
    assert_eq!(output.status.code(), Some(1));
}
