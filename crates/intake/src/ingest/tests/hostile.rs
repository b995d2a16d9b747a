//! Files no official would write: each ends in a diagnostic, never in a panic, an abort or a hang.

use super::*;

/// Ten levels of ten aliases each: ten thousand million nodes when expanded.
fn bomb(anchor_at: &str) -> String {
    let mut text = format!("{anchor_at}: &l0 [{}]\n", "x, ".repeat(9));
    for level in 1..10 {
        let below = level - 1;
        text += &format!(
            "b{level}: &l{level} [{}]\n",
            format!("*l{below}, ").repeat(10)
        );
    }
    text
}

#[test]
fn hostile_files_end_in_clear_diagnostics() {
    let deep = 100_000;
    let (open, close) = ("[".repeat(deep), "]".repeat(deep));
    let maps = "{\"a\":".repeat(deep);
    let (json, yaml) = (Format::Json, Format::Yaml);
    let cases: Vec<(String, Format, &str, &str)> = vec![
        (String::new(), yaml, "input/empty", ""),
        (" \n\t\n".into(), json, "input/empty", ""),
        ("# 只有注释\n".into(), yaml, "input/empty", ""),
        ("---\n...\n".into(), yaml, "record/shape", "1:4"),
        ("3".into(), yaml, "record/shape", "1:1"),
        ("null".into(), json, "record/shape", "1:1"),
        ("[]".into(), json, "record/shape", "1:1"),
        ("无".into(), yaml, "record/shape", "1:1"),
        (open.clone(), json, "input/too-deep", "1:65"),
        (open.clone(), yaml, "input/too-deep", "1:65"),
        (maps.clone(), json, "input/too-deep", "1:321"),
        (maps, yaml, "input/too-deep", "1:321"),
        (
            format!("{{\"zzz\": {open}{close}}}"),
            json,
            "input/too-deep",
            "1:72",
        ),
        (
            format!("{{\"report\": {open}{close}}}"),
            json,
            "input/too-deep",
            "1:75",
        ),
        (
            format!("zzz: {open}{close}"),
            yaml,
            "input/too-deep",
            "1:70",
        ),
        (
            format!("{}x: 1", "- ".repeat(deep)),
            yaml,
            "input/too-deep",
            "1:129",
        ),
        (
            format!("x: {}1", "? ".repeat(deep)),
            yaml,
            "input/syntax",
            "1:4",
        ),
        (bomb("a"), yaml, "input/too-deep", "6:"),
        (bomb("sampling"), yaml, "input/too-deep", "6:"),
        ("a: &a [*a]".into(), yaml, "input/too-deep", "1:8"),
        ("a: *b".into(), yaml, "input/syntax", "1:"),
        (
            "{\"case\": {\"number\": \"1\"".into(),
            json,
            "input/syntax",
            "1:24",
        ),
        ("{\"case\": {}} x".into(), json, "input/syntax", "1:14"),
        ("{\"case\": {},}".into(), json, "input/syntax", "1:13"),
        ("{\"case\"： {}}".into(), json, "input/syntax", "1:8"),
        ("{\"case\": 'a'}".into(), json, "input/syntax", "1:10"),
        ("{\"case\": 01}".into(), json, "input/syntax", "1:10"),
        (
            "{\"case\": {\"number\": \"\\ud800\"}}".into(),
            json,
            "input/syntax",
            "1:21",
        ),
        (
            "{\"case\": {\"number\": \"a\nb\"}}".into(),
            json,
            "input/syntax",
            "1:23",
        ),
        ("case: {number: \"a".into(), yaml, "input/syntax", "1:"),
        ("case: {number: a".into(), yaml, "input/syntax", ""),
        (
            "case:\n  number: 1\n ruleset: 2\n".into(),
            yaml,
            "input/syntax",
            "3:",
        ),
        ("%TAG ! tag:x,2000:\n--- {}\n".into(), yaml, "", ""),
        (
            format!("case: {{number: {}}}", "9".repeat(100_000)),
            yaml,
            "",
            "",
        ),
        (
            format!("{{\"sampling\": {{\"photos\": {}}}}}", "9".repeat(100_000)),
            json,
            "record/wrong-type",
            "1:25",
        ),
        (
            format!("sampling: {{price: {}}}", "9".repeat(100_000)),
            yaml,
            "record/wrong-type",
            "1:19",
        ),
    ];
    let mut wrong = Vec::new();
    for (text, format, code, place) in cases {
        let decoded = read_text(&text, format);
        let found = summary(&decoded);
        let as_expected = if code.is_empty() {
            found.is_empty()
        } else {
            found.len() < 20 && found.iter().any(|f| f.0 == code && f.1.starts_with(place))
        };
        if !as_expected {
            let head: String = text.chars().take(30).collect();
            let found: Vec<_> = found.iter().take(3).map(|f| (f.0, &f.1)).collect();
            wrong.push(format!("{head}: {code} {place}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn hostile_bytes_are_refused() {
    let vocabulary = vocabulary();
    for bytes in [
        &b"\0\0\0\0"[..],
        b"a: \0",
        b"\xff\xff\xff",
        b"PK\x03\x04",
        b"\xff\xfe",
        b"{\"case\": {\"number\": \"\xc3\x28\"}}",
    ] {
        let decoded = read("x.json", bytes.to_vec(), None, &vocabulary);
        assert!(decoded.record.is_none(), "{bytes:?}");
        assert_eq!(
            decoded.diagnostics.len(),
            1 + usize::from(bytes == b"\xff\xfe"),
            "{bytes:?}: {:?}",
            decoded.diagnostics
        );
    }
    let huge = read("x.json", vec![b'['; MAX_BYTES + 1], None, &vocabulary);
    assert_eq!(huge.diagnostics[0].code, Code::InputTooLarge);
}

#[test]
fn a_file_that_is_too_large_or_not_there_is_refused_before_it_is_read() {
    let vocabulary = vocabulary();
    let folder = std::env::temp_dir().join(format!("choucha-ingest-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("大.yaml");
    // A sparse file of one line of 1 GiB, which takes no room on the disk.
    File::create(&path).unwrap().set_len(1 << 30).unwrap();
    let decoded = read_path(&path, &vocabulary);
    assert_eq!(decoded.diagnostics[0].code, Code::InputTooLarge);
    std::fs::write(&path, "检验报告: {检验结论: 合格}").unwrap();
    assert!(read_path(&path, &vocabulary).record.is_some());
    std::fs::remove_dir_all(&folder).unwrap();
    for missing in [
        path.as_path(),
        folder.as_path(),
        Path::new("/"),
        Path::new(""),
    ] {
        let decoded = read_path(missing, &vocabulary);
        assert_eq!(
            decoded.diagnostics[0].code,
            Code::InputUnreadable,
            "{missing:?}"
        );
    }
}

#[test]
fn a_file_of_the_largest_size_is_read_in_reasonable_time() {
    let vocabulary = vocabulary();
    let line = format!("case: {{number: {}}}", "甲".repeat(1_000_000));
    assert!(
        read("x.yaml", line.into_bytes(), None, &vocabulary)
            .diagnostics
            .is_empty()
    );
    let many = format!(
        "{{\"sampling\": {{\"papers\": [{}\"乙\"]}}}}",
        "\"甲\",".repeat(300_000)
    );
    assert!(
        read("x.json", many.clone().into_bytes(), None, &vocabulary)
            .diagnostics
            .is_empty()
    );
    let decoded = read("x.yaml", many.into_bytes(), None, &vocabulary);
    assert_eq!(decoded.diagnostics[0].code, Code::InputTooLarge);
}
