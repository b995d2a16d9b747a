//! Hides personal data in everything that is shown.
//!
//! The vocabulary says what is personal (`personal: true`). A person gets a *pseudonym* (`人员-01`) that stays the same
//! for the whole run; any other personal value is struck out. Both are replaced wherever they occur in what an audit
//! says about the case: in evidence, sentences, diagnostics, file names, and in the source lines shown, whose places
//! stay the same.
//!
//! Undecodable content may be personal without anybody knowing: the lines of such a text are not shown, and of the
//! words that a diagnostic quotes only those of the vocabulary are.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::needles::Needles;
use crate::campaign::CampaignAudit;
use crate::sink::Case;
use choucha_core::audit::{CaseAudit, Evidence, Finding, PartFinding};
use choucha_core::diagnostic::{Code, Diagnostic, Level};
use choucha_core::expr::{Trace, TraceValue};
use choucha_core::lang::Text;
use choucha_core::record::Record;
use choucha_core::source::{Origin, Source, Span};
use choucha_core::text;
use choucha_core::value::naming::{normal, tidy};
use choucha_core::value::{Day, Party, Row, ShapeId, Type, Value};
use choucha_core::vocabulary::{Entry, Fact, PARTY_KEYS, Vocabulary};

/// The replacement of a personal value that is not a person's name.
#[must_use]
pub fn struck_out() -> Text {
    Text::new("［已隐去］", "[masked]")
}

/// The pseudonym of the person at a position, from 0.
#[must_use]
pub fn pseudonym(at: usize) -> Text {
    let n = at.saturating_add(1);
    text!("人员-{n:02}", "person-{n:02}")
}

/// Masks the cases of a run, one after another in the order of the input: pseudonyms are numbered in the order in which
/// persons first occur.
#[derive(Debug)]
pub(crate) struct Masker<'v> {
    vocabulary: &'v Vocabulary,
    /// All words that the vocabulary uses as names.
    words: HashSet<&'v str>,
    /// The numbers of persons, by identifier and by name.
    by_id: HashMap<Box<str>, usize>,
    by_name: HashMap<Box<str>, usize>,
    persons: usize,
    /// All personal values met so far, with their replacements.
    met: HashMap<String, Text>,
}

impl<'v> Masker<'v> {
    /// Masks what the vocabulary declares personal.
    #[must_use]
    pub(crate) fn new(vocabulary: &'v Vocabulary) -> Self {
        Masker {
            words: words(vocabulary),
            vocabulary,
            by_id: HashMap::new(),
            by_name: HashMap::new(),
            persons: 0,
            met: HashMap::new(),
        }
    }

    /// Masks the audit of a campaign and across its cases, whose personal values have all been met before.
    pub(crate) fn campaign(&mut self, audit: &mut CampaignAudit) {
        let met = self.met.iter();
        let mut found: Vec<(String, Text)> = met.map(|(a, b)| (a.clone(), b.clone())).collect();
        found.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let mut hidden = Hidden::of_needles(found);
        let mut unread = Unread::default();
        for diagnostic in &mut audit.diagnostics {
            self.diagnostic(diagnostic, &mut hidden, &mut unread);
        }
        for group in audit.scopes.iter_mut().flat_map(|scope| &mut scope.shown) {
            hidden.text(&mut group.key);
            for case in &mut group.cases {
                hidden.string(&mut case.place);
                if let Some(number) = &mut case.number {
                    hidden.string(number);
                }
            }
            self.audited(&mut group.audit, &mut hidden, &mut unread);
        }
    }

    /// Masks the audit of a case, or the reason why there is none, and its title.
    pub(crate) fn hide(&mut self, case: &mut Case) {
        let Some(record) = &case.record else {
            if let Err(problems) = &mut case.result {
                self.problems(problems, None);
            }
            return;
        };
        let mut hidden = self.hidden(record);
        hidden.string(&mut case.title);
        hidden.string(&mut case.path);
        match &mut case.result {
            Ok(audit) => self.audited(audit, &mut hidden, &mut Unread::default()),
            Err(problems) => self.read(problems, &mut hidden),
        }
    }

    fn audited(&self, audit: &mut CaseAudit, hidden: &mut Hidden, unread: &mut Unread) {
        hidden.string(&mut audit.case);
        if let Some(because) = &mut audit.ruleset_chosen_because {
            hidden.text(because);
        }
        let subject = &mut audit.subject;
        for name in [
            &mut subject.respondent,
            &mut subject.product,
            &mut subject.county,
            &mut subject.sampling_agency,
            &mut subject.inspection_agency,
        ]
        .into_iter()
        .flatten()
        {
            let [shown, _] = hidden.of(name);
            *name = shown.into();
        }
        audit.source = hidden.source(&audit.source);
        for finding in &mut audit.findings {
            hidden.finding(finding);
        }
        for waiver in &mut audit.idle_waivers {
            hidden.waiver(waiver);
        }
        for diagnostic in &mut audit.diagnostics {
            self.diagnostic(diagnostic, hidden, unread);
        }
    }

    /// Masks the diagnostics of a record, or of something without a record.
    pub(crate) fn problems(&mut self, problems: &mut [Diagnostic], record: Option<&Record>) {
        if let Some(record) = record {
            let mut hidden = self.hidden(record);
            self.read(problems, &mut hidden);
            return;
        }
        let mut unread = Unread::default();
        for problem in problems {
            self.unread(problem, &mut unread);
            self.quoted(problem);
        }
    }

    fn read(&self, problems: &mut [Diagnostic], hidden: &mut Hidden) {
        let mut unread = Unread::default();
        for problem in problems {
            self.diagnostic(problem, hidden, &mut unread);
        }
    }

    fn diagnostic(&self, diagnostic: &mut Diagnostic, hidden: &mut Hidden, unread: &mut Unread) {
        // These diagnostics quote names of files, cases and rule sets.
        if !matches!(
            diagnostic.code,
            Code::RecordSameDossier | Code::RecordSameNumber | Code::UsageUnknownName
        ) {
            self.quoted(diagnostic);
        }
        for text in said(diagnostic) {
            hidden.text(text);
        }
        if let Some(about) = &mut diagnostic.about {
            hidden.string(about);
        }
        // A value that was not understood may be anything, whatever fact it belongs to.
        if diagnostic.level == Level::Error {
            self.unread(diagnostic, unread);
            return;
        }
        for label in &mut diagnostic.labels {
            hidden.span(&mut label.span);
        }
    }

    /// Makes illegible what a diagnostic shows of its sources, except words of the vocabulary.
    fn unread(&self, diagnostic: &mut Diagnostic, unread: &mut Unread) {
        for label in &mut diagnostic.labels {
            let source = &label.span.source;
            let blanked = match &unread.last {
                Some((of, blanked)) if Arc::ptr_eq(of, source) => Arc::clone(blanked),
                _ => self.illegible(source),
            };
            unread.last = Some((Arc::clone(source), Arc::clone(&blanked)));
            label.span = Span::new(&blanked, label.span.range.clone());
        }
    }

    fn illegible(&self, source: &Source) -> Arc<Source> {
        let mut unknown: Vec<Range<usize>> = Vec::new();
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut start = 0;
        for word in source.text().split_inclusive(|c| !is_word(c)) {
            let end = start + word.len();
            if !self.words.contains(word.trim_end_matches(|c| !is_word(c))) {
                unknown.push(start..end);
            }
            start = end;
        }
        source.blanked(source.name().to_owned(), &unknown)
    }

    /// Strikes out quoted words that are not in the vocabulary.
    fn quoted(&self, diagnostic: &mut Diagnostic) {
        for text in said(diagnostic) {
            text.zh = self.unquoted(&text.zh, &struck_out().zh);
            text.en = self.unquoted(&text.en, &struck_out().en);
        }
    }

    fn unquoted(&self, text: &str, mask: &str) -> String {
        let mut parts = text.split('`');
        let mut out = parts.next().unwrap_or_default().to_owned();
        // Quoted and unquoted parts alternate; an unmatched backtick quotes to the end.
        for (at, part) in parts.enumerate() {
            out.push('`');
            let quoted = at % 2 == 0;
            match quoted && !self.is_known(part) {
                true => out.push_str(mask),
                false => out.push_str(part),
            }
        }
        out
    }

    /// Whether a quotation consists of words of the vocabulary.
    fn is_known(&self, quoted: &str) -> bool {
        let is_word = |word: &str| {
            let word = word.trim();
            // Days are given as examples; a personal day is struck out anyway.
            word.is_empty()
                || Day::parse(word).is_some()
                || self.words.contains(word)
                || self.vocabulary.find(word).is_some()
        };
        is_word(quoted) || quoted.split(['{', '}', '[', ']', ',', ':']).all(is_word)
    }

    fn person(&mut self, party: &Party) -> usize {
        let name: Box<str> = normal(&party.name).into();
        let known = match &party.id {
            Some(id) => self.by_id.get(normal(id).as_str()),
            None => self.by_name.get(&name),
        };
        let at = known.copied().unwrap_or(self.persons);
        if at == self.persons {
            self.persons += 1;
        }
        if let Some(id) = &party.id {
            self.by_id.insert(normal(id).into(), at);
        }
        self.by_name.entry(name).or_insert(at);
        at
    }

    /// What to hide of a record.
    fn hidden(&mut self, record: &Record) -> Hidden {
        let mut found = Vec::new();
        self.collect(record.root(), ShapeId::ROOT, &mut found);
        self.met.extend(found.iter().cloned());
        found.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        found.dedup_by(|(a, _), (b, _)| a == b);
        let mut hidden = Hidden::of_needles(found);
        let source = record.source();
        let blanked = hidden.blanked(source, self.places(record));
        hidden.sources.push((Arc::clone(source), blanked));
        hidden
    }

    /// The places of personal facts in the text.
    fn places(&self, record: &Record) -> Vec<Range<usize>> {
        let origins = record.origins(self.vocabulary);
        let is_personal = |path: &str| {
            let mut key = String::with_capacity(path.len());
            let mut rest = path;
            while let Some((before, after)) = rest.split_once('[') {
                key.push_str(before);
                key.push_str("[]");
                rest = after.split_once(']').map_or("", |(_, after)| after);
            }
            key.push_str(rest);
            // An element of a list belongs to the list.
            let fact = [key.as_str(), key.trim_end_matches("[]")]
                .into_iter()
                .find_map(|key| self.fact(key));
            fact.is_some_and(|fact| fact.personal)
        };
        let written = |path: &str| {
            let value = origins.value(path)?;
            // The place of a blank value is that of its key.
            (origins.key(path).as_ref() != Some(&value)).then_some(value.range)
        };
        origins
            .paths()
            .filter(|path| is_personal(path))
            .filter_map(|path| written(&path))
            .collect()
    }

    fn fact(&self, path: &str) -> Option<&'v Fact> {
        match self.vocabulary.find(path)? {
            Entry::Fact(id) => Some(self.vocabulary.fact(id)),
            Entry::Group(_) => None,
        }
    }

    fn collect(&mut self, row: &Row, shape: ShapeId, found: &mut Vec<(String, Text)>) {
        let vocabulary = self.vocabulary;
        let facts = vocabulary.shape(shape).facts.iter();
        for (id, value) in facts.zip(&row.slots) {
            let fact = vocabulary.fact(*id);
            match (&fact.ty, value) {
                (Type::Rows(inner), Value::Rows(rows)) => {
                    for row in rows.iter() {
                        self.collect(row, *inner, found);
                    }
                }
                _ if fact.personal => self.value(fact, value, found),
                _ => {}
            }
        }
    }

    fn value(&mut self, fact: &Fact, value: &Value, found: &mut Vec<(String, Text)>) {
        match value {
            Value::Party(party) => {
                let instead = pseudonym(self.person(party));
                variants(&party.name, &instead, found);
                // As in sentences: the number follows the name, to distinguish namesakes.
                variants(&party.to_string(), &instead, found);
                if let Some(id) = &party.id {
                    variants(id, &struck_out(), found);
                }
            }
            Value::Text(text) => variants(text, &struck_out(), found),
            Value::List(items) => {
                for item in items.iter() {
                    self.value(fact, item, found);
                }
            }
            Value::Int(_) | Value::Decimal(_) | Value::Day(_) | Value::Moment(_) => {
                let shown = self.vocabulary.show(&fact.ty, value).en;
                variants(&shown, &struck_out(), found);
            }
            Value::Unknown
            | Value::None
            | Value::Done
            | Value::Bool(_)
            | Value::Symbol(_)
            | Value::Rows(_) => {}
        }
    }
}

/// The forms in which a value may be written: unchanged, and without white space.
fn variants(value: &str, instead: &Text, found: &mut Vec<(String, Text)>) {
    let (trimmed, shown) = (value.trim(), tidy(value));
    if trimmed.is_empty() {
        return;
    }
    found.push((trimmed.to_owned(), instead.clone()));
    if *shown != *trimmed {
        found.push((shown.into(), instead.clone()));
    }
}

/// All texts of a diagnostic.
fn said(diagnostic: &mut Diagnostic) -> impl Iterator<Item = &mut Text> {
    std::iter::once(&mut diagnostic.message)
        .chain(&mut diagnostic.why)
        .chain(&mut diagnostic.help)
        .chain(diagnostic.labels.iter_mut().map(|label| &mut label.text))
}

/// All names in the vocabulary.
fn words(vocabulary: &Vocabulary) -> HashSet<&str> {
    let mut words: HashSet<&str> = PARTY_KEYS.iter().map(|(word, _)| *word).collect();
    for fact in vocabulary.facts() {
        words.insert(fact.code.as_str());
        words.extend(fact.aliases.iter().map(String::as_str));
        for text in [&fact.label, &fact.title, &fact.name] {
            words.extend([text.zh.as_str(), text.en.as_str()]);
        }
    }
    for group in &vocabulary.groups {
        words.extend([group.code.as_str(), &group.label.zh, &group.label.en]);
        words.extend(group.aliases.iter().map(String::as_str));
    }
    for it in vocabulary.enums() {
        words.extend([it.code.as_str(), &it.label.zh, &it.label.en]);
        for value in &it.values {
            words.extend([value.code.as_str(), &value.label.zh, &value.label.en]);
            words.extend(value.aliases.iter().map(String::as_str));
        }
    }
    words
}

/// The last source made illegible, with the result: many diagnostics share one source.
#[derive(Default)]
struct Unread {
    last: Option<(Arc<Source>, Arc<Source>)>,
}

/// What to hide in one case, or in all, and the masked sources.
struct Hidden {
    finder: Option<Needles>,
    instead: Vec<Text>,
    /// Sources with their masked versions.
    sources: Vec<(Arc<Source>, Arc<Source>)>,
}

impl Hidden {
    /// `found`: distinct texts with their replacements.
    fn of_needles(found: Vec<(String, Text)>) -> Hidden {
        Hidden {
            finder: Needles::new(found.iter().map(|(needle, _)| needle.as_str())),
            instead: found.into_iter().map(|(_, instead)| instead).collect(),
            sources: Vec::new(),
        }
    }

    /// A source with everything hidden that is to be, and with these ranges illegible.
    fn blanked(&self, source: &Source, mut ranges: Vec<Range<usize>>) -> Arc<Source> {
        let text = source.text();
        match self.finder.as_ref().and_then(|finder| finder.find(text)) {
            Some(found) => ranges.extend(found.into_iter().map(|needle| needle.range)),
            None => ranges.push(0..text.len()),
        }
        let [name, _] = self.of(source.name());
        source.blanked(name, &ranges)
    }

    /// The masked version of a source, computed once.
    fn source(&mut self, source: &Arc<Source>) -> Arc<Source> {
        // The gathered sources of several groups have one name and different texts.
        let same = |of: &Source| of.is_same(source) && of.text() == source.text();
        let mut latest = self.sources.iter().rev();
        let known = latest.find(|(of, _)| Arc::ptr_eq(of, source) || same(of));
        if let Some((_, blanked)) = known {
            return Arc::clone(blanked);
        }
        let blanked = self.blanked(source, Vec::new());
        self.sources
            .push((Arc::clone(source), Arc::clone(&blanked)));
        blanked
    }

    /// A text with everything hidden that is to be, in Chinese and in English.
    fn of(&self, text: &str) -> [String; 2] {
        let finder = self.finder.as_ref();
        let Some(needles) = finder.and_then(|finder| finder.find(text)) else {
            // Without a finder nothing can be recognised.
            return [struck_out().zh, struck_out().en];
        };
        let (mut zh, mut en) = (String::new(), String::new());
        let mut end = 0;
        for found in needles {
            let before = text.get(end..found.range.start).unwrap_or_default();
            let instead = self.instead.get(found.at);
            let instead = instead.cloned().unwrap_or_else(struck_out);
            zh.push_str(before);
            en.push_str(before);
            zh.push_str(&instead.zh);
            en.push_str(&instead.en);
            end = found.range.end;
        }
        let rest = text.get(end..).unwrap_or_default();
        zh.push_str(rest);
        en.push_str(rest);
        [zh, en]
    }

    fn text(&self, text: &mut Text) {
        let [zh, _] = self.of(&text.zh);
        let [_, en] = self.of(&text.en);
        *text = Text::new(zh, en);
    }

    fn string(&self, text: &mut String) {
        let [zh, _] = self.of(text);
        *text = zh;
    }

    fn span(&mut self, span: &mut Span) {
        let blanked = self.source(&span.source);
        *span = Span::new(&blanked, span.range.clone());
    }

    fn finding(&mut self, finding: &mut Finding) {
        self.text(&mut finding.because);
        for part in &mut finding.parts {
            self.part(part);
        }
        for evidence in &mut finding.evidence {
            self.evidence(evidence);
        }
        for reading in &mut finding.readings {
            self.text(reading);
        }
        for party in &mut finding.responsible {
            let shown = party.to_string();
            let [name, _] = self.of(&shown);
            // A party of which nothing is hidden is not personal: its number stays.
            if name != shown {
                party.name = name.into();
                party.id = None;
            }
        }
        if let Some(waiver) = &mut finding.waiver {
            self.waiver(waiver);
        }
        for trace in &mut finding.traces {
            self.trace(trace);
        }
    }

    fn part(&self, part: &mut PartFinding) {
        self.text(&mut part.because);
        if let Some(trace) = &mut part.trace {
            self.trace(trace);
        }
    }

    fn evidence(&mut self, evidence: &mut Evidence) {
        let before = (evidence.value.clone(), evidence.shown.clone());
        self.string(&mut evidence.value);
        self.text(&mut evidence.shown);
        let is_value = !matches!(evidence.value.as_str(), "" | "none" | "true" | "false");
        if evidence.personal
            && is_value
            && before == (evidence.value.clone(), evidence.shown.clone())
        {
            evidence.value = struck_out().zh;
            evidence.shown = struck_out();
        }
        match &mut evidence.origin {
            Origin::Text(span) => self.span(span),
            Origin::Inferred {
                span: Some(span), ..
            } => self.span(span),
            Origin::Inferred { span: None, .. }
            | Origin::Assumed
            | Origin::Complete
            | Origin::Absent => {}
        }
    }

    fn waiver(&mut self, waiver: &mut choucha_core::audit::Waiver) {
        self.string(&mut waiver.approver);
        self.string(&mut waiver.reason);
        if let Some(span) = &mut waiver.span {
            self.span(span);
        }
    }

    fn trace(&self, trace: &mut Trace) {
        self.text(&mut trace.text);
        if let TraceValue::Value(value) = &mut trace.value {
            self.text(value);
        }
        for child in &mut trace.children {
            self.trace(child);
        }
    }
}
