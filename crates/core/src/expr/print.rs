//! Prints expressions in words, in Chinese and in English.
//!
//! Invariants: negations are folded into the words where the meaning stays the same (`不为`, `未…`; for 且 and 或 by De
//! Morgan), and no two expressions of different meaning read alike: `不早于` is a comparison, which is false for a date
//! known none; `并非早于` is its negation, which is true. Conjunctions inside disjunctions, and the reverse, stand in
//! parentheses.

mod code;
mod phrase;

use super::{Comparison, Expr, ExprKind, Readings, Variable};
use crate::lang::{Lang, Text};
use crate::period;
use crate::value::Type;
use crate::vocabulary::{FactId, Vocabulary};
use phrase::{Phrase, join, quoted, say, statement};

impl Expr {
    /// The expression in words.
    #[must_use]
    pub fn text(&self, vocabulary: &Vocabulary) -> Text {
        self.text_in(vocabulary, &[])
    }

    /// The expression in words inside quantifiers over these lists, the innermost last.
    pub(super) fn text_in(&self, vocabulary: &Vocabulary, rows: &[(Variable, FactId)]) -> Text {
        let speaker = Speaker {
            vocabulary,
            rows: rows.to_vec(),
        };
        if self.is_condition() {
            speaker.condition(self, true).text
        } else {
            speaker.operand(self)
        }
    }
}

/// Words expressions, given the current rows.
struct Speaker<'a> {
    vocabulary: &'a Vocabulary,
    rows: Vec<(Variable, FactId)>,
}

/// What one or several items of a conjunction say together.
enum Group<'e> {
    One(&'e Expr),
    /// The list contains each of these constants.
    ContainsAll(&'e Expr, Vec<&'e Expr>),
}

impl<'a> Speaker<'a> {
    /// The speaker inside a quantifier over a list.
    fn inside(&self, variable: Variable, list: &Expr) -> Speaker<'a> {
        let mut rows = self.rows.clone();
        rows.extend(list.fact_id().map(|list| (variable, list)));
        Speaker {
            vocabulary: self.vocabulary,
            rows,
        }
    }

    /// The name of a fact here: in full, or relative to the current row.
    fn name(&self, expr: &Expr) -> Option<Text> {
        let fact = self.vocabulary.fact(expr.fact_id()?);
        let ExprKind::Field { variable, .. } = expr.0.kind else {
            return Some(fact.name.clone());
        };
        let Some(at) = self.rows.iter().position(|(known, _)| *known == variable) else {
            return Some(fact.name.clone());
        };
        let list = &self.vocabulary.fact(self.rows[at].1).name;
        let within = |lang: Lang| {
            let title = fact.name.get(lang);
            let rest = title
                .strip_prefix(list.get(lang))
                .map(|rest| rest.trim_start_matches([' ', '·', ':', '：', '/', ',']))
                .filter(|rest| !rest.is_empty());
            rest.unwrap_or(fact.label.get(lang)).to_owned()
        };
        let own = Text::new(within(Lang::Zh), within(Lang::En));
        Some(if at + 1 == self.rows.len() {
            own
        } else {
            say("该项{0}的{1}", "{1} of that entry of {0}", &[list, &own])
        })
    }

    fn operand(&self, expr: &Expr) -> Text {
        match &expr.0.kind {
            ExprKind::Fact { .. } | ExprKind::Field { .. } => self.name(expr).unwrap_or_default(),
            ExprKind::Row { .. } => Text::new("该项", "the entry"),
            ExprKind::Constant(value) => quoted(self.vocabulary, expr.ty(), value),
            ExprKind::Count(list) => {
                let unit = unit_of(list);
                say(
                    "{0}的{1}数",
                    "the number of {0}",
                    &[&self.operand(list), &unit],
                )
            }
            ExprKind::CountWhere(list, variable, body) => {
                let body = self.inside(*variable, list).condition(body, true).closed();
                say(
                    "{0}中{1}的项数",
                    "the number of entries of {0} where {1}",
                    &[&self.operand(list), &body],
                )
            }
            ExprKind::Sum(list, variable, body) => {
                let body = self.inside(*variable, list).operand(body);
                say(
                    "各项{0}的{1}之和",
                    "the sum of {1} over {0}",
                    &[&self.operand(list), &body],
                )
            }
            ExprKind::Arithmetic(op, a, b) => {
                use super::Arithmetic::{Add, Mul, Sub};
                let sign = match op {
                    Add => "+",
                    Sub => "−",
                    Mul => "×",
                };
                let sum = |e: &Expr| matches!(e.0.kind, ExprKind::Arithmetic(Add | Sub, ..));
                let any = |e: &Expr| matches!(e.0.kind, ExprKind::Arithmetic(..));
                let side = |e: &Expr, wrap: bool| {
                    let text = self.operand(e);
                    if wrap { phrase::wrapped(&text) } else { text }
                };
                let left = side(a, *op == Mul && sum(a));
                let right = side(
                    b,
                    if *op == Mul {
                        any(b)
                    } else {
                        *op == Sub && sum(b)
                    },
                );
                Text::new(
                    format!("{} {sign} {}", left.zh, right.zh),
                    format!("{} {sign} {}", left.en, right.en),
                )
            }
            ExprKind::DaysSince(later, earlier) => say(
                "自{1}至{0}的天数",
                "the days from {1} to {0}",
                &[&self.operand(later), &self.operand(earlier)],
            ),
            ExprKind::MonthsAfter(day, months) => say(
                "{0}起满{1}的对应日",
                "the corresponding day {1} after {0}",
                &[&self.operand(day), &period::months(*months)],
            ),
            ExprKind::Both(a, b) => {
                let noun = match &a.0.ty {
                    Type::List(of) if **of == Type::Person => Text::new("人员", "persons"),
                    Type::List(of) if **of == Type::Organisation => {
                        Text::new("单位", "organisations")
                    }
                    _ => Text::new("内容", "entries"),
                };
                say(
                    "{0}与{1}共有的{2}",
                    "{2} in both {0} and {1}",
                    &[&self.operand(a), &self.operand(b), &noun],
                )
            }
            _ => self.condition(expr, true).wrapped(),
        }
    }

    /// A condition, or its negation.
    fn condition(&self, expr: &Expr, holds: bool) -> Phrase {
        match &expr.0.kind {
            ExprKind::Not(inner) => self.condition(inner, !holds),
            ExprKind::All(items) => {
                let parts: Vec<Phrase> = group(items)
                    .into_iter()
                    .map(|part| match part {
                        Group::One(item) => self.condition(item, holds),
                        Group::ContainsAll(list, constants) => {
                            let what: Vec<Text> =
                                constants.iter().map(|c| self.operand(c)).collect();
                            let what = phrase::listed(&what);
                            let list = self.operand(list);
                            Phrase::plain(if holds {
                                say("{0}包含{1}", "{0} include {1}", &[&list, &what])
                            } else {
                                say(
                                    "{0}未全部包含{1}",
                                    "{0} do not include all of {1}",
                                    &[&list, &what],
                                )
                            })
                        }
                    })
                    .collect();
                join(&parts, holds)
            }
            ExprKind::Any(items) => {
                let parts: Vec<Phrase> = items
                    .iter()
                    .map(|item| self.condition(item, holds))
                    .collect();
                join(&parts, !holds)
            }
            ExprKind::ForAll(list, variable, body) => {
                self.quantified(list, *variable, body, holds, holds)
            }
            ExprKind::Exists(list, variable, body) => {
                self.quantified(list, *variable, body, !holds, holds)
            }
            _ => Phrase::plain(self.predicate(expr, holds)),
        }
    }

    /// Words `每一项…均` or `至少一项…`.
    fn quantified(
        &self,
        list: &Expr,
        variable: Variable,
        body: &Expr,
        every: bool,
        holds: bool,
    ) -> Phrase {
        let body = self.inside(variable, list).condition(body, holds);
        let list = self.operand(list);
        // A body such as 已确认 needs no extra words in Chinese.
        let bare = body.text.zh.starts_with(['已', '未']) && body.is_plain();
        let text = body.wrapped();
        let zh = match (every, bare) {
            (true, true) => format!("每一项{}均{}", list.zh, body.text.zh),
            (true, false) => format!("每一项{}均满足{}", list.zh, text.zh),
            (false, true) => format!("至少一项{}{}", list.zh, body.text.zh),
            (false, false) => format!("至少一项{}满足{}", list.zh, text.zh),
        };
        let which = if every { "every" } else { "at least one" };
        let en = format!("for {which} entry of {}: {}", list.en, text.en);
        Phrase::plain(Text::new(zh, en))
    }

    fn predicate(&self, expr: &Expr, holds: bool) -> Text {
        match &expr.0.kind {
            ExprKind::Fact { .. } | ExprKind::Field { .. } => {
                self.name(expr).map_or_else(Text::default, |name| {
                    statement(&name, self.label(expr), holds)
                })
            }
            ExprKind::Compare(op, a, b) => self.compared(*op, a, b, holds),
            ExprKind::OneOf(a, values) => {
                let shown: Vec<Text> = values
                    .iter()
                    .map(|value| quoted(self.vocabulary, a.ty(), value))
                    .collect();
                let (a, shown) = (self.operand(a), phrase::listed(&shown));
                match (holds, values.len()) {
                    (true, 1) => say("{0}为{1}", "{0} is {1}", &[&a, &shown]),
                    (false, 1) => say("{0}不为{1}", "{0} is not {1}", &[&a, &shown]),
                    (true, _) => say("{0}为{1}之一", "{0} is one of {1}", &[&a, &shown]),
                    (false, _) => say("{0}不为{1}中任何一项", "{0} is none of {1}", &[&a, &shown]),
                }
            }
            ExprKind::Present(a) => match (&a.0.kind, holds) {
                (ExprKind::Both(a, b), _) => self.overlap(a, b, holds),
                (_, true) => say("{0}有记载", "{0} is recorded", &[&self.operand(a)]),
                (_, false) => say("{0}为“无”", "{0} is “none”", &[&self.operand(a)]),
            },
            ExprKind::Contains(list, x) => {
                let (list, x) = (self.operand(list), self.operand(x));
                if holds {
                    say("{0}包含{1}", "{0} include {1}", &[&list, &x])
                } else {
                    say("{0}不包含{1}", "{0} do not include {1}", &[&list, &x])
                }
            }
            ExprKind::Within(act, since, limit, readings) => {
                let (act, since) = (self.operand(act), self.operand(since));
                let time = phrase::time(*limit);
                match (holds, readings) {
                    (true, Readings::Some) => say(
                        "{0}在自{1}起{2}之内",
                        "{0} is within {2} from {1}",
                        &[&act, &since, &time],
                    ),
                    (true, Readings::Every) => say(
                        "{0}按任何读法均在自{1}起{2}之内",
                        "{0} is within {2} from {1} by every reading",
                        &[&act, &since, &time],
                    ),
                    (false, Readings::Some) => say(
                        "{0}按任何读法均不在自{1}起{2}之内",
                        "{0} is not within {2} from {1} by any reading",
                        &[&act, &since, &time],
                    ),
                    (false, Readings::Every) => say(
                        "{0}至少按一种读法不在自{1}起{2}之内",
                        "{0} is not within {2} from {1} by one reading at least",
                        &[&act, &since, &time],
                    ),
                }
            }
            ExprKind::Disjoint(a, b) => self.overlap(a, b, !holds),
            ExprKind::Subset(a, b) => {
                let (a, b) = (self.operand(a), self.operand(b));
                if holds {
                    say("{0}均在{1}之内", "all of {0} are among {1}", &[&a, &b])
                } else {
                    say(
                        "{0}不全在{1}之内",
                        "not all of {0} are among {1}",
                        &[&a, &b],
                    )
                }
            }
            _ => {
                let text = self.operand(expr);
                if holds {
                    text
                } else {
                    say("并非{0}", "not {0}", &[&text])
                }
            }
        }
    }

    /// Says whether two lists have an element in common.
    fn overlap(&self, a: &Expr, b: &Expr, holds: bool) -> Text {
        let (a, b) = (self.operand(a), self.operand(b));
        if holds {
            say("{0}与{1}有重合", "{0} and {1} overlap", &[&a, &b])
        } else {
            say("{0}与{1}无重合", "{0} and {1} do not overlap", &[&a, &b])
        }
    }

    fn label(&self, expr: &Expr) -> &str {
        expr.fact_id()
            .map_or("", |id| self.vocabulary.fact(id).label.zh.as_str())
    }

    fn compared(&self, op: Comparison, a: &Expr, b: &Expr, holds: bool) -> Text {
        // The opposite of 不多于 is 多于, or that there is nothing to compare, as with a fact known none.
        let (op, denied, or_none) = match (op, holds) {
            (op, true) => (op, false, false),
            (Comparison::Eq, false) => (Comparison::Ne, false, false),
            (Comparison::Ne, false) => (Comparison::Eq, false, false),
            (Comparison::Le, false) => (Comparison::Gt, false, true),
            (Comparison::Ge, false) => (Comparison::Lt, false, true),
            (op, false) => (op, true, false),
        };
        let constant = matches!(b.0.kind, ExprKind::Constant(_));
        // 抽样人员不少于2人, not 抽样人员的人数不少于2.
        let (subject, unit) = match &a.0.kind {
            ExprKind::Count(list) if constant => {
                let mut subject = self.operand(a);
                subject.zh = self.operand(list).zh;
                // In English the noun says what is counted.
                (subject, Text::new(unit_of(list).zh, ""))
            }
            ExprKind::CountWhere(list, variable, body) if constant => {
                let mut subject = self.operand(a);
                let body = self.inside(*variable, list).condition(body, true).closed();
                subject.zh = format!("{}中{}的", self.operand(list).zh, body.zh);
                (subject, Text::new("项", ""))
            }
            ExprKind::DaysSince(..) if constant => (self.operand(a), Text::new("天", " days")),
            _ if constant => {
                let unit = a
                    .fact_id()
                    .and_then(|id| self.vocabulary.fact(id).unit.clone());
                let unit = unit.map(|unit| Text::new(unit.zh, format!(" {}", unit.en)));
                (self.operand(a), unit.unwrap_or_default())
            }
            _ => (self.operand(a), Text::default()),
        };
        let counted = matches!(a.0.kind, ExprKind::Count(_) | ExprKind::CountWhere(..)) && constant;
        let pattern = phrase::comparison(op, a.ty(), constant, counted);
        let object = say("{0}{1}", "{0}{1}", &[&self.operand(b), &unit]);
        let text = say(pattern.0, pattern.1, &[&subject, &object]);
        if denied {
            say("并非{0}", "not: {0}", &[&text])
        } else if or_none && !counted {
            say("{0}（或者无此事项）", "{0} (or there is none)", &[&text])
        } else {
            text
        }
    }
}

/// The Chinese measure word, and the English noun, for the elements of a list.
fn unit_of(list: &Expr) -> Text {
    match &list.0.ty {
        Type::List(of) if **of == Type::Person => Text::new("人", "persons"),
        Type::List(of) if **of == Type::Organisation => Text::new("家", "organisations"),
        _ => Text::new("项", "entries"),
    }
}

/// The items of a conjunction, with several `contains` of constants on one list grouped together.
fn group(items: &[Expr]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for item in items {
        let ExprKind::Contains(list, x) = &item.0.kind else {
            groups.push(Group::One(item));
            continue;
        };
        if !matches!(x.0.kind, ExprKind::Constant(_)) {
            groups.push(Group::One(item));
            continue;
        }
        if let Some(Group::ContainsAll(last, constants)) = groups.last_mut()
            && same_fact(last, list)
        {
            constants.push(x);
            continue;
        }
        groups.push(Group::ContainsAll(list, vec![x]));
    }
    // A single one is worded like any other condition.
    let mut position = 0;
    for group in &mut groups {
        match group {
            Group::ContainsAll(_, constants) => {
                let several = constants.len();
                if several == 1 {
                    *group = Group::One(&items[position]);
                }
                position += several;
            }
            Group::One(_) => position += 1,
        }
    }
    groups
}

/// Whether both read the same fact of the same row.
fn same_fact(a: &Expr, b: &Expr) -> bool {
    match (&a.0.kind, &b.0.kind) {
        (ExprKind::Fact { fact: a, .. }, ExprKind::Fact { fact: b, .. }) => a == b,
        (
            ExprKind::Field {
                fact: a,
                variable: x,
                ..
            },
            ExprKind::Field {
                fact: b,
                variable: y,
                ..
            },
        ) => a == b && x == y,
        _ => false,
    }
}
