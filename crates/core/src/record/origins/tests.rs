//! Places found by path, compared with a table of every path.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::record::outline::{Content, MAX_NODES};
use crate::value::Type;
use crate::vocabulary::{Entry, GroupId};

fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| crate::vocabulary::load(&crate::vocabulary::shipped()).unwrap())
}

/// Every path of a record with the ranges of its key and value, and whether it is blank.
type Table = BTreeMap<String, (Range<usize>, Range<usize>, bool)>;

/// The naive way: spells out every path.
fn table(source: &Arc<Source>, format: Format) -> Table {
    let mut table = Table::new();
    if let Some(root) = &Outline::read(source, format).root {
        group(root, GroupId(0), "", &mut table);
    }
    table
}

fn group(node: &Node<'_>, id: GroupId, prefix: &str, table: &mut Table) {
    let Content::Map(entries) = &node.content else {
        return;
    };
    let declared = vocabulary().group(id);
    for (key, value) in entries {
        let named = |name: &str| declared.entry(name).or_else(|| declared.entry(name.trim()));
        let Some(entry) = key.text().and_then(named) else {
            continue;
        };
        let path = format!("{prefix}{}", code(entry));
        enter(key, value, path.clone(), table);
        match entry {
            Entry::Group(inner) if value.text().is_some() => {
                spread(inner, key, value, &path, table);
            }
            Entry::Group(inner) => group(value, inner, &format!("{path}."), table),
            Entry::Fact(fact) => {
                let Content::List(items) = &value.content else {
                    continue;
                };
                for (item, n) in items.iter().zip(1..) {
                    let path = format!("{path}[{n}]");
                    enter(item, item, path.clone(), table);
                    if let Type::Rows(shape) = vocabulary().fact(fact).ty {
                        let rows = vocabulary().shape(shape).group;
                        group(item, rows, &format!("{path}."), table);
                    }
                }
            }
        }
    }
}

fn spread(id: GroupId, key: &Node<'_>, value: &Node<'_>, path: &str, table: &mut Table) {
    for &entry in &vocabulary().group(id).entries {
        let path = format!("{path}.{}", code(entry));
        enter(key, value, path.clone(), table);
        if let Entry::Group(inner) = entry {
            spread(inner, key, value, &path, table);
        }
    }
}

fn enter(key: &Node<'_>, value: &Node<'_>, path: String, table: &mut Table) {
    let blank = value.is_null() || value.text().is_some_and(|text| text.trim().is_empty());
    let place = (key.range.clone(), value.range.clone(), blank);
    let known = table.entry(path).or_insert_with(|| place.clone());
    if known.2 {
        *known = place;
    }
}

fn code(entry: Entry) -> &'static str {
    match entry {
        Entry::Fact(id) => &vocabulary().fact(id).code,
        Entry::Group(id) => &vocabulary().group(id).code,
    }
}

/// Compares the places found in a text with the table of its paths. Returns the number of paths.
fn agree(source: &Arc<Source>, format: Format) -> usize {
    let table = table(source, format);
    let is_sound = serde_json::from_str::<serde_json::Value>(source.text()).is_ok();
    if format == Format::Json && is_sound {
        same(source, &Found::find_in_json(source, vocabulary()), &table);
    }
    same(source, &Found::find(source, format, vocabulary()), &table);
    table.len()
}

fn same(source: &Arc<Source>, found: &Found, table: &Table) {
    let origins = Origins::new(source, found, vocabulary());
    let mut paths: Vec<String> = origins.paths().map(Cow::into_owned).collect();
    paths.sort();
    assert!(paths.iter().eq(table.keys()), "{}", source.text());
    // If there are many paths, only some are misspelt.
    let apart = 1 + table.len() / 1000;
    for (n, (path, (key, value, _))) in table.iter().enumerate() {
        let shown = if value.is_empty() { key } else { value };
        assert_eq!(origins.value(path).unwrap().range, *shown, "{path}");
        assert_eq!(origins.key(path).unwrap().range, *key, "{path}");
        if n % apart != 0 {
            continue;
        }
        let near = [
            format!("{path}."),
            format!(".{path}"),
            format!("{path}[0]"),
            format!("{path}[01]"),
            format!("{path}[+1]"),
            format!("{path}[1"),
            format!("{path}[]"),
            format!("{path}[18446744073709551616]"),
            path.replace("[1]", "[01]"),
            path.replace("[1]", ""),
            path.replace('.', "[1]."),
            format!("{path}[1]"),
            format!("{path}[2].number"),
        ];
        // One entry may name several people; each has the place of the entry.
        let entry = |path: &str| match path.strip_suffix(']') {
            Some(inside) => inside.rsplit_once('[').map(|(entry, _)| entry.to_owned()),
            None => None,
        };
        for path in near {
            let stands = table.contains_key(&path)
                || entry(&path).is_some_and(|entry| table.contains_key(&entry));
            assert_eq!(origins.value(&path).is_some(), stands, "{path}");
        }
    }
    assert!(origins.value("").is_none());
}

#[test]
fn every_place_of_every_fixture_is_found() {
    fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => files(&path, found),
                false => found.push(path),
            }
        }
    }
    let mut found = Vec::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    files(&fixtures, &mut found);
    let mut places = 0;
    for path in found {
        let format = match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml" | "yml") => Format::Yaml,
            Some("json") => Format::Json,
            _ => continue,
        };
        if let Ok(text) = std::fs::read_to_string(&path) {
            places += agree(&Source::new(path.display().to_string(), text), format);
        }
    }
    assert!(places > 1000, "{places}");
}

#[test]
fn places_in_many_rows_are_found_one_by_one_and_of_too_many_those_before_the_limit() {
    let rows = |n: usize| {
        let row = r#"{"waiver": "", "obligation": "示例", "until": null}"#;
        let rows = vec![row; n].join(",\n");
        Source::new("many.json", format!("{{\"waivers\": [{rows}]}}"))
    };
    let (fits, too_many) = (rows(25_000), rows(MAX_NODES / 6));
    assert!(Parts::of_json(fits.text(), vocabulary()).is_some());
    assert_eq!(agree(&fits, Format::Json), 75_001);
    assert!(Parts::of_json(too_many.text(), vocabulary()).is_none());
    agree(&too_many, Format::Json);
}

/// Writes JSON that misuses the vocabulary, driven by the choices: duplicate keys, in any order and spelling, blanks,
/// groups and lists where something else belongs.
struct Author<'c> {
    choices: std::slice::Iter<'c, u8>,
    text: String,
}

impl Author<'_> {
    fn choose(&mut self, of: usize) -> usize {
        usize::from(*self.choices.next().unwrap_or(&0)) % of
    }

    fn put(&mut self, one_of: &[&str]) {
        let which = self.choose(one_of.len());
        self.text.push_str(one_of[which]);
    }

    fn is_done(&self) -> bool {
        self.choices.len() == 0
    }

    fn write_map(&mut self, id: Option<GroupId>, depth: usize) {
        self.text.push('{');
        let declared = vocabulary().group(id.unwrap_or(GroupId(0)));
        let mut at = 0;
        for n in 0..1 + self.choose(7) {
            if n > 0 {
                self.put(&[",", ", ", "\n,\t"]);
            }
            at = match self.choose(4) {
                0 => self.choose(declared.entries.len()),
                1 => at,
                _ => at + 1,
            } % declared.entries.len();
            let entry = declared.entries[at];
            let (code, label) = match entry {
                Entry::Fact(id) => (&vocabulary().fact(id).code, &vocabulary().fact(id).label),
                Entry::Group(id) => (&vocabulary().group(id).code, &vocabulary().group(id).label),
            };
            let key = match self.choose(8) {
                0 => label.en.clone(),
                1 => label.zh.clone(),
                2 => format!(" {} ", label.zh),
                3 => "示例".to_owned(),
                _ => code.clone(),
            };
            let mut key = serde_json::to_string(&key).unwrap();
            if self.choose(16) == 0 {
                key = key.replace('o', "\\u006f");
            }
            self.text.push_str(&key);
            self.put(&[":", ": ", " :\n"]);
            self.write(Some(entry), depth + 1);
        }
        self.text.push('}');
    }

    fn write(&mut self, entry: Option<Entry>, depth: usize) {
        let (inner, rows) = match entry {
            Some(Entry::Group(inner)) => (Some(inner), None),
            Some(Entry::Fact(id)) => match vocabulary().fact(id).ty {
                Type::Rows(shape) => (None, Some(vocabulary().shape(shape).group)),
                _ => (None, None),
            },
            None => (None, None),
        };
        let kind = if self.is_done() || depth > 6 {
            0
        } else {
            self.choose(8)
        };
        match (kind, inner, rows) {
            (2.., Some(inner), _) | (1, Some(inner), None) => self.write_map(Some(inner), depth),
            (2.., None, Some(group)) => {
                self.text.push('[');
                for n in 0..self.choose(4) {
                    if n > 0 {
                        self.text.push(',');
                    }
                    match self.choose(6) {
                        0 => self.write(None, depth + 1),
                        _ => self.write_map(Some(group), depth + 1),
                    }
                }
                self.text.push(']');
            }
            (1, ..) => self.write_map(None, depth + 1),
            (2..=4, None, None) => {
                self.text.push('[');
                for n in 0..self.choose(4) {
                    if n > 0 {
                        self.text.push_str(" , ");
                    }
                    self.write(None, depth + 1);
                }
                self.text.push(']');
            }
            _ => {
                self.put(&[
                    "\"无\"",
                    "\"\"",
                    "\"\u{3000}\"",
                    "null",
                    "\"null\"",
                    "-1.5e3",
                    "true",
                    "\"\\u4e00 \\\"甲\\\"\"",
                    "\"2024-03-01\"",
                    "[]",
                    "{}",
                ]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_place_of_a_random_text_is_found_whole_cut_short_or_spoilt(
        choices in prop::collection::vec(any::<u8>(), 1..400),
        at in any::<prop::sample::Index>(),
        spoilt in prop::sample::select(vec!["", "\"", "\\", "}", "]", "[", ",", ":", "x", "\n", "0"]),
    ) {
        let mut author = Author { choices: choices.iter(), text: String::new() };
        author.write_map(Some(GroupId(0)), 0);
        let text = author.text;
        let whole = Source::new("whole", text.clone());
        agree(&Source::new("plain", text.replace("\\u4e00 \\\"甲\\\"", "甲").replace("\\u006f", "o")), Format::Json);
        prop_assert!(Parts::of_json(&text, vocabulary()).is_some(), "{}", text);
        agree(&whole, Format::Json);
        agree(&whole, Format::Yaml);
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let end = ends[at.index(ends.len())];
        agree(&Source::new("cut", &text[..end]), Format::Json);
        let rest = text[end..].char_indices().nth(1).map_or("", |(at, _)| &text[end + at..]);
        let other = Source::new("spoilt", format!("{}{spoilt}{rest}", &text[..end]));
        agree(&other, Format::Json);
        agree(&other, Format::Yaml);
    }
}
