//! Graphs of rule sets built as plain data.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Code;
use crate::expr::{Expr, ExprKind, Node as ExprNode};
use crate::obligation::{Link as Named, Requirement, Severity};
use crate::source::Source;
use crate::value::{Type, Value};

/// Builds a rule set whose script is a line a declaration, so that spans can be read back.
pub(super) struct Script {
    text: Arc<Source>,
    set: RuleSet,
}

fn holds() -> Expr {
    Expr(Arc::new(ExprNode {
        kind: ExprKind::Constant(Value::Bool(true)),
        ty: Type::Bool,
        at: None,
        size: 1,
        depth: 1,
    }))
}

fn id(id: &str) -> Id {
    Id(id.to_owned())
}

impl Script {
    pub(super) fn new(name: &str, includes: &[&str], text: &str) -> Script {
        let source = Source::new(format!("rules/{name}/ruleset.rhai"), text);
        let at = Span::new(&source, 0..1);
        Script {
            set: RuleSet {
                id: RuleSetId(name.to_owned()),
                title: Text::same(name),
                instrument: "示例〔2024〕1号".to_owned(),
                includes: includes
                    .iter()
                    .map(|i| RuleSetId((*i).to_owned()))
                    .collect(),
                from: None,
                until: None,
                region: None,
                organiser: None,
                products: vec![],
                schedule: None,
                stages: Vec::new(),
                exceptions: Vec::new(),
                obligations: Vec::new(),
                across: Vec::new(),
                at,
            },
            text: source,
        }
    }

    fn place(&self, line: &str, word: &str) -> Span {
        let text = self.text.text();
        let start = text.find(line).unwrap_or_default();
        let at = text[start..].find(word).map_or(start, |n| start + n);
        Span::new(&self.text, at..at + word.len())
    }

    pub(super) fn cite(&self, section: &str) -> Citation {
        Citation {
            instrument: self.set.instrument.clone(),
            section: section.to_owned(),
            quote: "应当如此".to_owned(),
            at: Span::new(&self.text, 0..1),
        }
    }

    /// Adds one node for every line of the script: `stage ID`, `exception ID` or `obligation ID`, then `after A,B`,
    /// `triggers A`, `unless A`, `remedies A`, `excuses`, `refines A`, and ` # 中文标题 | English title`.
    pub(super) fn read(mut self) -> RuleSet {
        let lines: Vec<String> = self
            .text
            .text()
            .lines()
            .map(|l| l.trim().to_owned())
            .collect();
        for written in lines.iter().filter(|line| !line.is_empty()) {
            let (line, title) = written.split_once(" # ").unwrap_or((written, ""));
            let words: Vec<&str> = line.split_whitespace().collect();
            let at = self.place(line, words[1]);
            let links = |key: &str| -> Vec<Named> {
                let Some(position) = words.iter().position(|word| *word == key) else {
                    return Vec::new();
                };
                words[position + 1]
                    .split(',')
                    .map(|named| {
                        let from = line.find(&format!(" {key} ")).unwrap();
                        let offset = self.place(line, "").range.start;
                        let start = offset + from + line[from..].find(named).unwrap();
                        Named {
                            id: id(named),
                            at: Span::new(&self.text, start..start + named.len()),
                        }
                    })
                    .collect()
            };
            let title = match title.split_once(" | ") {
                Some((zh, en)) => Text::new(zh, en),
                None => Text::same(words[1]),
            };
            let ruleset = self.set.id.clone();
            match words[0] {
                "stage" => self.set.stages.push(Stage {
                    id: id(words[1]),
                    ruleset,
                    title,
                    after: links("after"),
                    holds: None,
                    on: None,
                    at,
                }),
                "exception" => self.set.exceptions.push(Exception {
                    id: id(words[1]),
                    ruleset,
                    title,
                    citations: vec![self.cite("一")],
                    holds: holds(),
                    at,
                }),
                _ => self.set.obligations.push(Obligation {
                    id: id(words[1]),
                    scope: crate::obligation::Scope::Case,
                    ruleset,
                    title,
                    bearer: "samplers".to_owned(),
                    citations: vec![self.cite(&self.set.id.0)],
                    higher_citations: Vec::new(),
                    severity: Severity::Major,
                    when: None,
                    requirement: Requirement::Must(holds()),
                    after: links("after"),
                    triggers: links("triggers"),
                    unless: links("unless"),
                    remedies: links("remedies").into_iter().next(),
                    excuses: words.contains(&"excuses"),
                    follows: Vec::new(),
                    lapses: false,
                    counts_otherwise: false,
                    review: Vec::new(),
                    responsible: Vec::new(),
                    note: Text::default(),
                    refines: links("refines").into_iter().next(),
                    at,
                }),
            }
        }
        self.set
    }
}

const ORDER: &str = "
    stage sampling
    stage receipt after sampling
    exception on-site
    obligation report.mail after report.issue
    obligation report.issue after receipt
    obligation two-samplers after sampling
    obligation not-the-testers after receipt unless on-site
";

const NOTICE: &str = "
    obligation mail-in-seven-days after issue-signed refines report.mail
    obligation issue-signed after receipt triggers tell-county refines report.issue
    obligation tell-county
    obligation signature after sampling
    obligation note-refusal remedies signature
";

fn order_18() -> RuleSet {
    Script::new("national/order-18", &[], ORDER).read()
}

fn notice() -> RuleSet {
    Script::new("shanxi/2024-batch-1", &["national/order-18"], NOTICE).read()
}

fn names(graph: &Graph, ids: impl IntoIterator<Item = NodeId>) -> Vec<String> {
    ids.into_iter()
        .map(|id| graph.node(id).unwrap().id().to_string())
        .collect()
}

fn problems(sets: &[RuleSet]) -> Vec<Diagnostic> {
    let included: Vec<&RuleSet> = sets[1..].iter().collect();
    Graph::build(&sets[0], &included).expect_err("the graph is wrong")
}

/// The words a diagnostic points at.
fn marked(diagnostic: &Diagnostic) -> Vec<&str> {
    diagnostic
        .labels
        .iter()
        .map(|label| &label.span.source.text()[label.span.range.clone()])
        .collect()
}

#[test]
fn the_notices_own_obligations_come_first_and_refined_ones_are_gone() {
    let graph = Graph::build(&notice(), &[&order_18()]).unwrap();
    let ids = names(&graph, graph.obligations().map(|(id, _)| id));
    assert_eq!(
        ids,
        [
            "mail-in-seven-days",
            "issue-signed",
            "tell-county",
            "signature",
            "note-refusal",
            "two-samplers",
            "not-the-testers"
        ]
    );
}

#[test]
fn a_refined_id_means_the_refining_obligation() {
    let graph = Graph::build(&notice(), &[&order_18()]).unwrap();
    let node = graph.resolve(&id("report.mail")).unwrap();
    assert_eq!(Some(node), graph.resolve(&id("mail-in-seven-days")));
    let node = graph.node(node).unwrap();
    assert_eq!(node.aliases, [id("report.mail")]);
    assert_eq!(node.citations()[0].section, "shanxi/2024-batch-1");
    assert_eq!(graph.resolve(&id("nothing")), None);
}

#[test]
fn a_duty_refined_twice_over_is_meant_by_both_ids() {
    let city = Script::new(
        "shanxi/datong-2025",
        &["shanxi/2024-batch-1"],
        "obligation mail-in-five-days refines mail-in-seven-days\n obligation audit after report.mail",
    )
    .read();
    let graph = Graph::build(&city, &[&notice(), &order_18()]).unwrap();
    let node = graph.resolve(&id("report.mail")).unwrap();
    assert_eq!(Some(node), graph.resolve(&id("mail-in-seven-days")));
    let audit = graph.resolve(&id("audit")).unwrap();
    assert_eq!(graph.causes(audit), [node]);
}

#[test]
fn one_duty_split_in_two_by_a_notice_is_presupposed_as_both() {
    let split = Script::new(
        "a",
        &["b"],
        "obligation one refines whole\n obligation two refines whole\n obligation then after whole",
    )
    .read();
    let whole = Script::new("b", &[], "obligation whole").read();
    let graph = Graph::build(&split, &[&whole]).unwrap();
    let then = graph.resolve(&id("then")).unwrap();
    assert_eq!(names(&graph, graph.causes(then)), ["one", "two"]);
}

#[test]
fn steps_know_what_they_depend_on() {
    let graph = Graph::build(&notice(), &[&order_18()]).unwrap();
    let plan = graph.plan();
    let at = |name: &str| plan.position(graph.resolve(&id(name)).unwrap()).unwrap();
    let step = |name: &str| plan.step(at(name)).unwrap();
    assert_eq!(*step("mail-in-seven-days").after, [at("issue-signed")]);
    assert_eq!(*step("tell-county").triggered_by, [at("issue-signed")]);
    assert_eq!(*step("not-the-testers").unless, [at("on-site")]);
    assert_eq!(step("note-refusal").remedies, Some(at("signature")));
    assert_eq!(*step("signature").remedied_by, [at("note-refusal")]);
    for (position, step) in (0..).zip(plan.steps()) {
        assert_eq!(plan.position(step.node), Some(At(position)));
        assert!(
            step.causes()
                .chain(step.unless.iter().copied())
                .all(|c| c < At(position))
        );
    }
}

#[test]
fn a_breach_is_traced_to_the_one_it_follows_from_through_stages_but_not_through_what_was_kept() {
    let set = Script::new(
        "a",
        &[],
        "stage s2 after first
         obligation first
         obligation second after first
         obligation third after second
         obligation other after s2
         obligation remedy remedies third",
    )
    .read();
    let graph = Graph::build(&set, &[]).unwrap();
    let plan = graph.plan();
    let at = |name: &str| plan.position(graph.resolve(&id(name)).unwrap()).unwrap();
    for (violated, of, root) in [
        (&["first", "second", "third"][..], "third", Some("first")),
        (&["first", "third"], "third", None),
        (&["second", "third"], "third", Some("second")),
        (&["first", "other"], "other", Some("first")),
        (&["third", "remedy"], "remedy", Some("third")),
        (&["first"], "first", None),
    ] {
        let violated: Vec<At> = violated.iter().map(|name| at(name)).collect();
        let roots = plan.root_causes(|step| violated.contains(&step));
        assert_eq!(roots[at(of).index()], root.map(at), "{of}");
    }
}

#[test]
fn a_breach_that_a_remedy_would_have_excused_follows_from_the_remedy_and_so_does_what_follows_from_the_breach()
 {
    let set = Script::new(
        "a",
        &[],
        "obligation first
         obligation signature after first
         obligation after-it after signature
         obligation note remedies signature excuses
         obligation late-note remedies after-it excuses after note",
    )
    .read();
    let graph = Graph::build(&set, &[]).unwrap();
    let plan = graph.plan();
    let at = |name: &str| plan.position(graph.resolve(&id(name)).unwrap()).unwrap();
    for (violated, roots) in [
        (&["signature"][..], &[None][..]),
        (&["signature", "note"], &[Some("note"), None]),
        (
            &["signature", "after-it", "note"],
            &[Some("note"), Some("note"), None],
        ),
        // What was breached before both is the root of the signature; the note stands by itself.
        (&["first", "signature", "note"], &[None, Some("note"), None]),
        (
            &["signature", "after-it", "note", "late-note"],
            &[Some("note"), Some("note"), None, Some("note")],
        ),
    ] {
        let of: Vec<At> = violated.iter().map(|name| at(name)).collect();
        let found = plan.root_causes(|step| of.contains(&step));
        for ((name, step), root) in violated.iter().zip(&of).zip(roots) {
            assert_eq!(found[step.index()], root.map(at), "{name} of {violated:?}");
        }
    }
}

#[test]
fn an_id_that_does_not_exist_is_shown_with_the_nearest_one() {
    let set = Script::new(
        "a",
        &[],
        "stage testing\n obligation report after testin,nowhere unless on-sight\n exception on-site",
    )
    .read();
    let found = problems(&[set]);
    let codes: Vec<Code> = found.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::GraphDanglingId; 3]);
    assert_eq!(marked(&found[0]), ["testin"]);
    assert!(found[0].help[0].zh.contains("`testing`"));
    assert!(found[1].help.is_empty());
    assert!(found[2].help[0].en.contains("`on-site`"));
}

#[test]
fn a_link_to_the_wrong_kind_shows_what_it_names() {
    for (links, key) in [
        ("unless o", "unless"),
        ("unless s", "unless"),
        ("after e", "after"),
        ("triggers s", "triggers"),
        ("remedies e", "remedies"),
        ("refines s", "refines"),
    ] {
        let text = format!("stage s\n exception e\n obligation o\n obligation duty {links}");
        let found = problems(&[Script::new("a", &[], &text).read()]);
        assert_eq!(found.len(), 1, "{links}: {found:?}");
        assert_eq!(found[0].code, Code::GraphWrongKind);
        assert!(found[0].message.en.contains(key), "{:?}", found[0].message);
        assert_eq!(marked(&found[0]).len(), 2);
    }
}

#[test]
fn a_cycle_prints_its_whole_path_with_every_place() {
    let set = Script::new(
        "a",
        &[],
        "stage outside
         obligation report after mail
         obligation mail
         obligation testing after report triggers told
         obligation told after outside triggers mail
         obligation sealed remedies told
         obligation loop after loop",
    )
    .read();
    let found = problems(&[set]);
    let messages: Vec<&str> = found.iter().map(|d| d.message.zh.as_str()).collect();
    assert_eq!(
        messages,
        [
            "循环依赖：`report` → `testing` → `told` → `mail` → `report`",
            "循环依赖：`loop` → `loop`",
        ]
    );
    assert_eq!(marked(&found[0]), ["report", "told", "mail", "mail"]);
    assert_eq!(found[0].labels[1].text.zh, "`testing` 触发 `told`");
    assert!(found.iter().all(|d| d.code == Code::GraphCycle));
}

#[test]
fn an_id_declared_twice_shows_both_places() {
    let above = Script::new("b", &[], "stage duty").read();
    let found = problems(&[
        Script::new("a", &["b"], "obligation duty\n exception duty").read(),
        above,
    ]);
    // The stage of the layer above and the obligation collide with the exception, which comes first in the rule set.
    assert_eq!(found.len(), 2);
    for diagnostic in &found {
        assert_eq!(diagnostic.code, Code::GraphDuplicateId);
        assert_eq!(marked(diagnostic), ["duty", "duty"]);
    }
    assert!(found[1].help[0].zh.contains("refines"));
}

#[test]
fn only_a_duty_of_an_included_rule_set_can_be_refined() {
    let beside = Script::new("c", &[], "obligation beside").read();
    let found = problems(&[
        Script::new(
            "a",
            &["b"],
            "obligation duty refines beside\n obligation own\n obligation x refines own",
        )
        .read(),
        Script::new("b", &[], "").read(),
        beside,
    ]);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|d| d.code == Code::GraphNotIncluded));
    assert_eq!(marked(&found[0]), ["beside", "beside"]);
}

#[test]
fn everything_wrong_is_reported_in_one_run() {
    let found = problems(&[
        Script::new(
            "a",
            &["b"],
            "obligation one after nowhere\n obligation two after two\n obligation three unless one\n obligation dup",
        )
        .read(),
        Script::new("b", &[], "obligation dup").read(),
    ]);
    let mut codes: Vec<Code> = found.iter().map(|d| d.code).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            Code::GraphDanglingId,
            Code::GraphWrongKind,
            Code::GraphDuplicateId,
            Code::GraphCycle
        ]
    );
}

#[test]
fn rule_sets_that_include_and_refine_each_other_do_not_hang() {
    let a = Script::new("a", &["b"], "obligation x refines y").read();
    let b = Script::new("b", &["a"], "obligation y refines x").read();
    let found = problems(&[a, b]);
    assert!(found.iter().all(|d| d.code == Code::GraphCycle));
}

/// Random rule sets without cycles: stages, exceptions and obligations that depend on earlier ones.
pub(super) fn acyclic() -> impl Strategy<Value = RuleSet> {
    let choice = (0..12u8, any::<[prop::sample::Index; 3]>());
    proptest::collection::vec(choice, 1..50).prop_map(|choices| {
        let kind = |at: usize| match choices[at].0 {
            0 | 1 => "stage",
            2 => "exception",
            _ => "obligation",
        };
        let mut text = String::new();
        for (at, (what, picks)) in choices.iter().enumerate() {
            let earlier: Vec<usize> = picks
                .iter()
                .filter(|_| at > 0)
                .map(|p| p.index(at))
                .collect();
            let of = |kinds: &[&str]| {
                let mut names: Vec<String> = earlier
                    .iter()
                    .filter(|at| kinds.contains(&kind(**at)))
                    .map(|at| format!("n-{at}-end"))
                    .collect();
                names.dedup();
                names.join(",")
            };
            let mut line = format!("{} n-{at}-end", kind(at));
            let mut link = |key: &str, names: String| {
                if !names.is_empty() {
                    line.push_str(&format!(" {key} {names}"));
                }
            };
            match what {
                2..=4 => {}
                5 => link(
                    "remedies",
                    of(&["obligation"])
                        .split(',')
                        .next()
                        .unwrap_or("")
                        .to_owned(),
                ),
                _ => link("after", of(&["stage", "obligation"])),
            }
            if kind(at) == "obligation" {
                link("unless", of(&["exception"]));
            }
            // Declared backwards, so that the order has something to do.
            text = format!("{line}\n{text}");
        }
        Script::new("a", &[], &text).read()
    })
}

proptest! {
    #[test]
    fn the_order_keeps_every_edge_and_otherwise_the_notices_order(set in acyclic()) {
        let graph = Graph::build(&set, &[]).unwrap();
        let order = graph.order();
        prop_assert_eq!(order.len(), graph.len());
        let place = |id: NodeId| order.iter().position(|other| *other == id).unwrap();
        for edge in graph.edges() {
            prop_assert!(place(edge.from) < place(edge.to));
        }
        let before = |id: NodeId| -> Vec<NodeId> { graph.edges().filter(|e| e.to == id).map(|e| e.from).collect() };
        // A naive second ordering: always the first node of the notice whose causes are all done.
        let mut done: Vec<NodeId> = Vec::new();
        while done.len() < graph.len() {
            let next = graph
                .nodes()
                .map(|(id, _)| id)
                .find(|id| !done.contains(id) && before(*id).iter().all(|c| done.contains(c)))
                .unwrap();
            done.push(next);
        }
        prop_assert_eq!(order, done.as_slice());
    }
}

#[test]
fn a_graph_and_its_plan_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Graph>();
    shared::<Plan>();
    shared::<crate::period::Calendar>();
}
