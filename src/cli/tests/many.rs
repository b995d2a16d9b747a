//! Runs of many cases: threads, interruptions, and resuming.

use std::sync::atomic::Ordering;

use super::*;

const SET: &str = "shanxi/2024-batch-1";

/// A line of NDJSON, padded so that a parcel holds few lines.
fn line(number: usize) -> String {
    let pad = "案卷材料".repeat(1200);
    let day = number % 28 + 1;
    format!(
        "{{\"case\": {{\"number\": \"示例-{number}\", \"ruleset\": \"{SET}\", \"campaign\": \"{pad}\"}}, \
         \"sampling\": {{\"sampled_on\": \"2024-01-{day:02}\", \"samplers\": [\"甲某\"]}}}}\n"
    )
}

/// Lines, some of them blank, broken, or with the number of another.
fn lines(count: usize) -> String {
    let mut text = String::new();
    for number in 1..=count {
        text.push_str(&match number {
            5 => "\n".to_owned(),
            11 => "{\"case\": {\"numbr\": 1}}\n".to_owned(),
            12 => "{\"case\": \n".to_owned(),
            17 | 18 | 30 => line(3),
            _ => line(number),
        });
    }
    text
}

/// Standard input that interrupts the run after a number of bytes.
struct Interrupting<'a> {
    text: &'a [u8],
    left: usize,
    flag: &'a AtomicBool,
}

impl Read for Interrupting<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(into)?;
        self.left = self.left.saturating_sub(read);
        if self.left == 0 {
            self.flag.store(true, Ordering::Relaxed);
        }
        Ok(read)
    }
}

/// Audits lines from standard input, interrupted after a number of bytes.
fn interrupted(arguments: &[&str], text: &[u8], after: usize) -> Ran {
    let flag = AtomicBool::new(false);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut input = Interrupting {
        text,
        left: after,
        flag: &flag,
    };
    let exit = run(
        ["choucha", "audit", "-"]
            .iter()
            .chain(arguments)
            .map(OsString::from),
        &mut Surroundings {
            out: &mut out,
            err: &mut err,
            input: &mut input,
            today: Day::parse("2024-06-01").unwrap(),
            locales: vec![],
            columns: Some(80),
            out_color: false,
            err_color: false,
            out_terminal: false,
            err_terminal: false,
            threads: NonZeroUsize::MIN.saturating_add(1),
            heed_interrupts: || {},
            interrupted: &flag,
        },
    );
    Ran {
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
        code: exit.code(),
    }
}

fn whole(arguments: &[&str], text: &str) -> Ran {
    interrupted(arguments, text.as_bytes(), usize::MAX)
}

#[test]
fn the_bytes_of_a_report_do_not_depend_on_the_threads() {
    let text = lines(45);
    for format in ["ndjson", "json", "text"] {
        let alone = whole(&["--format", format, "--threads", "1"], &text);
        assert_eq!(alone.code, 2);
        for threads in ["2", "7"] {
            let ran = whole(&["--format", format, "--threads", threads], &text);
            assert_eq!((ran.out == alone.out, ran.err), (true, alone.err.clone()));
        }
    }
    let ran = whole(&["--threads", "0"], &text);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("`--threads"), "{}", ran.err);
}

#[test]
fn every_line_is_accounted_for_and_a_broken_one_is_reported_with_its_place() {
    let ran = whole(&["--format", "ndjson"], &lines(45));
    assert_eq!(ran.out.lines().count(), 44);
    assert!(
        ran.err
            .contains("共41份案卷：审查了39份，2份无法审查；另有3份与前面的相同，不重复计"),
        "{}",
        ran.err
    );
    let cases: Vec<serde_json::Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let unaudited: Vec<&str> = cases
        .iter()
        .filter(|case| case["ruleset"].is_null())
        .map(|case| case["case"].as_str().unwrap())
        .collect();
    assert_eq!(unaudited, ["-:11", "-:12"]);
    // All others name the first case with their number, whatever parcel they are in.
    let same: Vec<&str> = cases
        .iter()
        .flat_map(|case| case["diagnostics"].as_array().unwrap())
        .filter(|problem| problem["code"] == "record/same-dossier")
        .map(|problem| problem["message"].as_str().unwrap())
        .collect();
    assert_eq!(same.len(), 3);
    assert!(same.iter().all(|found| found.contains("`-:3`")), "{same:?}");
    let text = whole(&[], &lines(45));
    assert!(text.out.contains("审查了42份，2份无法审查"), "{}", text.out);
}

#[test]
fn that_a_text_is_in_another_encoding_is_said_once_however_many_threads_read_it() {
    let text = (1..40).map(line).collect::<String>();
    let bytes = encoding_rs::GB18030.encode(&text).0.into_owned();
    for threads in ["1", "5"] {
        let arguments = ["--format", "ndjson", "--threads", threads];
        let ran = interrupted(&arguments, &bytes, usize::MAX);
        let places: Vec<usize> = ran
            .out
            .lines()
            .enumerate()
            .filter(|(_, line)| line.contains("input/recoded"))
            .map(|(at, _)| at)
            .collect();
        assert_eq!((places, ran.out.lines().count()), (vec![0], 39));
    }
}

#[test]
fn an_interrupted_report_says_so_and_how_many_cases_it_covers() {
    let text = lines(45);
    for format in ["json", "text"] {
        let ran = interrupted(&["--format", format], text.as_bytes(), 150_000);
        assert_eq!(ran.code, 2);
        let (out, found) = match format {
            "json" => {
                let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
                let cases = document["cases"].as_array().unwrap().len();
                assert!(cases > 5 && cases < 44, "{cases}");
                assert_eq!(document["summary"]["records"], cases);
                let found = document["diagnostics"][0]["message"].as_str().unwrap();
                assert_eq!(document["diagnostics"][0]["code"], "run/interrupted");
                (cases, found.to_owned())
            }
            _ => {
                let count = ran.out.split("【汇总】").nth(1).unwrap();
                let cases: String = count.chars().take_while(char::is_ascii_digit).collect();
                assert!(ran.out.contains("审查被中断"), "{}", ran.out);
                (cases.parse().unwrap(), ran.err)
            }
        };
        assert!(found.contains(&format!("只完成了前{out}份案卷")), "{found}");
    }
}

#[test]
fn a_table_does_not_depend_on_the_threads() {
    let text = lines(45);
    for by in ["obligation", "person", "role", "county", "product"] {
        for format in ["json", "text", "csv"] {
            let arguments = |threads| ["--by", by, "--format", format, "--threads", threads];
            let alone = whole(&arguments("1"), &text);
            assert!(alone.out.len() > 200, "{}", alone.out);
            for threads in ["2", "7"] {
                let ran = whole(&arguments(threads), &text);
                assert!(
                    ran.out == alone.out && ran.err == alone.err,
                    "{by} {format}"
                );
                assert_eq!(ran.code, alone.code);
            }
        }
    }
}

#[test]
fn an_interrupted_table_says_so_and_how_many_cases_it_covers() {
    let text = lines(45);
    let ran = interrupted(
        &["--by", "role", "--format", "json"],
        text.as_bytes(),
        150_000,
    );
    assert_eq!(ran.code, 2);
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let mut found = document["diagnostics"].as_array().unwrap().iter();
    let found = found
        .find(|it| it["code"] == "run/interrupted")
        .expect("that it was interrupted");
    let cases = document["cases"]["audited"].as_u64().unwrap()
        + document["cases"]["unaudited"].as_u64().unwrap();
    assert!(cases > 5 && cases < 44, "{cases}");
    let message = found["message"].as_str().unwrap();
    assert!(
        message.contains(&format!("只统计了前{cases}份案卷")),
        "{message}"
    );
    let text = interrupted(&["--by", "role"], text.as_bytes(), 150_000);
    assert!(text.err.contains("汇总被中断"), "{}", text.err);
    assert!(
        text.out.starts_with("汇总被中断，只统计了前"),
        "{}",
        text.out
    );
}

#[test]
fn a_table_is_not_continued() {
    let ran = whole(&["--by", "role", "--resume"], &lines(3));
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--resume"), "{}", ran.err);
    assert!(ran.out.is_empty());
}

#[test]
fn an_interrupted_run_that_is_continued_gives_the_bytes_of_one_run() {
    let folder = Folder::new("resumed");
    let text = lines(45);
    let (once, output) = (folder.path("once.ndjson"), folder.path("out.ndjson"));
    let uninterrupted = whole(&["--format", "ndjson", "-o", &once], &text);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
    let arguments = ["--format", "ndjson", "--output", &output];
    let resumed = [&arguments[..], &["--resume"]].concat();
    let partial = format!("{output}.partial");

    let stopped = interrupted(&arguments, text.as_bytes(), 150_000);
    assert_eq!(stopped.code, 2);
    assert!(stopped.err.contains("run/interrupted"), "{}", stopped.err);
    assert!(stopped.err.contains("--resume"), "{}", stopped.err);
    assert!(!Path::new(&output).exists());
    let first = fs::read_to_string(&partial).unwrap();
    assert!(first.lines().count() > 5 && first.lines().count() < 44);

    // Interrupted again further on, once before reaching the end of what was written, and cut off within a line as by a
    // crash.
    let again = interrupted(&resumed, text.as_bytes(), 70_000);
    assert_eq!(again.code, 2);
    assert_eq!(fs::read_to_string(&partial).unwrap(), first);
    let again = interrupted(&resumed, text.as_bytes(), 350_000);
    assert_eq!(again.code, 2);
    let second = fs::read_to_string(&partial).unwrap();
    assert!(second.len() > first.len() && second.starts_with(&first));
    fs::write(&partial, &second.as_bytes()[..second.len() - 700]).unwrap();

    let done = whole(&resumed, &text);
    assert_eq!(done.code, uninterrupted.code);
    assert_eq!(done.err, uninterrupted.err);
    assert!(fs::read(&output).unwrap() == fs::read(&once).unwrap());
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 2);
}

#[test]
fn what_is_not_the_interrupted_run_is_not_continued() {
    let folder = Folder::new("refused");
    let text = lines(45);
    let output = folder.path("out.ndjson");
    let arguments = ["--format", "ndjson", "--output", &output];
    let resumed = [&arguments[..], &["--resume"]].concat();
    interrupted(&arguments, text.as_bytes(), 150_000);
    let partial = format!("{output}.partial");
    let written = fs::read(&partial).unwrap();
    let refused = |ran: Ran, why: &str| {
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("run/not-resumable"), "{}", ran.err);
        assert!(ran.err.contains(why), "{}", ran.err);
        assert!(!Path::new(&output).exists());
        assert!(fs::read(&partial).unwrap() == written);
    };
    fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
        [arguments, more].concat()
    }
    refused(whole(&with(&resumed, &["--explain"]), &text), "选项");
    refused(
        whole(&with(&resumed, &["--as-of", "2024-05-01"]), &text),
        "选项",
    );
    let rules = format!("{}/rules", env!("CARGO_MANIFEST_DIR"));
    let copy = folder.path("rules");
    copied(Path::new(&rules), Path::new(&copy));
    let script = Path::new(&copy).join("shanxi/2024-batch-1/3-requirements.rhai");
    let changed = fs::read_to_string(&script).unwrap() + "// 另一版\n";
    fs::write(&script, changed).unwrap();
    refused(whole(&with(&resumed, &["--rules", &copy]), &text), "规则");
    refused(
        whole(&resumed, &text.replacen("甲某", "乙某", 3)),
        "输入文件中的案卷",
    );
    refused(whole(&resumed, &line(1)), "输入文件中的案卷");
    fs::remove_file(format!("{partial}.json")).unwrap();
    refused(whole(&resumed, &text), "缺失或者已损坏");
    let ran = whole(&["--resume", "--format", "json"], &text);
    assert!(ran.err.contains("--resume 只能"), "{}", ran.err);
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copied(&path, &target),
            false => fs::copy(&path, &target).map(|_| ()).unwrap(),
        }
    }
}
