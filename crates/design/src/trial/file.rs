//! A `tests.yaml` as written: bases and tests, with their places.

use std::collections::HashMap;

use super::change::{Change, paths, settings};
use super::expect::{Expected, expectations};
use super::walk::{Walker, cut, suggestion};
use choucha_core::diagnostic::Code;
use choucha_core::lang::Text;
use choucha_core::obligation::{Obligation, Scope};
use choucha_core::record::outline::{Content, Node};
use choucha_core::text;
use choucha_core::value::Day;

/// The longest chain of bases that derive from one another.
const MAX_CHAIN: usize = 32;

/// The most keys and values in one base; real dossiers have far fewer.
const MAX_BASE_NODES: usize = 5_000;

/// The whole file.
pub(super) struct File<'n, 's> {
    /// The day of tests that state none.
    pub(super) as_of: Option<Day>,
    pub(super) bases: Vec<Base<'n, 's>>,
    pub(super) tests: Vec<Test<'n, 's>>,
}

/// One base: the original dossier, and the changes to it in order.
pub(super) struct Base<'n, 's> {
    pub(super) dossier: &'n Node<'s>,
    pub(super) changes: Vec<Change<'n, 's>>,
}

/// One test.
pub(super) struct Test<'n, 's> {
    pub(super) name: &'n str,
    pub(super) name_at: &'n Node<'s>,
    /// The index of its base.
    pub(super) base: usize,
    pub(super) as_of: Option<Day>,
    /// The scope in which it runs.
    pub(super) scope: Scope,
    pub(super) changes: Vec<Change<'n, 's>>,
    pub(super) expected: Vec<Expected<'n, 's>>,
    /// The place of its expectations.
    pub(super) expect_at: &'n Node<'s>,
}

/// A base as written.
struct Written<'n, 's> {
    name: &'n str,
    key: &'n Node<'s>,
    content: Stated<'n, 's>,
}

enum Stated<'n, 's> {
    Dossier(&'n Node<'s>),
    Derived {
        from: &'n str,
        from_at: &'n Node<'s>,
        changes: Vec<Change<'n, 's>>,
    },
}

/// Reads a file; the walker collects its errors.
pub(super) fn read<'n, 's>(
    walker: &mut Walker<'_>,
    root: &'n Node<'s>,
    obligations: &HashMap<&str, &Obligation>,
    scopes: &[Scope],
) -> File<'n, 's> {
    let what = Text::new("规则测试文件", "a file of rule tests");
    let mut file = File {
        as_of: None,
        bases: Vec::new(),
        tests: Vec::new(),
    };
    let fields = walker.fields(root, &what, &["as_of", "bases", "tests"]);
    let mut names = HashMap::new();
    for (name, _, value) in &fields {
        match *name {
            "as_of" => file.as_of = walker.day(value, &Text::same("`as_of`")),
            "bases" => {
                let written = written(walker, value);
                names = written
                    .iter()
                    .enumerate()
                    .map(|(at, b)| (b.name, at))
                    .collect();
                file.bases = derived(walker, &written, &names);
            }
            _ => {}
        }
    }
    for (name, _, value) in fields {
        if name == "tests" {
            file.tests = tests(walker, value, &names, obligations, scopes);
        }
    }
    file
}

fn written<'n, 's>(walker: &mut Walker<'_>, node: &'n Node<'s>) -> Vec<Written<'n, 's>> {
    let mut all = Vec::new();
    for (name, key, value) in walker.entries(node, &Text::same("`bases`")) {
        let Content::Map(entries) = &value.content else {
            let message = text!(
                "基准案卷 `{name}` 须写成“键: 值”",
                "the base `{name}` is a map of keys and values"
            );
            walker.report(Code::TestsInvalid, value, message);
            continue;
        };
        let is_derived = entries.iter().any(|(key, _)| key.text() == Some("from"));
        let content = if is_derived {
            let what = Text::new("派生的基准案卷", "a derived base");
            let mut from = None;
            let mut changes = Vec::new();
            for (field, _, value) in walker.fields(value, &what, &["from", "set", "unset"]) {
                match field {
                    "from" => {
                        from = walker
                            .word(value, &Text::same("`from`"))
                            .map(|f| (f, value));
                    }
                    "set" => changes.extend(settings(walker, value)),
                    _ => changes.extend(paths(walker, value)),
                }
            }
            let Some((from, from_at)) = from else {
                continue;
            };
            Stated::Derived {
                from,
                from_at,
                changes,
            }
        } else {
            if value.count() > MAX_BASE_NODES {
                let message = text!(
                    "基准案卷 `{name}` 中的项目超过 {MAX_BASE_NODES} 个",
                    "the base `{name}` holds more than {MAX_BASE_NODES} keys and values"
                );
                walker.report(Code::TestsInvalid, key, message);
                continue;
            }
            Stated::Dossier(value)
        };
        all.push(Written { name, key, content });
    }
    all
}

/// Resolves every base to its original dossier and changes.
fn derived<'n, 's>(
    walker: &mut Walker<'_>,
    written: &[Written<'n, 's>],
    names: &HashMap<&str, usize>,
) -> Vec<Base<'n, 's>> {
    let mut bases = Vec::with_capacity(written.len());
    let mut reported: Vec<usize> = Vec::new();
    for start in 0..written.len() {
        let mut chain = vec![start];
        let dossier = loop {
            let at = chain[chain.len() - 1];
            match &written[at].content {
                Stated::Dossier(node) => break Some(*node),
                Stated::Derived { from, from_at, .. } => match names.get(from) {
                    None => {
                        // Reported once, where it is written.
                        if chain.len() == 1 {
                            unknown_base(walker, from, from_at, names);
                        }
                        break None;
                    }
                    Some(next) if chain.contains(next) => {
                        if !reported.contains(next) {
                            reported.extend(&chain);
                            cycle(walker, written, &chain, *next);
                        }
                        break None;
                    }
                    Some(_) if chain.len() >= MAX_CHAIN => {
                        let message = text!(
                            "基准案卷逐层派生超过 {MAX_CHAIN} 层",
                            "bases derive from one another more than {MAX_CHAIN} in a row"
                        );
                        walker.report(Code::TestsInvalid, written[start].key, message);
                        break None;
                    }
                    Some(next) => chain.push(*next),
                },
            }
        };
        let nothing = written[start].key;
        let changes = chain
            .iter()
            .rev()
            .flat_map(|at| match &written[*at].content {
                Stated::Derived { changes, .. } => changes.as_slice(),
                Stated::Dossier(_) => &[],
            });
        bases.push(Base {
            // An unresolved base has been reported, so nothing will run.
            dossier: dossier.unwrap_or(nothing),
            changes: changes.cloned().collect(),
        });
    }
    bases
}

fn cycle(walker: &mut Walker<'_>, written: &[Written<'_, '_>], chain: &[usize], back: usize) {
    let circle = chain.iter().skip_while(|at| **at != back).chain([&back]);
    let path: Vec<&str> = circle.map(|at| written[*at].name).collect();
    let path = cut(&path.join(" → "));
    let message = text!(
        "基准案卷循环派生：{path}",
        "bases derive from each other in a cycle: {path}"
    );
    walker.report(Code::TestsBaseCycle, written[back].key, message);
}

fn unknown_base(walker: &mut Walker<'_>, name: &str, at: &Node<'_>, names: &HashMap<&str, usize>) {
    let shown = cut(name);
    let message = text!("没有基准案卷 `{shown}`", "there is no base `{shown}`");
    let mut known: Vec<&str> = names.keys().copied().collect();
    known.sort_unstable();
    let help = suggestion(name, known);
    walker
        .report(Code::TestsUnknownName, at, message)
        .help
        .extend(help);
}

/// The scope of a test, one of those the rule set has.
fn scope_of(walker: &mut Walker<'_>, node: &Node<'_>, scopes: &[Scope]) -> Scope {
    let Some(word) = walker.word(node, &Text::same("`scope`")) else {
        return Scope::Case;
    };
    let codes: Vec<String> = std::iter::once(Scope::Case.code())
        .chain(scopes.iter().map(Scope::code))
        .collect();
    if word == Scope::Case.code() {
        return Scope::Case;
    }
    if let Some(scope) = scopes.iter().find(|scope| scope.code() == word) {
        return scope.clone();
    }
    let shown = cut(word);
    let message = text!(
        "规则集没有审查范围为 `{shown}` 的义务",
        "the rule set has no obligations of the scope `{shown}`"
    );
    let help = suggestion(word, codes.iter().map(String::as_str));
    walker
        .report(Code::TestsUnknownName, node, message)
        .help
        .extend(help);
    Scope::Case
}

fn tests<'n, 's>(
    walker: &mut Walker<'_>,
    node: &'n Node<'s>,
    bases: &HashMap<&str, usize>,
    obligations: &HashMap<&str, &Obligation>,
    scopes: &[Scope],
) -> Vec<Test<'n, 's>> {
    let mut tests = Vec::new();
    let mut names: HashMap<&str, &Node<'_>> = HashMap::new();
    for item in walker.items(node, &Text::same("`tests`")) {
        let what = Text::new("一项测试", "a test");
        let allowed = ["name", "base", "as_of", "scope", "set", "unset", "expect"];
        let (mut name, mut base, mut as_of, mut expect) = (None, None, None, None);
        let mut changes = Vec::new();
        let mut scope = Scope::Case;
        let fields = walker.fields(item, &what, &allowed);
        let is_map = matches!(item.content, Content::Map(_));
        for (field, key, value) in fields {
            match field {
                "name" => {
                    name = walker
                        .word(value, &Text::same("`name`"))
                        .map(|n| (n, value));
                }
                "base" => {
                    if let Some(word) = walker.word(value, &Text::same("`base`")) {
                        base = Some(bases.get(word).copied());
                        if !bases.contains_key(word) {
                            unknown_base(walker, word, value, bases);
                        }
                    } else {
                        base = Some(None);
                    }
                }
                "as_of" => as_of = walker.day(value, &Text::same("`as_of`")),
                "scope" => scope = scope_of(walker, value, scopes),
                "set" => changes.extend(settings(walker, value)),
                "unset" => changes.extend(paths(walker, value)),
                _ => expect = Some((expectations(walker, value, obligations), key)),
            }
        }
        if let Some((word, at)) = name
            && let Some(first) = names.insert(word, at)
        {
            walker.duplicate(word, at, first);
        }
        let missing = [
            ("name", name.is_none()),
            ("base", base.is_none()),
            ("expect", expect.is_none()),
        ];
        for (field, _) in missing
            .iter()
            .filter(|(_, is_missing)| is_map && *is_missing)
        {
            let message = text!("这项测试缺少 `{field}`", "the test lacks `{field}`");
            let problem = walker.report(Code::TestsInvalid, item, message);
            if *field == "expect" {
                problem.help.push(Text::new(
                    "各项都应合规或者不适用的，写 `expect: {}`",
                    "write `expect: {}` where everything is satisfied or not applicable",
                ));
            }
        }
        if let (Some((name, name_at)), Some(Some(base)), Some((expected, expect_at))) =
            (name, base, expect)
        {
            tests.push(Test {
                name,
                name_at,
                base,
                as_of,
                scope,
                changes,
                expected,
                expect_at,
            });
        }
    }
    tests
}
