//! Explains the choice in words.

use super::{Agreement, Candidate, Choice, Criterion, Selector};
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::obligation::RuleSet;
use crate::text;
use crate::vocabulary::{Entry, Vocabulary};

/// The diagnostic for a recorded organiser that is not the one of the rule set used.
pub(super) fn other_organiser(set: &RuleSet, fact: &Text, recorded: &Text) -> Option<Diagnostic> {
    let organiser = set.organiser.as_deref()?;
    let name = name(set);
    let message = text!(
        "规则集 {}适用于{organiser}组织的监督抽查，案卷记载的{}为 `{}`",
        "the rule set {} governs checks organised by {organiser}; by the record, {} is `{}`";
        name, fact, recorded
    );
    Some(
        Diagnostic::new(Code::RecordOtherOrganiser, message).help(Text::new(
            "记载有误的，更正案卷；规则集有误的，改写或者删去“适用规则集”（case.ruleset），删去的由程序按案卷记载选定",
            "if the record is wrong, correct it; if the rule set is, change `case.ruleset` or leave it out for the program to choose",
        )),
    )
}

/// Why the only fitting rule set was chosen.
pub(super) fn because(only: &Candidate<'_>, vocabulary: &Vocabulary) -> Text {
    let agreeing = listed(
        only.agreements
            .iter()
            .filter_map(|(_, agreement)| match agreement {
                Agreement::Agrees(how) => Some(how.clone()),
                _ => None,
            }),
    );
    let open = listed(
        open(only)
            .filter(|(criterion, _)| *criterion != Criterion::Campaign)
            .filter_map(|(_, path)| asked(path, vocabulary)),
    );
    let checked = text!(
        "案卷没有写明规则集；据案卷记载，只有本规则集适用：{}", "the record names no rule set; by what it records this one alone fits: {}"; agreeing
    );
    if open.zh.is_empty() {
        return checked;
    }
    text!("{}；未能核对：{}", "{}; could not be checked: {}"; checked, open)
}

impl Choice<'_> {
    /// The diagnostic, if the choice is not one rule set.
    #[must_use]
    pub fn problem(&self, selector: &Selector<'_>) -> Option<Diagnostic> {
        match self {
            Choice::One { .. } => None,
            Choice::Open(candidates) => Some(open_choice(candidates, selector)),
            Choice::None(excluded) => Some(nothing_fits(excluded, selector)),
        }
    }
}

fn open_choice(candidates: &[Candidate<'_>], selector: &Selector<'_>) -> Diagnostic {
    let n = candidates.len();
    let message = match n {
        1 => Text::new(
            "案卷没有写明规则集，记载的内容也不足以确定",
            "the record names no rule set, and what it records does not settle which",
        ),
        _ => text!(
            "案卷没有写明规则集，按记载的内容有{n}个规则集可能适用",
            "the record names no rule set, and by what it records {n} may fit"
        ),
    };
    let mut problem = Diagnostic::new(Code::RecordSeveralRuleSets, message);
    for candidate in candidates {
        let agreeing =
            listed(
                candidate
                    .agreements
                    .iter()
                    .filter_map(|(_, agreement)| match agreement {
                        Agreement::Agrees(how) => Some(how.clone()),
                        _ => None,
                    }),
            );
        let agreeing = if agreeing.zh.is_empty() {
            Text::new(
                "没有相符的记载，也没有相反的记载",
                "nothing speaks for it, nothing against",
            )
        } else {
            agreeing
        };
        let name = name(candidate.set);
        problem = problem.why(text!("{}：{}", "{}: {}"; name, agreeing));
    }
    let vocabulary = selector.vocabulary;
    let mut paths: Vec<&str> = Vec::new();
    for criterion in Criterion::ALL {
        if !differs(criterion, candidates) {
            continue;
        }
        for (one, path) in candidates.iter().flat_map(open) {
            if one == criterion && !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    let deciding = listed(paths.into_iter().filter_map(|path| asked(path, vocabulary)));
    if !deciding.zh.is_empty() {
        problem = problem
            .help(text!("补记下列各项可以区分：{}", "these would tell them apart: {}"; deciding));
    }
    problem.help(naming(candidates.iter().map(|candidate| candidate.set)))
}

/// Whether a criterion has different results for the candidates.
fn differs(criterion: Criterion, candidates: &[Candidate<'_>]) -> bool {
    let [first, others @ ..] = candidates else {
        return false;
    };
    let (one, set) = (criterion, first.set);
    others.is_empty()
        || others.iter().map(|other| other.set).any(|other| match one {
            Criterion::Campaign => other.instrument != set.instrument,
            Criterion::Organiser => other.organiser != set.organiser,
            Criterion::Region => other.region != set.region,
            Criterion::Product => other.products != set.products,
            Criterion::Days => {
                (other.from, other.until, other.schedule) != (set.from, set.until, set.schedule)
            }
        })
}

fn nothing_fits(excluded: &[Candidate<'_>], selector: &Selector<'_>) -> Diagnostic {
    let message = Text::new(
        "案卷没有写明规则集，也没有哪个抽查任务的规则集与记载相符",
        "the record names no rule set, and no campaign's rules fit what it records",
    );
    let mut problem = Diagnostic::new(Code::RecordNoFittingRuleSet, message);
    for candidate in excluded {
        let against = listed(candidate.agreements.iter().filter_map(
            |(_, agreement)| match agreement {
                Agreement::Contradicts(how) => Some(how.clone()),
                _ => None,
            },
        ));
        let name = name(candidate.set);
        problem = problem.why(text!("不是 {}：{}", "not {}: {}"; name, against));
    }
    problem = problem.help(naming(excluded.iter().map(|candidate| candidate.set)));
    for header in &selector.headers {
        if !header.is_campaign() {
            let (id, title) = (&header.set.id, &header.set.title);
            problem = problem.help(
                text!("只按《{}》审查的，写 --ruleset {id}", "to audit under the {} alone: --ruleset {id}"; title),
            );
        }
    }
    problem
}

/// How to state the rule set.
fn naming<'a>(sets: impl Iterator<Item = &'a RuleSet>) -> Text {
    let first = sets.map(|set| &set.id.0).next().map_or("", String::as_str);
    text!(
        "确知属于哪一个的，在案卷中填写“适用规则集”（如 case.ruleset: {first}，也可写中文名称），或者用 --ruleset 指定",
        "where it is known, write it in the record (as case.ruleset: {first}), or use --ruleset"
    )
}

fn name(set: &RuleSet) -> Text {
    let id = &set.id;
    text!("{id}（{}）", "{id} ({})"; set.title)
}

fn open<'c>(candidate: &'c Candidate<'_>) -> impl Iterator<Item = (Criterion, &'static str)> + 'c {
    let agreements = candidate.agreements.iter();
    agreements.filter_map(|(criterion, agreement)| match agreement {
        Agreement::Open(path) => Some((*criterion, *path)),
        _ => None,
    })
}

/// The title of a fact and its path.
fn asked(path: &str, vocabulary: &Vocabulary) -> Option<Text> {
    match vocabulary.find(path)? {
        Entry::Fact(id) => {
            let name = &vocabulary.fact(id).title;
            Some(text!("{}（{path}）", "{} ({path})"; name))
        }
        Entry::Group(_) => None,
    }
}

fn listed(items: impl Iterator<Item = Text>) -> Text {
    let items: Vec<Text> = items.collect();
    let join = |pick: fn(&Text) -> &str, separator: &str| {
        items.iter().map(pick).collect::<Vec<_>>().join(separator)
    };
    Text::new(join(|t| &t.zh, "；"), join(|t| &t.en, "; "))
}
