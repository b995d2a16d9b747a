//! Conduct across cases: tables by person, organisation, role, county, product or obligation, and facts that only several
//! cases show; for the terminal, as JSON and as CSV.
//!
//! Terms: the *rate* of breach is 违规 out of the decided duties, 违规 and 合规; it always comes with both numbers, and
//! undecided duties stand next to it.
//!
//! Invariants: a masked name occurs in no output; the rows add up to the total plus the duties counted more than once, a
//! number the table states.

pub mod csv;
pub mod json;
pub mod terminal;

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use choucha_core::audit::{Outcome, PartyKind};
use choucha_core::lang::{Lang, Text};
use choucha_core::text;
use choucha_core::vocabulary::{Entry, Vocabulary};
use choucha_run::conduct::identity::PartyId;
use choucha_run::conduct::{Account, Book, By, Row, Subject, mask, named};

/// A finished table, ready to be shown.
pub struct View<'a> {
    /// The table.
    pub book: &'a Book,
    /// What its rows stand for; None for everybody who does the work, by role, with the facts only several cases show.
    pub by: Option<By>,
    /// The language of texts.
    pub lang: Lang,
    vocabulary: &'a Vocabulary,
    titles: &'a dyn Fn(&str, &str) -> Option<Text>,
    masked: bool,
    /// Pseudonyms of the persons.
    pseudonyms: HashMap<PartyId, String>,
    /// Finds the texts to hide; their replacements.
    hidden: Option<(AhoCorasick, Vec<String>)>,
}

impl<'a> View<'a> {
    /// The view of a table. `titles` finds the title of an obligation by rule set and id; `masked` hides personal data.
    #[must_use]
    pub fn new(
        book: &'a Book,
        by: Option<By>,
        vocabulary: &'a Vocabulary,
        titles: &'a dyn Fn(&str, &str) -> Option<Text>,
        lang: Lang,
        masked: bool,
    ) -> Self {
        let mut view = View {
            book,
            by,
            lang,
            vocabulary,
            titles,
            masked,
            pseudonyms: HashMap::new(),
            hidden: None,
        };
        if masked {
            view.hide();
        }
        view
    }

    fn hide(&mut self) {
        let (mut needles, mut instead) = (Vec::new(), Vec::new());
        let struck_out = mask::struck_out().get(self.lang).to_owned();
        let persons = self.book.parties.iter();
        let persons = persons.filter(|(_, known)| known.kind == PartyKind::Person);
        for (at, (id, known)) in persons.enumerate() {
            let pseudonym = mask::pseudonym(at).get(self.lang).to_owned();
            for name in std::iter::once(&known.name).chain(&known.other_names) {
                needles.push(name.to_string());
                instead.push(pseudonym.clone());
            }
            if let Some(number) = &known.id {
                needles.push(number.to_string());
                instead.push(struck_out.clone());
            }
            self.pseudonyms.insert(id, pseudonym);
        }
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(needles);
        self.hidden = finder.ok().map(|finder| (finder, instead));
    }

    /// Whether names are masked.
    #[must_use]
    pub fn is_masked(&self) -> bool {
        self.masked
    }

    /// A text of a record, such as a case number or a file name; persons' names are replaced if they are masked.
    #[must_use]
    pub fn shown(&self, text: &str) -> String {
        match (&self.hidden, self.masked) {
            (_, false) => text.to_owned(),
            (Some((finder, instead)), true) => finder.replace_all(text, instead),
            (None, true) => mask::struck_out().get(self.lang).to_owned(),
        }
    }

    /// The display name of a party: its name with its identifier, or a pseudonym.
    #[must_use]
    pub fn name(&self, id: PartyId) -> String {
        let Some(known) = self.book.parties.get(id) else {
            return String::new();
        };
        if let Some(pseudonym) = self.pseudonyms.get(&id) {
            return pseudonym.clone();
        }
        let name = self.shown(&known.name);
        match (&known.id, known.kind) {
            (Some(number), PartyKind::Person) => match self.lang {
                Lang::Zh => format!("{name}（{number}）"),
                Lang::En => format!("{name} ({number})"),
            },
            _ => name,
        }
    }

    /// The label of a role.
    #[must_use]
    pub fn role(&self, code: &str) -> String {
        let mut roles = self.vocabulary.roles().iter();
        roles
            .find(|role| role.code == code)
            .map_or(code, |role| role.label.get(self.lang))
            .to_owned()
    }

    /// The label of a fact.
    #[must_use]
    pub fn fact(&self, path: &str) -> String {
        match self.vocabulary.find(path) {
            Some(Entry::Fact(id)) => self.vocabulary.fact(id).name.get(self.lang).to_owned(),
            _ => path.to_owned(),
        }
    }

    /// The name of a row's subject.
    #[must_use]
    pub fn label(&self, row: &Row) -> String {
        let unknown = || {
            Text::new("未载明", "not on record")
                .get(self.lang)
                .to_owned()
        };
        match &row.subject {
            Subject::Party(id, _) => self.name(*id),
            Subject::Unnamed(role) => {
                let role = self.role(role);
                text!("{role}（未载明）", "{role} (not named)")
                    .get(self.lang)
                    .to_owned()
            }
            Subject::Others(PartyKind::Person) => self
                .pick("由个人承担的义务", "duties that persons answer for")
                .to_owned(),
            Subject::Others(PartyKind::Organisation) => self
                .pick("由单位承担的义务", "duties that organisations answer for")
                .to_owned(),
            Subject::Role(role) => self.role(role),
            Subject::County(None, None) | Subject::Product(None) => unknown(),
            Subject::County(city, county) => {
                let city = city.as_deref().unwrap_or_default();
                match county {
                    Some(county) => {
                        self.shown(&format!("{city}{}{county}", self.between(city, county)))
                    }
                    None => {
                        let city = self.shown(city);
                        text!("{city}（县区未载明）", "{city} (no county)")
                            .get(self.lang)
                            .to_owned()
                    }
                }
            }
            Subject::Product(Some(product)) => self.shown(product),
            Subject::Across => self
                .pick(
                    "跨案审查（不属于某一份案卷）",
                    "across cases, of no one dossier",
                )
                .to_owned(),
            Subject::Duty(set, id) => match (self.titles)(set, id) {
                Some(title) => title.get(self.lang).to_owned(),
                None => id.to_string(),
            },
        }
    }

    /// The separator between the names of a city and a county: a blank between Latin words.
    fn between(&self, city: &str, county: &str) -> &'static str {
        if !city.is_empty() && city.is_ascii() && county.is_ascii() {
            return " ";
        }
        ""
    }

    /// A remark on a row: what its identity rests on, the employer, where it is declared.
    #[must_use]
    pub fn remark(&self, row: &Row) -> Option<String> {
        match &row.subject {
            Subject::Party(id, _) => {
                let known = self.book.parties.get(*id)?;
                let mut said: Vec<String> = Vec::new();
                if known.kind == PartyKind::Person && !known.employers.is_empty() {
                    let employers: Vec<String> =
                        known.employers.iter().map(|e| self.shown(e)).collect();
                    let zh = employers.join("、");
                    let en = employers.join(", ");
                    said.push(
                        text!("单位：{zh}", "employer: {en}")
                            .get(self.lang)
                            .to_owned(),
                    );
                }
                // Identity is in question only if several cases name the person.
                let remark = match (known.kind, row.account.cases) {
                    (PartyKind::Person, 2..) => known.remark(),
                    _ => known.doubts(),
                };
                said.extend(remark.map(|remark| remark.get(self.lang).to_owned()));
                (!said.is_empty()).then(|| said.join(self.pick("；", "; ")))
            }
            Subject::Duty(set, id) => Some(format!("{id} · {set}")),
            _ => None,
        }
    }

    /// A statement about parties, with their names.
    #[must_use]
    pub fn statement(&self, statement: &Text) -> String {
        let text = named(statement.get(self.lang), |id| self.name(id));
        match self.masked {
            true => self.shown(&text),
            false => text,
        }
    }

    /// The wording in the view's language.
    pub(super) fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The title of the table.
    #[must_use]
    pub fn title(&self) -> Text {
        match self.by {
            Some(by) => {
                let by = by.label();
                text!("按{}汇总", "by {}"; by)
            }
            None => Text::new("人员和机构", "people and organisations"),
        }
    }

    /// The rows of a role, in order; the rows of all roles together are all rows.
    pub(super) fn rows_of<'s>(&'s self, role: &'s str) -> impl Iterator<Item = &'s Row> + 's {
        self.book.rows.iter().filter(move |row| match &row.subject {
            Subject::Party(_, Some(of)) | Subject::Unnamed(of) => **of == *role,
            _ => false,
        })
    }

    /// The roles that have rows, in the order of the vocabulary; then roles the vocabulary does not have.
    pub(super) fn roles(&self) -> Vec<&str> {
        let mut roles: Vec<&str> = Vec::new();
        let known = self
            .vocabulary
            .roles()
            .iter()
            .map(|role| role.code.as_str());
        let borne = self.book.rows.iter().filter_map(|row| match &row.subject {
            Subject::Party(_, Some(role)) | Subject::Unnamed(role) => Some(&**role),
            _ => None,
        });
        for role in known.chain(borne) {
            if !roles.contains(&role) && self.rows_of(role).next().is_some() {
                roles.push(role);
            }
        }
        roles
    }
}

/// The disclaimer shown with every list of conflicts.
#[must_use]
pub fn disclaimer() -> Text {
    Text::new(
        "以下各项是几起案卷放在一起才能看到的记载，供核查参考。它们说明案卷怎样记载，不是违规结论，也不说明任何人有过错；请调阅原件，听取说明后判断。",
        "What follows is what several cases show together, on record, to be checked. It says what the records say; it is no finding of a breach and says nothing of anybody's fault. Look at the papers and hear those concerned before judging.",
    )
}

/// A rate with its numbers: `3/41（7.3%）`; a lone `-` where nothing is decided.
#[must_use]
pub fn rate(count: usize, of: usize, lang: Lang) -> String {
    let Some(percent) = percent(count, of) else {
        return "-".to_owned();
    };
    match lang {
        Lang::Zh => format!("{count}/{of}（{percent}%）"),
        Lang::En => format!("{count}/{of} ({percent}%)"),
    }
}

/// A share in percent, with one decimal, rounded half up; None if `of` is 0.
#[must_use]
pub fn percent(count: usize, of: usize) -> Option<String> {
    let (count, of) = (count as u128, of as u128);
    let tenths = (count * 2000 + of).checked_div(of * 2)?;
    Some(format!("{}.{}", tenths / 10, tenths % 10))
}

/// The days the cases of a row were sampled: `2024-01-18—2024-02-03`, or one day.
#[must_use]
pub fn days(account: &Account) -> String {
    match (account.first, account.last) {
        (Some(first), Some(last)) if first != last => format!("{first}—{last}"),
        (Some(day), _) | (None, Some(day)) => day.to_string(),
        (None, None) => "-".to_owned(),
    }
}

/// The outcomes of owed duties, in the order of the tables.
pub(super) const OWED: [Outcome; 7] = [
    Outcome::Violated,
    Outcome::Satisfied,
    Outcome::Undetermined,
    Outcome::Review,
    Outcome::Pending,
    Outcome::Waived,
    Outcome::Errored,
];
