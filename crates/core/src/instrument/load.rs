//! Reads the registry: `instruments:` with a list of maps.

mod raw;

use std::sync::Arc;

use super::{Instrument, Instruments, Rank};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::lang::Text;
use crate::prepared;
use crate::source::{Position, Source, Span};
use crate::text;
use crate::value::Day;
use crate::written::{Entries, Place, Word, Written};
use raw::File;

/// The keys of an entry. Dates may be written short or long: `issued` or `issued_on`, `in_force` or `in_force_from`.
const KEYS: [&str; 15] = [
    "number",
    "title",
    "title_en",
    "short",
    "short_en",
    "issuer",
    "rank",
    "issued",
    "issued_on",
    "in_force",
    "in_force_from",
    "in_force_until",
    "text",
    "digest",
    "clauses",
];

/// Reads the registry in a file.
///
/// # Errors
///
/// Diagnostics for all its errors.
pub fn load(source: &Arc<Source>) -> Result<Instruments, Vec<Diagnostic>> {
    let file: File = match prepared::read(source).map_or_else(|| raw::read(source.text()), Ok) {
        Ok(file) => file,
        Err(error) => {
            let place = error.location().map_or(0..0, |at| place(source, at.into()));
            let message = text!(
                "登记表不是合法的 YAML：{error}",
                "the registry is not valid YAML: {error}"
            );
            let help = Text::new(
                "写作 instruments: 及其下的列表，每项为若干键值",
                "write `instruments:` and a list of maps under it",
            );
            return Err(vec![
                Diagnostic::new(Code::InstrumentsInvalid, message)
                    .at(Span::new(source, place))
                    .help(help),
            ]);
        }
    };
    let mut loader = Loader {
        source,
        problems: Vec::new(),
    };
    let mut instruments: Vec<Instrument> = Vec::new();
    for Entries(pairs) in file.instruments {
        let Some(instrument) = loader.entry(&pairs) else {
            continue;
        };
        if let Some(first) = instruments
            .iter()
            .find(|known| known.number == instrument.number)
        {
            let number = &instrument.number;
            let message = text!(
                "文号 `{number}` 登记了两次",
                "the number `{number}` is registered twice"
            );
            let problem = Diagnostic::new(Code::InstrumentsInvalid, message)
                .at(instrument.declared.clone())
                .label(
                    first.declared.clone(),
                    Text::new("首次登记", "registered here first"),
                );
            loader.problems.push(problem);
        }
        instruments.push(instrument);
    }
    if loader.problems.is_empty() {
        Ok(Instruments(instruments))
    } else {
        Err(loader.problems)
    }
}

/// The byte range for a place reported by the YAML reader: to the end of its line or token.
pub(super) fn place(source: &Source, at: Place) -> std::ops::Range<usize> {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let start = source.offset(Position {
        line: number(at.line),
        column: number(at.column),
    });
    let rest = source.text().get(start..).unwrap_or("");
    let line = rest.find('\n').unwrap_or(rest.len());
    let token = number(at.characters).max(1);
    let length: usize = rest.chars().take(token).map(char::len_utf8).sum();
    start..start + length.min(line)
}

struct Loader<'a> {
    source: &'a Arc<Source>,
    problems: Vec<Diagnostic>,
}

impl Loader<'_> {
    fn span(&self, at: Place) -> Span {
        Span::new(self.source, place(self.source, at))
    }

    fn wrong(&mut self, at: Span, message: Text, help: Option<Text>) {
        let mut problem = Diagnostic::new(Code::InstrumentsInvalid, message).at(at);
        problem.help.extend(help);
        self.problems.push(problem);
    }

    fn entry(&mut self, pairs: &[(Word, Written<Option<String>>)]) -> Option<Instrument> {
        let before = self.problems.len();
        let declared = self.span(pairs.first()?.0.at);
        for (key, _) in pairs {
            let name = key.value.as_str();
            if !KEYS.contains(&name) {
                let help = nearest(name, KEYS)
                    .map(|near| text!("是否应为 `{near}`？", "did you mean `{near}`?"));
                let at = self.span(key.at);
                self.wrong(
                    at,
                    text!(
                        "登记表没有 `{name}` 这一项",
                        "the registry has no key `{name}`"
                    ),
                    help,
                );
            }
        }
        let find = |names: &[&str]| -> Option<(String, Place)> {
            let (_, value) = pairs
                .iter()
                .find(|(key, _)| names.contains(&key.value.as_str()))?;
            let text = value.value.as_deref()?.trim();
            (!text.is_empty()).then(|| (text.to_owned(), value.at))
        };
        let mut required = |name: &str| match find(&[name]) {
            Some((text, _)) => text,
            None => {
                let message = text!("规范文件缺少 `{name}`", "the instrument lacks `{name}`");
                self.wrong(declared.clone(), message, None);
                String::new()
            }
        };
        let number = required("number");
        let title = Text::new(required("title"), required("title_en"));
        let issuer = required("issuer");
        let rank = required("rank");
        let short = find(&["short"]).map(|(zh, _)| {
            let en = find(&["short_en"]).map_or_else(|| zh.clone(), |(en, _)| en);
            Text::new(zh, en)
        });
        let rank = self.rank(&rank, find(&["rank"]).map(|(_, at)| at));
        let issued_on = self.day(find(&["issued_on", "issued"]));
        let in_force_from = self.day(find(&["in_force_from", "in_force"]));
        let in_force_until = self.day(find(&["in_force_until"]));
        let digest = find(&["digest"]).map(|(digest, at)| {
            let hex = digest.strip_prefix("sha256:").unwrap_or("");
            if hex.len() != 64 || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                let at = self.span(at);
                let message = text!("`{digest}` 不是摘要", "`{digest}` is not a digest");
                let help = Text::new(
                    "写作 sha256: 加64位小写十六进制数",
                    "write sha256: and 64 lower-case hexadecimal digits",
                );
                self.wrong(at, message, Some(help));
            }
            digest
        });
        (self.problems.len() == before).then_some(Instrument {
            number,
            title,
            short,
            issuer,
            rank: rank?,
            issued_on,
            in_force_from,
            in_force_until,
            text: find(&["text"]).map(|(text, _)| text),
            digest,
            clauses: find(&["clauses"]).map(|(name, _)| name),
            declared,
        })
    }

    fn rank(&mut self, code: &str, at: Option<Place>) -> Option<Rank> {
        let rank = Rank::of_code(code);
        if let (None, Some(at)) = (rank, at) {
            let codes = Rank::ALL.map(Rank::code);
            let help = match nearest(code, codes) {
                Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
                None => Text::same(codes.join(", ")),
            };
            let at = self.span(at);
            self.wrong(
                at,
                text!("没有 `{code}` 这一位阶", "there is no rank `{code}`"),
                Some(help),
            );
        }
        rank
    }

    fn day(&mut self, found: Option<(String, Place)>) -> Option<Day> {
        let (text, at) = found?;
        let day = Day::parse(&text);
        if day.is_none() {
            let at = self.span(at);
            let help = Text::new("写作 2024-01-05", "write it as 2024-01-05");
            self.wrong(
                at,
                text!("`{text}` 不是日期", "`{text}` is not a date"),
                Some(help),
            );
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "instruments:\n  - number: 某市监发〔2024〕3号\n    title: 通知\n    title_en: Notice\n    issuer: 某局\n    rank: notice\n    issued: 2024-01-05\n    in_force_from: 2024-01-06\n";

    #[test]
    fn an_instrument_is_read_with_its_dates_and_place() {
        let source = Source::new("instruments.yaml", GOOD);
        let registry = load(&source).unwrap();
        let notice = registry.get("某市监发〔2024〕3号").unwrap();
        assert_eq!(notice.rank, Rank::Notice);
        assert_eq!(notice.issued_on, Day::parse("2024-01-05"));
        assert_eq!(notice.in_force_from, Day::parse("2024-01-06"));
        assert_eq!(notice.declared.position().to_string(), "2:5");
        assert_eq!(
            registry.nearest("某市监发〔2024〕8号"),
            Some("某市监发〔2024〕3号")
        );
    }

    #[test]
    fn everything_wrong_with_the_registry_is_reported_at_its_place() {
        let cases = [
            ("instruments: 5\n", "valid YAML", "1:"),
            ("", "valid YAML", "1:1"),
            ("instruments: [\n", "valid YAML", ""),
            ("other: []\n", "valid YAML", "1:1"),
            (&"[".repeat(100_000), "valid YAML", ""),
            (
                &format!("instruments: {}\n", "[".repeat(100_000)),
                "valid YAML",
                "",
            ),
            (&format!("{GOOD}    titel: x\n"), "no key `titel`", "9:5"),
            (
                &format!("{GOOD}    in_force_until: 2024-02-30\n"),
                "not a date",
                "9:21",
            ),
            (&format!("{GOOD}    digest: abc\n"), "not a digest", "9:13"),
            (
                &GOOD.replace("rank: notice", "rank: notise"),
                "no rank `notise`",
                "6:11",
            ),
            (
                &GOOD.replace("    issuer: 某局\n", ""),
                "lacks `issuer`",
                "2:5",
            ),
            (
                &format!("{GOOD}{}", GOOD.replace("instruments:\n", "")),
                "registered twice",
                "9:5",
            ),
            (&format!("{GOOD}    issuer: 某局\n"), "valid YAML", "9:5"),
        ];
        for (text, message, place) in cases {
            let source = Source::new("instruments.yaml", text);
            let problems = load(&source).unwrap_err();
            assert!(
                problems[0].message.en.contains(message),
                "{text}: {problems:?}"
            );
            let at = problems[0].labels[0].span.position().to_string();
            assert!(at.starts_with(place), "{text}: {at}");
        }
    }
}
