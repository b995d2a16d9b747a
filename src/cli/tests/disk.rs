//! Disks that are full at any step: the old file stands or the new one, and nothing else.

use super::*;
use crate::cli::disk::{failing_at, steps};

/// The dossier as a line, so often, each with a number of its own.
fn lines(times: usize) -> String {
    let value: serde_json::Value =
        serde_yaml::from_str(&fs::read_to_string(late()).unwrap()).unwrap();
    let line = |n: usize| {
        let mut value = value.clone();
        value["case"]["number"] = format!("例-{n:05}").into();
        format!("{value}\n")
    };
    (0..times).map(line).collect()
}

#[test]
fn whatever_step_fails_the_old_report_stands_or_the_new_one() {
    let folder = Folder::new("steps");
    let input = folder.path("in.ndjson");
    fs::write(&input, lines(3)).unwrap();
    for name in ["r.txt", "r.json", "r.ndjson", "r.csv", "r.html", "r.xlsx"] {
        let output = folder.path(name);
        let arguments = ["audit", &input, "-o", &output, "--force"];
        assert_eq!(ran(&arguments).code, 1, "{name}");
        let new = fs::read(&output).unwrap();
        fs::write(&output, "old").unwrap();
        let mut failed = 0;
        for at in 0.. {
            let done = failing_at(at, || ran(&arguments));
            let there = fs::read(&output).unwrap();
            if steps() <= at {
                assert!(done.code == 1 && there == new, "{name} {at}");
                break;
            }
            failed += 1;
            assert_eq!(done.code, 2, "{name} {at}: {}", done.err);
            assert!(
                done.err.contains("output/unwritable"),
                "{name} {at}: {}",
                done.err
            );
            assert!(there == b"old", "{name} {at}");
            let left = fs::read_dir(&folder.0).unwrap().count();
            assert_eq!(left, 2, "{name} {at}: something is left behind");
        }
        // At least a write, a sync and a renaming.
        assert!(failed >= 3, "{name}: {failed}");
        fs::remove_file(&output).unwrap();
    }
}

#[test]
fn whatever_step_fails_a_run_is_continued_to_the_same_bytes() {
    let folder = Folder::new("steps-resumed");
    let input = folder.path("in.ndjson");
    fs::write(&input, lines(3)).unwrap();
    let (once, output) = (folder.path("once.ndjson"), folder.path("out.ndjson"));
    assert_eq!(ran(&["audit", &input, "--all", "-o", &once]).code, 1);
    let expected = fs::read(&once).unwrap();
    assert!(expected.len() > 2 * 64 * 1024, "{}", expected.len());
    let arguments = ["audit", &input, "--all", "-o", &output, "--resume"];
    let all = failing_at(usize::MAX, || ran(&arguments));
    assert_eq!(all.code, 1, "{}", all.err);
    let count = steps();
    fs::remove_file(&output).unwrap();
    assert!(count > 10, "{count}");
    for at in 0..count {
        let failed = failing_at(at, || ran(&arguments));
        assert_eq!(failed.code, 2, "{at}: {}", failed.err);
        assert!(!PathBuf::from(&output).exists(), "{at}");
        let done = ran(&arguments);
        assert_eq!(done.code, 1, "{at}: {}", done.err);
        assert!(fs::read(&output).unwrap() == expected, "{at}");
        fs::remove_file(&output).unwrap();
        let left = fs::read_dir(&folder.0).unwrap().count();
        assert_eq!(left, 2, "{at}: something is left behind");
    }
}
