//! Configures the script engine: which parts of the language exist, and nothing that reaches outside.

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

/// An engine with the language only, without our functions.
pub(super) fn language() -> Engine {
    let mut engine = Engine::new_raw();
    // Nothing may happen except what the script says, where it says it.
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_strict_variables(true);
    engine.set_fail_on_invalid_map_property(true);
    // Otherwise values of unlike types would compare as false before our functions are called.
    engine.set_fast_operators(false);
    limits::apply(&mut engine);
    syntax::disable(&mut engine);
    // `until` is a key of `ruleset(…)`; the language reserves it for `do … until`, for which `while` suffices.
    // "Deprecated" in Rhai means that this API may change.
    #[allow(deprecated)]
    engine.on_parse_token(|token, _, _| match token {
        Token::Until => Token::Identifier(Box::new("until".into())),
        other => other,
    });
    engine
}

/// An engine whose scripts talk to the host and import from the folder.
///
/// The chosen packages have no clock, sleep, exit or reflection; printing is ours.
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
    // "Deprecated" in Rhai means that this API may change. The debugger never stops; it only keeps the call stack, for
    // the places of diagnostics.
    #[allow(deprecated)]
    engine.register_debugger(
        |_, debugger| debugger,
        |_, _, _, _, _| Ok(DebuggerCommand::Continue),
    );
    engine.set_module_resolver(Resolver::new(Rc::clone(scripts), Rc::clone(host)));
    engine
}
