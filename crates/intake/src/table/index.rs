//! The names of columns and sheets, and their meanings.
//!
//! A column is named like its fact in a dossier (code, label in either language, alias); where that is ambiguous, by
//! the groups above it and the fact (`检验报告·报告出具日期`), or by its path. White space, full-width forms and
//! case do not count.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use choucha_core::diagnostic::nearest;
use choucha_core::value::naming::normal;
use choucha_core::value::{ShapeId, Type};
use choucha_core::vocabulary::{Entry, FactId, GroupId, PARTY_KEYS, PartyField, Vocabulary};

/// The contents of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Fact(FactId),
    /// One property of the persons or organisation that a fact names.
    Party(FactId, PartyField),
}

impl Target {
    pub(super) fn fact(self) -> FactId {
        match self {
            Target::Fact(fact) | Target::Party(fact, _) => fact,
        }
    }
}

/// The meaning of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    One(Target),
    /// The name is ambiguous.
    Several(Vec<FactId>),
    Nothing,
}

/// The names of the facts below one group: of a record, or of a row of a list of groups.
pub(super) struct Index<'v> {
    vocabulary: &'v Vocabulary,
    /// Names that are unambiguous alone: paths, titles, the shortest ends of titles.
    whole: HashMap<String, Vec<FactId>>,
    /// By the last part of a name: the facts, each with the groups above it.
    last: HashMap<String, Vec<(FactId, Vec<GroupId>)>>,
    group_names: HashMap<GroupId, Vec<String>>,
    /// Names as written, for suggestions.
    written: Vec<(String, FactId)>,
}

/// The normal form of a name.
pub(super) fn plain(name: &str) -> String {
    let mut form = normal(name);
    // A star marks required columns.
    form.retain(|c| c != '*');
    form
}

/// The parts of a name: groups, then the fact.
pub(super) fn parts(name: &str) -> Vec<String> {
    let plain: String = name
        .nfkc()
        .map(|c| if c == '\n' { '·' } else { c })
        .collect();
    plain
        .split(['·', '・', '•', '/', '>', ':', '.', '—', '-', '|'])
        .map(self::plain)
        .filter(|part| !part.is_empty())
        .collect()
}

impl<'v> Index<'v> {
    /// The names below a group; 0 is the record.
    pub(super) fn of(vocabulary: &'v Vocabulary, base: GroupId) -> Self {
        let mut index = Index::empty(vocabulary);
        index.enter(base, &mut Vec::new());
        index.sorted()
    }

    /// The names of the facts of a campaign's own record, and of `complete`.
    pub(super) fn of_campaign(vocabulary: &'v Vocabulary, campaign: GroupId) -> Self {
        let mut index = Index::empty(vocabulary);
        index.enter(campaign, &mut Vec::new());
        let complete = usize::from(vocabulary.reserved().complete.0);
        if let Some(id) = vocabulary.shape(ShapeId::ROOT).facts.get(complete) {
            index.add(*id, &[]);
        }
        index.sorted()
    }

    fn empty(vocabulary: &'v Vocabulary) -> Self {
        Index {
            vocabulary,
            whole: HashMap::new(),
            last: HashMap::new(),
            group_names: HashMap::new(),
            written: Vec::new(),
        }
    }

    fn sorted(mut self) -> Self {
        for facts in self.whole.values_mut() {
            facts.sort_unstable();
            facts.dedup();
        }
        self
    }

    fn enter(&mut self, group: GroupId, above: &mut Vec<GroupId>) {
        let vocabulary = self.vocabulary;
        let entries = &vocabulary.group(group).entries;
        for entry in entries {
            match *entry {
                // Facts gathered from cases stand in no table of cases.
                Entry::Fact(id) if group == GroupId(0) && vocabulary.fact(id).is_across() => {}
                Entry::Group(inner) => {
                    let held = vocabulary.group(inner);
                    if held.is_across() {
                        continue;
                    }
                    let mut names = vec![held.code.as_str(), &held.label.zh, &held.label.en];
                    names.extend(held.aliases.iter().map(String::as_str));
                    self.group_names
                        .insert(inner, names.into_iter().map(plain).collect());
                    above.push(inner);
                    self.enter(inner, above);
                    above.pop();
                }
                Entry::Fact(id) => self.add(id, above),
            }
        }
    }

    fn add(&mut self, id: FactId, above: &[GroupId]) {
        let fact = self.vocabulary.fact(id);
        let inner = fact.path.rsplit("[].").next().unwrap_or(&fact.path);
        for name in [
            fact.path.as_str(),
            inner,
            &fact.title.zh,
            &fact.title.en,
            &fact.name.zh,
            &fact.name.en,
        ] {
            self.whole.entry(plain(name)).or_default().push(id);
        }
        let mut names = vec![fact.code.as_str(), &fact.label.zh, &fact.label.en];
        names.extend(fact.aliases.iter().map(String::as_str));
        let mut names: Vec<String> = names.into_iter().map(plain).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            self.last
                .entry(name)
                .or_default()
                .push((id, above.to_vec()));
        }
        for name in [&fact.name.zh, &fact.label.zh, &fact.path] {
            self.written.push((name.clone(), id));
        }
    }

    /// The meaning of a name below the given headers.
    pub(super) fn find(&self, above: &[&str], name: &str) -> Found {
        if above.is_empty()
            && let Some(found) = self.whole_name(name)
        {
            return found;
        }
        let mut segments: Vec<String> = above.iter().flat_map(|name| parts(name)).collect();
        let own = parts(name);
        // A header over several columns that also names a fact is repeated below: 抽样日期 over 抽样日期.
        segments.extend(own.iter().cloned());
        segments.dedup();
        match self.facts(&segments) {
            Found::Nothing => {}
            found => return found,
        }
        // Labels may themselves contain the separator of parts.
        let mut joined: Vec<String> = above.iter().flat_map(|name| parts(name)).collect();
        joined.push(plain(name));
        match self.facts(&joined) {
            Found::Nothing => {}
            found => return found,
        }
        match self.party(&segments) {
            Found::Nothing => self.ending(&segments),
            found => found,
        }
    }

    /// 检验报告 over 编号: the facts of a group whose name ends like this.
    fn ending(&self, segments: &[String]) -> Found {
        let Some((last, groups)) = segments.split_last() else {
            return Found::Nothing;
        };
        let Some(group) = groups.last().filter(|_| last.chars().count() >= 2) else {
            return Found::Nothing;
        };
        let is_of = |above: &[GroupId]| {
            let own = above.last().and_then(|own| self.group_names.get(own));
            own.is_some_and(|names| names.contains(group)) && self.runs_through(above, groups)
        };
        let mut found: Vec<FactId> = self
            .last
            .iter()
            .filter(|(name, _)| name.ends_with(last.as_str()))
            .flat_map(|(_, facts)| facts)
            .filter(|(_, above)| is_of(above))
            .map(|(fact, _)| *fact)
            .collect();
        found.sort_unstable();
        found.dedup();
        match found.as_slice() {
            [] => Found::Nothing,
            [only] => Found::One(Target::Fact(*only)),
            _ => Found::Several(found),
        }
    }

    /// A name that is unambiguous alone, in the vocabulary's spelling.
    fn whole_name(&self, name: &str) -> Option<Found> {
        match self.whole.get(&plain(name)).map(Vec::as_slice) {
            Some([only]) => Some(Found::One(Target::Fact(*only))),
            _ => None,
        }
    }

    fn facts(&self, segments: &[String]) -> Found {
        let Some((last, groups)) = segments.split_last() else {
            return Found::Nothing;
        };
        let candidates: Vec<&(FactId, Vec<GroupId>)> = self
            .last
            .get(last)
            .into_iter()
            .flatten()
            .filter(|(_, above)| self.runs_through(above, groups))
            .collect();
        // A fact whose groups are all named is preferred to others that fit.
        let exact: Vec<&&(FactId, Vec<GroupId>)> = candidates
            .iter()
            .filter(|(_, above)| above.len() == groups.len())
            .collect();
        match (candidates.as_slice(), exact.as_slice()) {
            ([], _) => Found::Nothing,
            ([(only, _)], _) | (_, [(only, _)]) => Found::One(Target::Fact(*only)),
            (several, _) => Found::Several(several.iter().map(|(fact, _)| *fact).collect()),
        }
    }

    /// Whether the groups above a fact have these names, in this order, possibly with others between.
    fn runs_through(&self, above: &[GroupId], names: &[String]) -> bool {
        let mut above = above.iter();
        names.iter().all(|name| {
            above.any(|group| {
                self.group_names
                    .get(group)
                    .is_some_and(|known| known.contains(name))
            })
        })
    }

    /// 抽样人员·工号: one property of a person or an organisation.
    fn party(&self, segments: &[String]) -> Found {
        let Some((last, rest)) = segments.split_last() else {
            return Found::Nothing;
        };
        let field = PARTY_KEYS
            .iter()
            .find(|(name, _)| plain(name) == *last)
            .map(|(_, field)| *field);
        let (Some(field), Found::One(Target::Fact(fact))) = (field, self.facts(rest)) else {
            return Found::Nothing;
        };
        let of_party = |ty: &Type| matches!(ty, Type::Person | Type::Organisation);
        match &self.vocabulary.fact(fact).ty {
            ty if of_party(ty) => {}
            Type::List(of) if of_party(of) => {}
            _ => return Found::Nothing,
        }
        Found::One(match field {
            PartyField::Name => Target::Fact(fact),
            field => Target::Party(fact, field),
        })
    }

    /// The nearest name to an unknown one, among the facts that may be meant.
    pub(super) fn nearest(&self, name: &str, may_be: impl Fn(FactId) -> bool) -> Option<&str> {
        let short: String = name.chars().take(60).collect();
        let names = self.written.iter().filter(|(_, fact)| may_be(*fact));
        nearest(short.trim(), names.map(|(name, _)| name.as_str()))
    }

    /// The facts whose labels end in a word: 地址. Empty if there are many.
    pub(super) fn ending_in(&self, name: &str) -> Vec<FactId> {
        let name = plain(name);
        let ends = |id: &FactId| plain(&self.vocabulary.fact(*id).label.zh).ends_with(&name);
        let found: Vec<FactId> = self.listed().into_iter().filter(ends).collect();
        match name.chars().count() >= 2 && found.len() <= 4 {
            true => found,
            false => Vec::new(),
        }
    }

    /// The facts with names here, each once.
    pub(super) fn listed(&self) -> Vec<FactId> {
        let mut facts: Vec<FactId> = self.written.iter().map(|(_, fact)| *fact).collect();
        facts.dedup();
        facts
    }
}

/// The contents of a sheet, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// The rows of a list of groups, or the entries of a list.
    Many(FactId),
    /// More facts of the cases, from one group.
    Group(GroupId),
}

/// The meaning of a sheet's name, if it names something in the vocabulary.
pub(super) fn sheet(vocabulary: &Vocabulary, name: &str) -> Option<Holds> {
    let wanted = plain(name);
    let mut found = Vec::new();
    for (id, fact) in (0..).zip(vocabulary.facts()) {
        let names = [
            fact.path.as_str(),
            &fact.title.zh,
            &fact.title.en,
            &fact.name.zh,
            &fact.name.en,
            &fact.label.zh,
            &fact.label.en,
            &fact.code,
        ];
        let mut names = names
            .into_iter()
            .chain(fact.aliases.iter().map(String::as_str));
        // Facts gathered from cases stand in no table of cases.
        let many = !fact.is_across() && matches!(fact.ty, Type::Rows(_) | Type::List(_));
        let at_top = !fact.path.contains("[]");
        if many && at_top && names.any(|name| sheet_name(name) == wanted) {
            found.push(Holds::Many(FactId(id)));
        }
    }
    if found.is_empty() {
        for id in 1..u16::try_from(vocabulary.groups.len()).unwrap_or(u16::MAX) {
            let group = vocabulary.group(GroupId(id));
            let names = [
                group.path.as_str(),
                &group.code,
                &group.label.zh,
                &group.label.en,
            ];
            let mut names = names
                .into_iter()
                .chain(group.aliases.iter().map(String::as_str));
            let is_once = !group.path.contains("[]") && !group.is_across();
            if is_once && !rows_of(vocabulary, GroupId(id)) && names.any(|n| plain(n) == wanted) {
                found.push(Holds::Group(GroupId(id)));
            }
        }
    }
    match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// Whether a group holds the rows of a list.
fn rows_of(vocabulary: &Vocabulary, group: GroupId) -> bool {
    vocabulary
        .shapes
        .iter()
        .skip(1)
        .any(|shape| shape.group == group)
}

/// The normal form of a sheet's title.
pub(super) fn sheet_name(name: &str) -> String {
    plain(&super::sheet_title(name))
}
