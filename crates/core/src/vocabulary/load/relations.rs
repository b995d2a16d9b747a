//! Declarations that refer to facts by path: inferences, chronology, roles.

use std::sync::Arc;

use super::raw::{Course as RawCourse, File, Inference as RawInference, Role as RawRole};
use super::{Loader, place};
use crate::lang::Text;
use crate::source::Source;
use crate::text;
use crate::value::{ShapeId, SlotId, Type, Value};
use crate::vocabulary::{Course, Entry, FactId, Given, GroupId, Inference, Role, read_scalar};
use crate::written::{Entries, Word};

/// Resolves every path in inferences, chronology and roles.
pub(super) fn build(loader: &mut Loader, raws: &[(Arc<Source>, File)]) {
    for (source, raw) in raws {
        for inference in &raw.inferences {
            add_inference(loader, source, inference);
        }
        for course in &raw.course {
            add_course(loader, source, course);
        }
        for chain in &raw.chronology {
            add_chain(loader, source, chain);
        }
        for (code, role) in &raw.roles.0 {
            add_role(loader, source, code, role);
        }
    }
}

fn add_inference(loader: &mut Loader, source: &Arc<Source>, raw: &RawInference) {
    let Some(at) = raw.when.0.first().map(|(path, _)| place(source, path)) else {
        let at = raw.then.0.first().map_or_else(
            || crate::source::Span::new(source, 0..0),
            |(path, _)| place(source, path),
        );
        loader.report(
            at,
            Text::new("推断没有前提", "the inference has no condition"),
        );
        return;
    };
    let why = loader.both(&at, "why", raw.why.as_ref(), raw.why_en.as_ref(), true);
    let given = given(loader, source, &raw.when);
    let mut settles: Vec<(SlotId, Value)> = Vec::new();
    for (path, word) in &raw.then.0 {
        let values = consequence(loader, source, path, word);
        for (slot, value) in values {
            if given.iter().any(|(when, _)| *when == slot) {
                let path = &path.value;
                loader.report(
                    at.clone(),
                    text!(
                        "推断的结论 `{path}` 就是它的前提",
                        "the inference settles `{path}`, which is its own condition"
                    ),
                );
            } else if settles.iter().any(|(other, _)| *other == slot) {
                let path = &path.value;
                loader.report(
                    at.clone(),
                    text!(
                        "推断两次认定 `{path}`",
                        "the inference settles `{path}` twice"
                    ),
                );
            } else {
                settles.push((slot, value));
            }
        }
    }
    if raw.then.0.is_empty() {
        loader.report(
            at.clone(),
            Text::new("推断没有结论", "the inference settles nothing"),
        );
    }
    loader.vocabulary.inferences.push(Inference {
        given,
        settles,
        why,
        declared: at,
    });
}

/// The conditions on the named facts.
fn given(loader: &mut Loader, source: &Arc<Source>, when: &Entries<Word>) -> Vec<(SlotId, Given)> {
    let mut given = Vec::new();
    for (path, word) in &when.0 {
        let Some(id) = loader.root_fact(source, path) else {
            continue;
        };
        let means = match word.value.as_str() {
            "present" => Given::Present,
            "none" => Given::None,
            _ => match literal(loader, source, id, word) {
                Some(value) => Given::Is(value),
                None => continue,
            },
        };
        given.push((loader.vocabulary.fact(id).slot, means));
    }
    given
}

fn add_course(loader: &mut Loader, source: &Arc<Source>, raw: &RawCourse) {
    let given = given(loader, source, &raw.when);
    let mut stages = Vec::new();
    for path in &raw.stages {
        let group = match loader.vocabulary.find(&path.value) {
            Some(Entry::Group(group)) => Some(group),
            _ => None,
        };
        let of_record = |group: &GroupId| loader.vocabulary.group(*group).shape == ShapeId::ROOT;
        let Some(group) = group.filter(of_record) else {
            let name = &path.value;
            loader.report(
                place(source, path),
                text!(
                    "`{name}` 不是案卷本身的一组事实",
                    "`{name}` is not a group of facts of the record itself"
                ),
            );
            continue;
        };
        let mut slots = Vec::new();
        slots_below(loader, group, &mut slots);
        stages.push((group, slots));
    }
    loader.vocabulary.course.push(Course { given, stages });
}

/// What one line of `then` settles: one slot, or every slot below a group stated not to exist.
fn consequence(
    loader: &mut Loader,
    source: &Arc<Source>,
    path: &Word,
    word: &Word,
) -> Vec<(SlotId, Value)> {
    if let Some(Entry::Group(group)) = loader.vocabulary.find(&path.value)
        && loader.vocabulary.group(group).shape == ShapeId::ROOT
    {
        if word.value == "none" {
            let mut slots = Vec::new();
            slots_below(loader, group, &mut slots);
            return slots.into_iter().map(|slot| (slot, Value::None)).collect();
        }
        let written = &word.value;
        loader
            .report(
                place(source, word),
                text!(
                    "一组事实不能认定为 `{written}`",
                    "a group cannot be settled as `{written}`"
                ),
            )
            .help
            .push(Text::new(
                "一组事实只能认定为 `none`",
                "a group can only be settled as `none`",
            ));
        return Vec::new();
    }
    let Some(id) = loader.root_fact(source, path) else {
        return Vec::new();
    };
    let slot = loader.vocabulary.fact(id).slot;
    match word.value.as_str() {
        "none" => vec![(slot, Value::None)],
        // An act that took place on an unrecorded day.
        "present" if loader.vocabulary.fact(id).ty.is_day() => vec![(slot, Value::Done)],
        // Known to exist, with an unrecorded value.
        "present" => vec![(slot, Value::Unknown)],
        _ => literal(loader, source, id, word)
            .map(|value| (slot, value))
            .into_iter()
            .collect(),
    }
}

/// The slots of every fact below a group of the record itself.
fn slots_below(loader: &Loader, group: GroupId, slots: &mut Vec<SlotId>) {
    for entry in &loader.vocabulary.group(group).entries {
        match entry {
            Entry::Fact(id) => slots.push(loader.vocabulary.fact(*id).slot),
            Entry::Group(inner) => slots_below(loader, *inner, slots),
        }
    }
}

fn literal(loader: &mut Loader, source: &Arc<Source>, id: FactId, word: &Word) -> Option<Value> {
    let fact = loader.vocabulary.fact(id);
    let value = match &fact.ty {
        Type::Enum(of) => loader
            .vocabulary
            .enumeration(*of)
            .symbol(&word.value)
            .map(Value::Symbol),
        ty => read_scalar(ty, &word.value),
    };
    if value.is_none() {
        let path = fact.path.clone();
        let written = &word.value;
        let mut names: Vec<String> = match &fact.ty {
            Type::Enum(of) => loader
                .vocabulary
                .enumeration(*of)
                .names()
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        };
        names.sort_unstable();
        loader.report_unknown(
            place(source, word),
            text!(
                "`{written}` 不是 `{path}` 的值",
                "`{written}` is not a value of `{path}`"
            ),
            written,
            names.iter().map(String::as_str),
        );
    }
    value
}

fn add_chain(loader: &mut Loader, source: &Arc<Source>, chain: &[Word]) {
    let mut slots = Vec::new();
    for word in chain {
        let Some(id) = loader.root_fact(source, word) else {
            continue;
        };
        let fact = loader.vocabulary.fact(id);
        if matches!(fact.ty, Type::Date | Type::DateTime) {
            slots.push(fact.slot);
        } else {
            let path = fact.path.clone();
            loader.report(
                place(source, word),
                text!(
                    "`{path}` 不是日期，没有先后",
                    "`{path}` is not a date and has no place in a chronology"
                ),
            );
        }
    }
    if chain.len() < 2 {
        let at = chain.first().map_or_else(
            || crate::source::Span::new(source, 0..0),
            |word| place(source, word),
        );
        loader.report(
            at,
            Text::new(
                "先后顺序至少要两个日期",
                "a chronology needs at least two dates",
            ),
        );
    }
    loader.vocabulary.chronology.push(slots);
}

fn add_role(loader: &mut Loader, source: &Arc<Source>, code: &Word, raw: &RawRole) {
    let at = place(source, code);
    loader.check_code(&at, &code.value);
    if loader
        .vocabulary
        .roles
        .iter()
        .any(|role| role.code == code.value)
    {
        let name = &code.value;
        loader.report(
            at.clone(),
            text!(
                "角色 `{name}` 重复定义",
                "the role `{name}` is declared twice"
            ),
        );
        return;
    }
    let label = loader.both(
        &at,
        "label",
        raw.label.as_ref(),
        raw.label_en.as_ref(),
        true,
    );
    let mut named_by = Vec::new();
    for word in &raw.named_by {
        let Some(id) = loader.root_fact(source, word) else {
            continue;
        };
        let fact = loader.vocabulary.fact(id);
        let of = match &fact.ty {
            Type::List(of) => of,
            other => other,
        };
        if matches!(of, Type::Person | Type::Organisation) {
            named_by.push(id);
        } else {
            let path = fact.path.clone();
            loader.report(
                place(source, word),
                text!(
                    "`{path}` 不是人员或者单位",
                    "`{path}` names no person or organisation"
                ),
            );
        }
    }
    loader.vocabulary.roles.push(Role {
        code: code.value.clone(),
        label,
        named_by,
    });
}
