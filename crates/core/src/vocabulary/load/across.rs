//! The facts of whole campaigns: the sources of rows of cases, and the keys that cases are gathered by.

use std::sync::Arc;

use super::raw::{File, Node};
use super::{Loader, place};
use crate::lang::Text;
use crate::source::Source;
use crate::text;
use crate::value::{ShapeId, SlotId, Type};
use crate::vocabulary::Entry;
use crate::vocabulary::across::{Across, Key, Plan, Projected};
use crate::written::{Entries, Word};

/// Resolves every `from`, and rejects those in the wrong place.
pub(super) fn build(loader: &mut Loader, raws: &[(Arc<Source>, File)]) {
    let mut across = begin(loader);
    for (source, raw) in raws {
        for (code, node) in &raw.facts.0 {
            let held = node.facts.as_ref();
            match (code.value.as_str(), held, &mut across) {
                ("cases", Some(facts), Some(across)) => {
                    for (code, node) in &facts.0 {
                        across
                            .projected
                            .extend(projected(loader, source, code, node));
                    }
                }
                ("group", Some(facts), Some(across)) => {
                    for (code, node) in &facts.0 {
                        across.keys.extend(key(loader, source, code, node));
                    }
                }
                _ => refuse(loader, source, node),
            }
        }
        for (_, shape) in &raw.shapes.0 {
            refuse_all(loader, source, &shape.facts);
        }
    }
    loader.vocabulary.across = across.map(Arc::new);
}

/// The list of cases and the other facts known by path; `None` if there is no list of cases.
fn begin(loader: &mut Loader) -> Option<Across> {
    let fact = |path: &str, wanted: fn(&Type) -> bool| match loader.vocabulary.find(path) {
        Some(Entry::Fact(id)) => Some(loader.vocabulary.fact(id)).filter(|fact| wanted(&fact.ty)),
        _ => None,
    };
    let slot = |path: &str, wanted| fact(path, wanted).map(|fact| fact.slot);
    let text = |ty: &Type| *ty == Type::Text;
    let cases = fact("cases", |ty| matches!(ty, Type::Rows(_)))?;
    let Type::Rows(row) = cases.ty else {
        return None;
    };
    let plan = slot("plan", |ty| matches!(ty, Type::Rows(_)));
    let product = slot("plan[].product", text);
    let aliases = slot("plan[].aliases", |ty| {
        *ty == Type::List(Box::new(Type::Text))
    });
    Some(Across {
        cases: cases.slot,
        row,
        number: slot("cases[].number", text),
        projected: Vec::new(),
        keys: Vec::new(),
        plan: plan.zip(product).map(|(slot, product)| Plan {
            slot,
            product,
            aliases,
        }),
        ruleset: slot("campaign.ruleset", text),
        closed_on: slot("campaign.closed_on", |ty| *ty == Type::Date),
    })
}

/// A fact of a row of cases, with its sources.
fn projected(
    loader: &mut Loader,
    source: &Arc<Source>,
    code: &Word,
    node: &Node,
) -> Option<Projected> {
    let (slot, ty) = declared(loader, &format!("cases[].{}", code.value))?;
    if node.from.is_empty() {
        let name = &code.value;
        loader.report(
            place(source, code),
            text!(
                "`cases` 的 `{name}` 没有写明取自案卷的哪一项：缺少 `from`",
                "`{name}` of `cases` does not say which fact of a case it is taken from: `from` is missing"
            ),
        );
        return None;
    }
    let mut from = Vec::new();
    for word in &node.from {
        let Some(id) = loader.root_fact(source, word) else {
            continue;
        };
        let fact = loader.vocabulary.fact(id);
        if fact.across || fact.ty != ty {
            unfit(
                loader,
                source,
                word,
                "案卷中同一类型的事实",
                "a fact of a case of the same type",
            );
            continue;
        }
        from.push(fact.slot);
    }
    Some(Projected { slot, from })
}

/// A key that cases are gathered by, with the facts of the rows it reads.
fn key(loader: &mut Loader, source: &Arc<Source>, code: &Word, node: &Node) -> Option<Key> {
    let (slot, ty) = declared(loader, &format!("group.{}", code.value))?;
    let mut gathers = Vec::new();
    for word in &node.from {
        match row_slot(loader, &word.value, &ty) {
            Some(own) => gathers.push(own),
            None => unfit(
                loader,
                source,
                word,
                "`cases` 中同一类型的事实，或其列表",
                "a fact of `cases` of the same type, or a list of such",
            ),
        }
    }
    if node.from.is_empty() {
        let name = &code.value;
        loader.report(
            place(source, code),
            text!(
                "`group` 的 `{name}` 没有写明按 `cases` 的哪一项归集：缺少 `from`",
                "`{name}` of `group` does not say by which fact of `cases` they are gathered: `from` is missing"
            ),
        );
    }
    Some(Key {
        code: code.value.clone(),
        slot,
        gathers,
    })
}

/// The slot of a fact of `cases` that has the given type, or is a list of it.
fn row_slot(loader: &Loader, path: &str, ty: &Type) -> Option<SlotId> {
    let Some(Entry::Fact(id)) = loader.vocabulary.find(path) else {
        return None;
    };
    let fact = loader.vocabulary.fact(id);
    let fits = fact.ty == *ty || matches!(&fact.ty, Type::List(of) if **of == *ty);
    (path.starts_with("cases[].") && fact.shape != ShapeId::ROOT && fits).then_some(fact.slot)
}

/// The slot and the type of the fact at a path.
fn declared(loader: &Loader, path: &str) -> Option<(SlotId, Type)> {
    match loader.vocabulary.find(path) {
        Some(Entry::Fact(id)) => {
            let fact = loader.vocabulary.fact(id);
            Some((fact.slot, fact.ty.clone()))
        }
        // A group, or a fact already rejected and reported.
        _ => None,
    }
}

fn unfit(loader: &mut Loader, source: &Arc<Source>, word: &Word, zh: &str, en: &str) {
    let path = &word.value;
    loader.report(
        place(source, word),
        text!("`{path}` 不是{zh}", "`{path}` is not {en}"),
    );
}

/// Reports a misplaced `from` at a node or below.
fn refuse(loader: &mut Loader, source: &Arc<Source>, node: &Node) {
    if let Some(word) = node.from.first() {
        loader
            .report(
                place(source, word),
                Text::new("这里不能写 `from`", "`from` does not belong here"),
            )
            .why
            .push(Text::new(
                "只有 `group` 和 `cases` 的事实取自各案",
                "only the facts of `group` and `cases` are taken from the cases",
            ));
    }
    if let Some(facts) = &node.facts {
        refuse_all(loader, source, facts);
    }
}

fn refuse_all(loader: &mut Loader, source: &Arc<Source>, facts: &Entries<Node>) {
    for (_, node) in &facts.0 {
        refuse(loader, source, node);
    }
}
