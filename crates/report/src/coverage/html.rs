//! Coverage as a page: one file, nothing loaded from elsewhere, no script; for the screen and for paper.

use std::fmt::Write as _;

use super::{encoders, reasons, summary};
use choucha_core::instrument::ClauseKind;
use choucha_core::lang::Lang;
use choucha_core::layout;
use choucha_core::text;
use choucha_rules::coverage::{Coverage, Encoding, Row, Status};

const STYLE: &str = include_str!("page.css");

/// The coverage of rule sets as a page: every clause in the order of the text, its quoted words marked, next to the
/// obligations that encode it or the reason why it is not audited.
#[must_use]
pub fn render_html(coverages: &[Coverage], lang: Lang) -> String {
    let mut page = Page {
        out: String::new(),
        lang,
    };
    page.whole(coverages);
    page.out
}

struct Page {
    out: String,
    lang: Lang,
}

impl Page {
    fn add(&mut self, html: &str) {
        self.out.push_str(html);
    }

    /// Adds escaped text.
    fn text(&mut self, text: &str) {
        for c in layout::visible(text).chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                c => self.out.push(c),
            }
        }
    }

    fn element(&mut self, tag: &str, class: &str, text: &str) {
        // Writing to a String cannot fail.
        let _ = match class {
            "" => write!(self.out, "<{tag}>"),
            class => write!(self.out, "<{tag} class=\"{class}\">"),
        };
        self.text(text);
        let _ = write!(self.out, "</{tag}>");
    }

    fn whole(&mut self, coverages: &[Coverage]) {
        let lang = self.lang;
        let code = lang.pick("zh-CN", "en");
        let title = lang.pick("条款覆盖", "Clause coverage");
        let _ = write!(
            self.out,
            "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
        );
        self.text(title);
        for coverage in coverages {
            self.text(" · ");
            self.text(&coverage.instrument);
        }
        self.add("</title>\n<style>\n");
        self.add(STYLE);
        self.add("</style>\n</head>\n<body>\n");
        if coverages.len() > 1 {
            self.add("<nav><ul>\n");
            for (n, coverage) in coverages.iter().enumerate() {
                let _ = write!(self.out, "<li><a href=\"#set-{n}\">");
                self.text(coverage.title.get(lang));
                self.add("</a> ");
                self.element("span", "id", &coverage.ruleset.0);
                self.add("</li>\n");
            }
            self.add("</ul></nav>\n");
        }
        for (n, coverage) in coverages.iter().enumerate() {
            self.rule_set(n, coverage);
        }
        self.add("</body>\n</html>\n");
    }

    fn rule_set(&mut self, n: usize, coverage: &Coverage) {
        let lang = self.lang;
        let _ = write!(self.out, "<main id=\"set-{n}\">\n<header>\n");
        self.element("h1", "", coverage.title.get(lang));
        self.add("\n<p class=\"instrument\">");
        let (number, name) = (&coverage.instrument, coverage.instrument_title.get(lang));
        self.text(text!("{number}《{name}》", "{number}, {name}").get(lang));
        self.add("</p>\n<p class=\"ids\">");
        let layers: Vec<&str> = coverage
            .layers
            .iter()
            .map(|layer| layer.0.as_str())
            .collect();
        self.element("span", "id", &layers.join(" + "));
        self.add("</p>\n");
        self.tally(coverage);
        self.element("p", "summary", summary(coverage).get(lang));
        let reasons = reasons(coverage, lang);
        if !reasons.is_empty() {
            let line = text!("不可审查的理由：{reasons}", "Not auditable: {reasons}");
            self.element("p", "reasons", line.get(lang));
        }
        if !coverage.with_texts {
            let note = lang.pick(
                "未提供文本（--texts），左栏只列条款编号和所引原文。",
                "Without the texts (--texts) the left column shows the ids of clauses and the words quoted.",
            );
            self.element("p", "note", note);
        } else {
            self.add("<p class=\"note\"><mark>");
            self.text(lang.pick("标出的文字", "Marked words"));
            self.add("</mark>");
            self.text(lang.pick("是义务所引的原文。", " are quoted by an obligation."));
            self.add("</p>");
        }
        self.add("\n</header>\n<table>\n<thead><tr>");
        for title in [
            lang.pick("条款", "Clause"),
            lang.pick("原文", "Text"),
            lang.pick("由谁回应", "Answered for by"),
        ] {
            self.element("th", "", title);
        }
        self.add("</tr></thead>\n");
        let mut section: Option<&str> = None;
        for row in &coverage.rows {
            if section != Some(row.id.section.as_str()) {
                self.add(if section.is_some() {
                    "</tbody>\n<tbody>\n"
                } else {
                    "<tbody>\n"
                });
                section = Some(&row.id.section);
            }
            self.row(row);
        }
        if section.is_some() {
            self.add("</tbody>\n");
        }
        self.add("</table>\n</main>\n");
    }

    /// The numbers, and their shares of the whole.
    fn tally(&mut self, coverage: &Coverage) {
        let lang = self.lang;
        let counts = coverage.counts();
        let shares = [
            ("encoded", lang.pick("已编码", "encoded"), counts.encoded),
            (
                "not-auditable",
                lang.pick("不可审查", "not auditable"),
                counts.not_auditable,
            ),
            ("missing", lang.pick("遗漏", "missing"), counts.missing),
        ];
        self.add("<ul class=\"tally\">");
        for (class, label, n) in shares {
            let none = if n == 0 { " none" } else { "" };
            let _ = write!(self.out, "<li class=\"{class}{none}\"><b>{n}</b> ");
            self.text(label);
            self.add("</li>");
        }
        self.add("</ul>\n<div class=\"bar\" aria-hidden=\"true\">");
        for (class, _, n) in shares.into_iter().filter(|(_, _, n)| *n > 0) {
            let _ = write!(
                self.out,
                "<i class=\"{class}\" style=\"flex-grow:{n}\"></i>"
            );
        }
        self.add("</div>\n");
    }

    fn row(&mut self, row: &Row) {
        let class = match (row.kind, &row.status) {
            (ClauseKind::Heading, _) => "heading",
            (_, Status::Encoded(_)) => "encoded",
            (_, Status::NotAuditable(..)) => "not-auditable",
            (_, Status::Missing) => "missing",
            (_, Status::NoAnswerNeeded) => "other",
        };
        let id = row.id.to_string();
        let _ = write!(self.out, "<tr class=\"{class}\"><td class=\"clause\">");
        self.text(&id);
        self.add("</td><td class=\"words\">");
        self.words(row);
        self.add("</td><td class=\"answer\">");
        self.answer(row);
        self.add("</td></tr>\n");
    }

    /// The words of a clause, the quoted ones marked; without the text, the quotes.
    fn words(&mut self, row: &Row) {
        let encodings: &[Encoding] = match &row.status {
            Status::Encoded(encodings) => encodings,
            _ => &[],
        };
        let Some(words) = &row.text else {
            if encodings.is_empty() {
                self.element("span", "kind", row.kind.label().get(self.lang));
            }
            let mut seen: Vec<&str> = Vec::new();
            for encoding in encodings {
                if !seen.contains(&encoding.quote.as_str()) {
                    seen.push(&encoding.quote);
                    self.element("q", "", &encoding.quote);
                    self.add("<br>");
                }
            }
            return;
        };
        let mut at = 0;
        let mut quoted: Vec<_> = encodings.iter().filter_map(|e| e.quoted.clone()).collect();
        quoted.sort_by_key(|range| (range.start, range.end));
        for range in quoted {
            let start = range.start.max(at);
            if start >= range.end {
                continue;
            }
            self.text(words.get(at..start).unwrap_or(""));
            // Quotes that touch or overlap are one mark.
            if start == at && at > 0 && self.out.ends_with("</mark>") {
                self.out.truncate(self.out.len() - "</mark>".len());
            } else {
                self.add("<mark>");
            }
            self.text(words.get(start..range.end).unwrap_or(""));
            self.add("</mark>");
            at = range.end;
        }
        self.text(words.get(at..).unwrap_or(""));
    }

    fn answer(&mut self, row: &Row) {
        let lang = self.lang;
        match &row.status {
            Status::Encoded(encodings) => {
                self.add("<ul>");
                for encoder in encoders(encodings) {
                    self.add("<li>");
                    self.element("span", "title", encoder.title.get(lang));
                    let bearer = match encoder.bearer {
                        Some(bearer) => bearer.get(lang),
                        None => lang.pick("例外", "exception"),
                    };
                    let line = text!("（{bearer}）", " ({bearer})");
                    self.element("span", "bearer", line.get(lang));
                    self.add(" ");
                    self.element("span", "id", &encoder.id.0);
                    self.add("</li>");
                }
                self.add("</ul>");
            }
            Status::NotAuditable(reason, why) => {
                self.element("span", "reason", reason.label().get(lang));
                self.add(" ");
                self.text(why.get(lang));
            }
            Status::Missing => {
                self.element("span", "reason", row.status.label().get(lang));
                self.add(" ");
                self.text(lang.pick(
                    "没有义务引用，也没有列为不可审查。",
                    "No obligation quotes it, and it is not listed as not auditable.",
                ));
            }
            Status::NoAnswerNeeded if row.kind == ClauseKind::Heading => {}
            Status::NoAnswerNeeded => self.text(row.kind.label().get(lang)),
        }
    }
}
