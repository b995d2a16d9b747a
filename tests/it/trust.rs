//! What the command does with what is no plain file, with what stands where it writes, when it is killed, and with text that
//! is made to deceive whoever reads its reports.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("trust")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_choucha"));
    command
        .args(args)
        .args(["--lang", "zh"])
        .stdin(Stdio::null());
    command
}

fn choucha(args: &[&str]) -> Output {
    command(args).output().unwrap()
}

/// A script of the shell, in which `"$c"` is the command.
fn shell(script: &str, folder: &Path) -> Output {
    Command::new("bash")
        .args(["-c", script])
        .env("c", env!("CARGO_BIN_EXE_choucha"))
        .env("LC_ALL", "zh_CN.UTF-8")
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn dossier() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join("fixtures/shanxi-2024-batch-1/late-mailing.yaml")).unwrap()
}

/// The dossier as a line of NDJSON, so often, each with a number of its own.
fn lines(times: usize) -> String {
    let value: serde_json::Value = serde_yaml::from_str(&dossier()).unwrap();
    (0..times)
        .map(|n| {
            let mut value = value.clone();
            value["case"]["number"] = format!("例-{n:05}").into();
            format!("{value}\n")
        })
        .collect()
}

#[test]
fn a_pipe_is_read_once_and_as_standard_input_is() {
    let folder = folder("pipes");
    // The head of the dossier comes late: what looks at it first and reads it again finds something else.
    let text = dossier().replacen(
        "complete: true\n",
        &format!("complete: true{}", "\n".repeat(67_000)),
        1,
    );
    fs::write(folder.join("a.yaml"), &text).unwrap();
    let findings = |script: &str| {
        let output = shell(script, &folder);
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(output.status.code(), Some(1), "{script}: {}", said(&output));
        json["cases"][0]["counts"].clone()
    };
    let plain = findings("\"$c\" audit a.yaml --format json");
    assert!(plain["violated"].as_u64() >= Some(1), "{plain}");
    for script in [
        "\"$c\" audit - --format json < a.yaml",
        "\"$c\" audit /dev/stdin --format json < a.yaml",
        "cat a.yaml | \"$c\" audit /dev/stdin --format json",
        "\"$c\" audit <(cat a.yaml) --format json",
        "mkfifo f.yaml; cat a.yaml > f.yaml & \"$c\" audit f.yaml --format json",
        "mkfifo f; cat a.yaml > f & \"$c\" audit f --format json",
    ] {
        assert_eq!(findings(script), plain, "{script}");
    }
    let drawn = shell("\"$c\" graph --case <(cat a.yaml)", &folder);
    assert_eq!(drawn.status.code(), Some(0), "{}", said(&drawn));
}

#[test]
fn a_pipe_in_a_folder_is_reported_and_not_waited_for() {
    let folder = folder("fifo");
    fs::write(folder.join("a.yaml"), dossier()).unwrap();
    let output = shell(
        "mkfifo b.yaml c.xlsx d.txt; timeout 60 \"$c\" audit . --format json",
        &folder,
    );
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(json["cases"].as_array().unwrap().len(), 1);
    let told = json["diagnostics"].as_array().unwrap().iter();
    let told = told.filter(|it| it["code"] == "input/unreadable").count();
    assert_eq!(told, 2, "{}", json["diagnostics"]);
}

#[test]
fn a_table_from_a_pipe_is_listed_in_a_workbook_of_results() {
    let folder = folder("piped-table");
    fs::write(
        folder.join("t.csv"),
        "案卷编号,适用规则集\n1,shanxi/2024-batch-1\n",
    )
    .unwrap();
    let output = shell(
        "mkfifo p.csv; cat t.csv > p.csv & timeout 60 \"$c\" audit p.csv -o r.xlsx",
        &folder,
    );
    assert!(output.status.code() != Some(124), "{}", said(&output));
    assert!(folder.join("r.xlsx").is_file(), "{}", said(&output));
}

#[test]
fn no_output_takes_the_place_of_what_is_read() {
    let folder = folder("inputs");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::write(folder.join("a.yaml"), dossier()).unwrap();
    fs::write(
        folder.join("t.csv"),
        "案卷编号,适用规则集\n1,shanxi/2024-batch-1\n",
    )
    .unwrap();
    fs::write(folder.join("columns.yaml"), "columns: {}\n").unwrap();
    fs::write(folder.join("mapping.yaml"), "columns: {}\n").unwrap();
    fs::create_dir(folder.join("cases")).unwrap();
    fs::write(folder.join("cases/b.yaml"), dossier()).unwrap();
    fs::hard_link(folder.join("a.yaml"), folder.join("hard.yaml")).unwrap();
    symlink("a.yaml", folder.join("soft.yaml")).unwrap();
    let copied = shell(
        &format!("cp -r '{}' rules", root.join("rules").display()),
        &folder,
    );
    assert!(copied.status.success());
    let state = |folder: &Path| {
        let listed = shell("find . -type f -o -type l | sort | xargs cksum", folder);
        String::from_utf8(listed.stdout).unwrap()
    };
    let before = state(&folder);
    for script in [
        "\"$c\" audit a.yaml -o a.yaml",
        "\"$c\" audit a.yaml -o ./cases/../a.yaml --force",
        "\"$c\" audit a.yaml -o hard.yaml --force",
        "\"$c\" audit a.yaml -o soft.yaml --force",
        "\"$c\" audit soft.yaml -o a.yaml --force",
        "\"$c\" audit cases -o cases/b.yaml --force",
        "\"$c\" audit - -o a.yaml --force < a.yaml",
        "\"$c\" audit /dev/stdin -o a.yaml --force < a.yaml",
        "\"$c\" audit t.csv -o columns.yaml --force",
        "\"$c\" audit t.csv --columns mapping.yaml -o mapping.yaml --force",
        "\"$c\" people a.yaml -o a.yaml --force",
        "\"$c\" graph --case a.yaml -o a.yaml --force",
        "\"$c\" graph --case - -o a.yaml --force < a.yaml",
        "\"$c\" rules --rules rules -o rules/instruments.yaml --force",
        "\"$c\" audit a.yaml --rules rules -o rules/shanxi/2024-batch-1/ruleset.rhai --force",
        "\"$c\" diff national/order-18 --against rules -o rules/lib/papers.rhai --force",
        "\"$c\" check --rules rules -o rules/calendar/cn.yaml --force",
    ] {
        let output = shell(script, &folder);
        assert_eq!(output.status.code(), Some(2), "{script}: {}", said(&output));
        assert!(
            said(&output).contains("不能又作输出文件"),
            "{script}: {}",
            said(&output)
        );
        assert_eq!(state(&folder), before, "{script}");
    }
}

#[test]
fn what_is_there_is_replaced_only_if_it_is_ours_or_that_is_asked_for() {
    let folder = folder("force");
    fs::write(folder.join("a.yaml"), dossier()).unwrap();
    fs::write(folder.join("notes.txt"), "my notes\n").unwrap();
    fs::write(folder.join("blank"), "").unwrap();
    let code = |script: &str| shell(script, &folder).status.code();
    assert_eq!(code("\"$c\" audit a.yaml -o notes.txt"), Some(2));
    assert_eq!(
        fs::read_to_string(folder.join("notes.txt")).unwrap(),
        "my notes\n"
    );
    assert_eq!(code("\"$c\" audit a.yaml -o notes.txt --force"), Some(1));
    assert_eq!(code("\"$c\" audit a.yaml -o blank"), Some(1));
    // A report takes the place of the last one, in every format.
    for name in ["r.txt", "r.json", "r.ndjson", "r.csv", "r.html", "r.xlsx"] {
        for turn in 0..2 {
            let output = shell(&format!("\"$c\" audit a.yaml -o {name}"), &folder);
            assert_eq!(
                output.status.code(),
                Some(1),
                "{name} {turn}: {}",
                said(&output)
            );
        }
    }
    for args in [
        "people a.yaml --format csv",
        "people a.yaml --format json",
        "people a.yaml",
        "graph shanxi/2024-batch-1",
        "graph shanxi/2024-batch-1 --format svg",
        "rules --format json",
    ] {
        for _ in 0..2 {
            let output = shell(
                &format!("\"$c\" {args} -o p --force; \"$c\" {args} -o p"),
                &folder,
            );
            assert!(
                !said(&output).contains("--force"),
                "{args}: {}",
                said(&output)
            );
        }
    }
    // A workbook to fill in may have been filled in.
    assert_eq!(
        code("\"$c\" template shanxi/2024-batch-1 -o t.xlsx"),
        Some(0)
    );
    assert_eq!(
        code("\"$c\" template shanxi/2024-batch-1 -o t.xlsx"),
        Some(2)
    );
    assert_eq!(code("\"$c\" audit a.yaml -o t.xlsx"), Some(2));
    assert_eq!(
        code("\"$c\" template shanxi/2024-batch-1 -o t.xlsx --force"),
        Some(0)
    );
    // A link that leads nowhere yet is followed, not replaced; one that leads to itself is an error.
    symlink("later.txt", folder.join("link")).unwrap();
    symlink("round", folder.join("round")).unwrap();
    assert_eq!(code("\"$c\" audit a.yaml -o link"), Some(1));
    assert!(
        fs::symlink_metadata(folder.join("link"))
            .unwrap()
            .is_symlink()
    );
    assert!(folder.join("later.txt").is_file());
    assert_eq!(code("\"$c\" audit a.yaml -o round"), Some(2));
    assert!(
        fs::symlink_metadata(folder.join("round"))
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn a_failure_is_never_silent_and_a_report_cut_off_never_clean() {
    let folder = folder("codes");
    fs::write(folder.join("a.yaml"), dossier()).unwrap();
    fs::write(folder.join("many.ndjson"), lines(300)).unwrap();
    for format in ["json", "page", "ndjson", "csv", "xlsx", "text"] {
        let script = format!("\"$c\" audit nowhere.yaml --format {format} -o x.{format} --force");
        let output = shell(&script, &folder);
        assert_eq!(output.status.code(), Some(2), "{script}");
        assert!(!output.stderr.is_empty(), "{script}");
    }
    let output = shell("\"$c\" check no/such -o x --format json --force", &folder);
    assert!(output.status.code() == Some(2) && !output.stderr.is_empty());
    // Who stops reading does not learn that all is well.
    for format in ["ndjson", "text", "json"] {
        let script = format!(
            "\"$c\" audit many.ndjson --format {format} | head -c 10; exit ${{PIPESTATUS[0]}}"
        );
        let output = shell(&script, &folder);
        assert_eq!(output.status.code(), Some(2), "{script}: {}", said(&output));
        assert!(
            said(&output).contains("标准输出已经关闭"),
            "{}",
            said(&output)
        );
    }
    let output = shell("\"$c\" audit a.yaml | true; exit ${PIPESTATUS[0]}", &folder);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let output = shell("\"$c\" audit many.ndjson > /dev/full", &folder);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("无法写入标准输出"),
        "{}",
        said(&output)
    );
}

/// Characters that a terminal acts on or that hide or reorder others, within words.
const TRAP: &str = "甲\u{1b}[2J\u{1b}]0;题\u{7}\r乙\u{8}\u{202e}丙\u{9b}1m\u{2066}丁\u{7f}\u{200b}戊\u{2028}己\u{85}";

/// What of it must stand in no report as it is.
fn is_trap(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{202e}' | '\u{2066}' | '\u{200b}' | '\u{2028}')
}

#[test]
fn no_report_for_people_holds_what_a_terminal_acts_on() {
    let folder = folder("trap");
    // The trap stands in every text of the dossier: names, addresses, products, the number itself.
    let mut value: serde_json::Value = serde_yaml::from_str(&dossier()).unwrap();
    fn spoil(value: &mut serde_json::Value, path: &str) {
        match value {
            serde_json::Value::String(text) => {
                let is_word = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                let is_text = is_word && !path.ends_with("/campaign") || path.ends_with("/number");
                if is_text && !path.ends_with("/plan_product") {
                    text.push_str(TRAP);
                }
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, path)),
            serde_json::Value::Object(map) => {
                for (key, value) in map {
                    spoil(value, &format!("{path}/{key}"));
                }
            }
            _ => {}
        }
    }
    spoil(&mut value, "");
    let one = value.to_string();
    value["case"]["number"] = format!("另一{TRAP}").into();
    let mut third = value.clone();
    third["case"]["number"] = format!("第三{TRAP}").into();
    third[TRAP] = 1.into();
    third["case"]["closed_on"] = TRAP.into();
    fs::write(
        folder.join("cases.ndjson"),
        format!("{one}\n{value}\n{third}\n"),
    )
    .unwrap();
    fs::write(folder.join("one.json"), &one).unwrap();
    fs::write(folder.join("third.json"), third.to_string()).unwrap();
    fs::write(
        folder.join("table.csv"),
        format!("案卷编号,{TRAP}抽样日期,{TRAP},被抽样单位名称\n1{TRAP},{TRAP},x,{TRAP}\n")
            .replace('\r', ""),
    )
    .unwrap();
    let file = format!("坏{}.yaml", TRAP.replace('/', ""));
    fs::write(folder.join(&file), dossier()).unwrap();
    let mut checked = 0;
    let mut faults = Vec::new();
    for input in [
        "cases.ndjson",
        "one.json",
        "third.json",
        "table.csv",
        file.as_str(),
        ".",
    ] {
        for args in [
            &["audit"][..],
            &["audit", "--all", "--explain"],
            &["audit", "--format", "csv"],
            &["audit", "--mask"],
            &["audit", "--by", "person"],
            &["audit", "--by", "organisation", "--format", "csv"],
            &["audit", "--by", "county"],
            &["audit", "--by", "product"],
            &["people"],
            &["people", "--format", "csv"],
            &["graph", "--case"],
        ] {
            for lang in ["zh", "en"] {
                for color in ["never", "always"] {
                    let output = Command::new(env!("CARGO_BIN_EXE_choucha"))
                        .args(args)
                        .args([input, "--lang", lang, "--color", color])
                        .current_dir(&folder)
                        .stdin(Stdio::null())
                        .output()
                        .unwrap();
                    for stream in [&output.stdout, &output.stderr] {
                        let text = String::from_utf8(stream.clone()).unwrap();
                        checked += usize::from(!text.is_empty());
                        let plain = uncoloured(&text.replace("\r\n", "\n"));
                        let plain = plain.trim_start_matches('\u{feff}');
                        if let Some(at) = plain.find(is_trap) {
                            let start = plain.floor_char_boundary(at.saturating_sub(60));
                            let end = plain.floor_char_boundary(at + 40);
                            faults.push(format!(
                                "{args:?} {input} {lang} {color}: {:?}",
                                &plain[start..end]
                            ));
                        }
                    }
                }
            }
        }
    }
    assert!(checked > 200, "{checked}");
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Text without the colours we give it.
fn uncoloured(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let end = after
            .find(|c: char| !c.is_ascii_digit() && c != ';')
            .unwrap_or(0);
        match after[end..].starts_with('m') {
            true => rest = &after[end + 1..],
            false => {
                out.push('\u{1b}');
                rest = after;
            }
        }
    }
    out + rest
}

/// Starts a run that can be continued, and kills it once it has written so many blocks.
fn killed(args: &[&str], state: &Path, blocks: usize) {
    let mut child = command(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    let written = || {
        let text = fs::read_to_string(state).unwrap_or_default();
        text.matches("\"bytes\"").count()
    };
    while written() < blocks && child.try_wait().unwrap().is_none() {
        assert!(
            started.elapsed() < Duration::from_secs(300),
            "no block is written"
        );
        thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[test]
fn a_run_that_is_killed_at_any_block_continues_to_the_same_bytes() {
    let folder = folder("killed");
    let input = folder.join("many.ndjson");
    fs::write(&input, lines(60)).unwrap();
    let input = input.to_str().unwrap();
    let (once, output) = (folder.join("once.ndjson"), folder.join("out.ndjson"));
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let whole = choucha(&["audit", input, "--all", "-o", &path(&once)]);
    assert_eq!(whole.status.code(), Some(1), "{}", said(&whole));
    let expected = fs::read(&once).unwrap();
    assert!(expected.len() > 12 * 1024 * 1024, "{}", expected.len());
    let out = path(&output);
    let args = ["audit", input, "--all", "-o", &out, "--resume"];
    let partial = folder.join("out.ndjson.partial");
    let state = folder.join("out.ndjson.partial.json");
    killed(&args, &state, 1);
    killed(&args, &state, 2);
    assert!(partial.is_file() && !output.exists());
    let before = fs::read(&partial).unwrap();
    // Changed anywhere, it is not delivered.
    for at in [10, before.len() / 3, 4_000_000] {
        let mut changed = before.clone();
        changed[at] ^= 1;
        fs::write(&partial, &changed).unwrap();
        let refused = choucha(&args);
        assert_eq!(refused.status.code(), Some(2));
        assert!(
            said(&refused).contains("run/not-resumable"),
            "{}",
            said(&refused)
        );
        assert!(!output.exists());
    }
    // What stands behind the last block does not matter.
    let mut longer = before;
    longer.extend_from_slice(b"{\"case\":\"forged\"}\n");
    fs::write(&partial, &longer).unwrap();
    let done = choucha(&args);
    assert_eq!(done.status.code(), Some(1), "{}", said(&done));
    assert!(fs::read(&output).unwrap() == expected);
    let left: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn what_a_killed_run_leaves_is_removed_by_the_next_and_a_blank_state_stops_nobody() {
    let folder = folder("left");
    fs::write(folder.join("a.yaml"), dossier()).unwrap();
    fs::write(folder.join(".out.ndjson.999999-0.tmp"), "left").unwrap();
    fs::write(folder.join(".out.ndjson.mine.tmp"), "not ours").unwrap();
    fs::write(folder.join("out.ndjson.partial"), "").unwrap();
    fs::write(folder.join("out.ndjson.partial.json"), "").unwrap();
    let output = shell("\"$c\" audit a.yaml -o out.ndjson --resume", &folder);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(!folder.join("out.ndjson.partial.json").exists());
    let output = shell("\"$c\" audit a.yaml -o out.ndjson", &folder);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(!folder.join(".out.ndjson.999999-0.tmp").exists());
    assert!(folder.join(".out.ndjson.mine.tmp").exists());
}

#[test]
fn a_file_that_may_not_grow_is_an_error_and_not_a_death() {
    let folder = folder("limited");
    fs::write(folder.join("many.ndjson"), lines(40)).unwrap();
    for name in ["r.txt", "r.json", "r.ndjson", "r.csv", "r.html", "r.xlsx"] {
        let output = shell(
            &format!("ulimit -f 8; \"$c\" audit many.ndjson -o {name}"),
            &folder,
        );
        assert_eq!(
            output.status.code(),
            Some(2),
            "{name}: {:?} {}",
            output.status,
            said(&output)
        );
        assert!(!folder.join(name).exists(), "{name}");
        assert!(
            said(&output).contains("output/unwritable"),
            "{name}: {}",
            said(&output)
        );
    }
    let left = fs::read_dir(&folder).unwrap().count();
    assert_eq!(left, 1);
}

#[test]
fn a_line_without_an_end_can_be_interrupted() {
    let mut child = command(&["audit", "-", "--format", "ndjson"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let id = child.id();
    let writer = thread::spawn(move || {
        let _ = input.write_all(b"{}\n{}\n{\"a\": \"");
        let part = vec![b'x'; 1024 * 1024];
        let mut parts = 0;
        while parts < 20_000 && input.write_all(&part).is_ok() {
            parts += 1;
            if parts == 40 {
                let _ = Command::new("kill")
                    .args(["-TERM", &id.to_string()])
                    .status();
            }
        }
        parts
    });
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2), "{err}");
    assert!(err.contains("run/interrupted"), "{err}");
    assert!(writer.join().unwrap() < 20_000);
}
