//! Pictures of a campaign of some ninety obligations, and of random graphs.

use proptest::prelude::*;

use super::super::tests::{Script, acyclic};
use super::place::{BOX, FOOT, HEAD, PAD, TITLE, place};
use super::route::{Drawing, route};
use super::wrap::width;
use super::*;
use crate::graph::NodeKind;

fn campaign() -> Graph {
    let set = Script::new("示例市2024年第1批", &[], include_str!("campaign.txt")).read();
    Graph::build(&set, &[]).expect("the campaign is sound")
}

/// Outcomes of all kinds, by the length of the id.
fn outcomes(id: &Id) -> Option<Mark> {
    let tone = Tone::ALL[id.0.len() % 8];
    Some(Mark {
        tone,
        label: Text::new("结果", "outcome"),
    })
}

/// Whether the insides of two boxes (left, top, width, height) overlap.
fn overlap(a: (i32, i32, i32, i32), b: (i32, i32, i32, i32)) -> bool {
    a.0 < b.0 + b.2 && b.0 < a.0 + a.2 && a.1 < b.1 + b.3 && b.1 < a.1 + a.3
}

/// Checks that boxes do not overlap, that text fits and that no line crosses a box.
fn assert_legible(graph: &Graph, lang: Lang, outcomes: Option<Outcomes<'_>>) {
    let placement = place(graph, lang, outcomes);
    assert_eq!(placement.boxes.len(), graph.len());
    let drawing: Drawing = route(graph, &placement);
    let boxes: Vec<_> = placement
        .boxes
        .iter()
        .map(|placed| drawing.rectangle(placed))
        .collect();
    for (at, a) in boxes.iter().enumerate() {
        assert!(a.0 >= 0 && a.0 + a.2 <= drawing.width, "{a:?}");
        assert!(a.1 >= 0 && a.1 + a.3 <= drawing.height, "{a:?}");
        for b in &boxes[at + 1..] {
            assert!(!overlap(*a, *b), "{a:?} {b:?}");
        }
    }
    for placed in &placement.boxes {
        let room = if placed.kind == NodeKind::Stage {
            HEAD - 4 * PAD
        } else {
            BOX - 2 * PAD
        };
        assert!(placed.title.iter().all(|line| width(line, TITLE.0) <= room));
        assert!(width(&placed.foot, FOOT.0) <= BOX - 2 * PAD);
        let rows = i32::try_from(placed.title.len()).unwrap();
        let feet = i32::from(!placed.foot.is_empty()) + i32::from(placed.mark.is_some());
        assert!(rows * TITLE.1 + feet * FOOT.1 <= placed.height - 8);
        // Inside its lane.
        assert!(placed.y + placed.height <= placement.heights[placed.lane]);
    }
    for line in &drawing.lines {
        for ends in line.points.windows(2) {
            let ((ax, ay), (bx, by)) = (ends[0], ends[1]);
            assert!(ax == bx || ay == by, "{:?}", line.points);
            let stretch = (
                ax.min(bx),
                ay.min(by),
                (ax - bx).abs().max(1),
                (ay - by).abs().max(1),
            );
            // A line may touch the side it leaves or reaches, but must not enter a box.
            let inner = |b: &(i32, i32, i32, i32)| (b.0 + 1, b.1 + 1, b.2 - 2, b.3 - 2);
            assert!(
                boxes.iter().all(|b| !overlap(stretch, inner(b))),
                "{:?}",
                line.points
            );
        }
    }
}

#[test]
fn a_campaign_is_drawn_legibly_in_both_languages() {
    let graph = campaign();
    for lang in [Lang::Zh, Lang::En] {
        assert_legible(&graph, lang, None);
        assert_legible(&graph, lang, Some(&outcomes));
        let picture = svg(&graph, lang, Some(&outcomes));
        assert_eq!(picture, svg(&campaign(), lang, Some(&outcomes)));
        assert_well_formed(&picture);
        for (_, node) in graph.nodes() {
            assert!(
                picture.contains(&format!("\n{}\n", node.id())),
                "{}",
                node.id()
            );
        }
    }
}

#[test]
fn every_tone_is_told_apart_without_colour() {
    let graph = campaign();
    for text in [
        svg(&graph, Lang::Zh, Some(&outcomes)),
        dot(&graph, Lang::Zh, Some(&outcomes)),
    ] {
        for tone in Tone::ALL {
            assert!(text.contains(&format!("{} 结果", tone.symbol())));
        }
    }
    let mut symbols: Vec<&str> = Tone::ALL.iter().map(|tone| tone.symbol()).collect();
    symbols.sort_unstable();
    symbols.dedup();
    assert_eq!(symbols.len(), Tone::ALL.len());
}

#[test]
fn what_a_triggered_duty_belongs_to_is_the_first_stage_that_can_trigger_it() {
    let graph = campaign();
    let lanes = lanes::lanes(&graph);
    let form = graph.resolve(&Id("problem.form".to_owned())).unwrap();
    let lane = lanes
        .iter()
        .find(|lane| lane.members.contains(&form))
        .unwrap();
    assert_eq!(lane.head.title(&graph, Lang::En), "Sampling");
}

fn small() -> Graph {
    let set = Script::new(
        "示例",
        &[],
        "stage sampling # 抽样 | Sampling
         exception refused # 拒绝“签字” | Refusal to \"sign\" <b> & \\ more
         obligation signed after sampling unless refused triggers told # 签字 | Signed
         obligation told # 告知 | Told
         obligation noted remedies signed # 注明 | Noted
         obligation loose # 不得泄密 | Secrecy",
    )
    .read();
    Graph::build(&set, &[]).unwrap()
}

#[test]
fn a_small_graph_as_dot() {
    insta::assert_snapshot!(dot(&small(), Lang::En, Some(&outcomes)));
}

#[test]
fn a_small_graph_as_svg() {
    insta::assert_snapshot!(svg(&small(), Lang::Zh, None));
}

#[test]
fn a_graph_of_nothing_can_be_drawn() {
    let empty = Graph::build(&Script::new("空", &[], "").read(), &[]).unwrap();
    assert!(empty.is_empty());
    assert_well_formed(&svg(&empty, Lang::Zh, None));
    assert!(dot(&empty, Lang::En, None).ends_with("}\n"));
}

/// Checks that elements are closed in order, every `&` begins an entity, and there is no character that XML cannot
/// contain.
fn assert_well_formed(picture: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = picture;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        assert!(!tag.contains('<'), "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap_or_default());
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    for (at, _) in picture.match_indices('&') {
        let entity = picture[at..].split(';').next().unwrap_or_default();
        assert!(
            ["&amp", "&lt", "&gt", "&quot", "&#39", "&#10"].contains(&entity),
            "{entity}"
        );
    }
    assert!(picture.chars().all(|c| c == '\n' || !c.is_control()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_graphs_are_drawn_legibly(set in acyclic()) {
        let graph = Graph::build(&set, &[]).unwrap();
        assert_legible(&graph, Lang::Zh, Some(&outcomes));
    }

    #[test]
    fn no_title_breaks_the_picture(title in any::<String>()) {
        let mut set = Script::new("a", &[], "obligation duty").read();
        set.obligations[0].title = Text::same(title);
        let graph = Graph::build(&set, &[]).unwrap();
        assert_well_formed(&svg(&graph, Lang::Zh, None));
        assert_legible(&graph, Lang::Zh, None);
        prop_assert!(!dot(&graph, Lang::Zh, None).contains('\0'));
    }
}
