use super::*;
use crate::engine::Engine;
use crate::rulebook::RuleFolder;

#[test]
fn probe() {
    let engine = Engine::load(&RuleFolder::embedded()).unwrap();
    let side = |id: &str| Side {
        layers: engine.layers(engine.rulebook().rule_set(id).unwrap()),
        vocabulary: engine.vocabulary(),
    };
    for (a, b) in [
        (
            "shanxi/2021-158-coal",
            "shanxi/2021-159-machinery-daily-textile",
        ),
        (
            "shanxi/2021-159-machinery-daily-textile",
            "shanxi/2024-batch-1",
        ),
        ("shanxi/2024-batch-1", "shanxi/datong-2025"),
    ] {
        let diff = Diff::of(side(a), side(b), Reach::Effective);
        println!("== {a} {b}");
        for k in Kind::ALL {
            println!("{} {}", k.code(), diff.count(k));
        }
        for e in &diff.entries {
            if e.kind == Kind::Same {
                continue;
            }
            println!(
                "{} {} -> {} {:?}",
                e.kind.code(),
                e.before.map_or("-", |o| &o.id.0),
                e.after.map_or("-", |o| &o.id.0),
                e.matched
            );
            for c in &e.changes {
                println!(
                    "      {:?} {:?} {} | {} | {}",
                    c.aspect,
                    c.class,
                    c.title().zh,
                    c.higher_text(engine.vocabulary()).zh,
                    c.lower_text(engine.vocabulary()).zh
                );
            }
        }
    }
}
