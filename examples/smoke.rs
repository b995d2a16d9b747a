fn main() {
    let folder = choucha::rulebook::RuleFolder::open(std::path::Path::new("rules")).unwrap_or_else(|d| { for d in d { eprintln!("{}", d.message.zh);} std::process::exit(2)});
    let t = std::time::Instant::now();
    match choucha::engine::Engine::load(&folder) {
        Err(ds) => for d in ds { eprintln!("{:?} {} {:?}", d.code, d.message.en, d.labels.first().map(|l| l.span.to_string())); },
        Ok(e) => {
            eprintln!("loaded in {:?}", t.elapsed());
            for s in &e.rulebook().rule_sets { eprintln!("{} {}", s.id, s.obligations.len());
              match e.auditor(s) { Ok(a) => eprintln!("graph {}", a.graph().len()), Err(ds) => for d in ds { eprintln!("{:?} {} {:?}", d.code, d.message.en, d.labels.first().map(|l| l.span.to_string())); } } }
        }
    }
}
