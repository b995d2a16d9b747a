//! The script engine: what of the language there is, and nothing that reaches outside.

use std::rc::Rc;

use rhai::debugger::DebuggerCommand;
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package as _,
};
use rhai::{Dynamic, Engine, OptimizationLevel, Token};

use super::host::Host;
use super::resolver::Resolver;
use super::scripts::Scripts;
use super::{cite, deadlines, declare, limits, lists, named, operators, parts, syntax, terms};

/// An engine that knows the language and none of our functions.
pub(super) fn language() -> Engine {
    let mut engine = Engine::new_raw();
    // Nothing is to happen but what the script says, where it says it.
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_strict_variables(true);
    engine.set_fail_on_invalid_map_property(true);
    // Else values of unlike types would be compared, to false, before our functions are asked.
    engine.set_fast_operators(false);
    limits::apply(&mut engine);
    syntax::disable(&mut engine);
    // `until` is a key of `ruleset(…)`; the language would have it for `do … until`, which `while` does as well.
    // Deprecated means volatile here.
    #[allow(deprecated)]
    engine.on_parse_token(|token, _, _| match token {
        Token::Until => Token::Identifier(Box::new("until".into())),
        other => other,
    });
    engine
}

/// An engine whose scripts talk to the host and import from the folder.
///
/// The packages chosen have no clock, no sleep, no exit and no reflection; printing is ours.
pub(super) fn build(scripts: &Rc<Scripts>, host: &Rc<Host>) -> Engine {
    let mut engine = language();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);

    terms::register(&mut engine);
    operators::register(&mut engine, host);
    lists::register(&mut engine, host);
    cite::register(&mut engine, host);
    deadlines::register(&mut engine, host);
    parts::register(&mut engine, host);
    named::register(&mut engine, host);
    declare::register(&mut engine, host);

    let h = Rc::clone(host);
    engine.on_progress(move |_| h.tick().then_some(Dynamic::UNIT));
    // Deprecated means volatile here. The debugger never stops anywhere; it keeps the chain of calls, for the places
    // diagnostics point at.
    #[allow(deprecated)]
    engine.register_debugger(
        |_, debugger| debugger,
        |_, _, _, _, _| Ok(DebuggerCommand::Continue),
    );
    engine.set_module_resolver(Resolver::new(Rc::clone(scripts), Rc::clone(host)));
    engine
}
