//! Duties as scripts write them, compared.

use super::*;
use crate::engine::Engine;
use crate::rulebook::RuleFolder;

#[test]
fn probe() {
    let engine = Engine::load(&RuleFolder::embedded()).unwrap();
    let set = engine.rulebook().rule_set("shanxi/2024-batch-1").unwrap();
    let layers = engine.layers(set);
    let t = std::time::Instant::now();
    for _ in 0..20 {
        std::hint::black_box(refinements(&layers));
    }
    println!("{:?}", t.elapsed() / 20);
    let t = std::time::Instant::now();
    for _ in 0..20 {
        std::hint::black_box(engine.graph(set).unwrap());
    }
    println!("graph {:?}", t.elapsed() / 20);
}
