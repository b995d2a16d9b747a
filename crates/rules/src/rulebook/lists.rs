//! Script functions for lists: membership, relations between lists, counts, and quantifiers over lists of groups.

use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext};

use super::host::{Call, Host};
use super::terms::{Handle, Term, not_a_condition, type_of};
use choucha_core::diagnostic::Code;
use choucha_core::expr::{BuildError, Expr, Variable};
use choucha_core::source::Span;
use choucha_core::text;

type Fallible<T> = Result<T, Box<EvalAltResult>>;
type Ctx<'a> = NativeCallContext<'a>;

/// Registers the functions.
pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    lists(engine, host);
    quantifiers(engine, host);
}

fn lists(engine: &mut Engine, host: &Rc<Host>) {
    // `e in ["a", "b"]` is `contains(["a", "b"], e)`.
    let h = Rc::clone(host);
    engine.register_fn(
        "contains",
        move |ctx: Ctx<'_>, values: Array, term: Term| -> Term {
            let call = h.call(&ctx);
            let literals = h.literals(&call, &values);
            h.over(&call, &term, |term, at| match literals {
                Some(literals) => h.builder.one_of(term, literals, at).map(Some),
                None => Ok(None),
            })
        },
    );
    let h = Rc::clone(host);
    engine.register_fn(
        "contains",
        move |ctx: Ctx<'_>, list: Term, item: Dynamic| -> Term {
            let call = h.call(&ctx);
            let item = h.input(&call, &item);
            h.over(&call, &list, |list, at| match item {
                Some(item) => h.builder.contains(list, item, at).map(Some),
                None => Ok(None),
            })
        },
    );
    let h = Rc::clone(host);
    engine.register_fn(
        "contains_all",
        move |ctx: Ctx<'_>, list: Term, values: Array| -> Term {
            let call = h.call(&ctx);
            let literals = h.literals(&call, &values);
            h.over(&call, &list, |list, at| match literals {
                Some(literals) => h.builder.contains_all(&list, literals, at).map(Some),
                None => Ok(None),
            })
        },
    );
    relation(engine, host, "disjoint", |host, left, right, at| {
        host.builder.disjoint(left, right, at)
    });
    relation(engine, host, "subset_of", |host, left, right, at| {
        host.builder.subset(left, right, at)
    });
    relation(engine, host, "both", |host, left, right, at| {
        host.builder.both(left, right, at)
    });
    let h = Rc::clone(host);
    engine.register_fn("count", move |ctx: Ctx<'_>, list: Term| -> Term {
        let call = h.call(&ctx);
        h.over(&call, &list, |list, at| h.builder.count(list, at))
    });
}

/// Registers a relation between two lists; the second may be an array of literals.
fn relation(
    engine: &mut Engine,
    host: &Rc<Host>,
    name: &str,
    build: fn(&Host, Expr, Expr, Option<Span>) -> Result<Expr, BuildError>,
) {
    let h = Rc::clone(host);
    engine.register_fn(name, move |ctx: Ctx<'_>, left: Term, right: Term| -> Term {
        let call = h.call(&ctx);
        h.over(&call, &left, |left, at| match right.get() {
            Some(right) => build(&h, left, right.clone(), at).map(Some),
            None => Ok(None),
        })
    });
    let h = Rc::clone(host);
    engine.register_fn(
        name,
        move |ctx: Ctx<'_>, left: Term, right: Array| -> Term {
            let call = h.call(&ctx);
            let literals = h.literals(&call, &right);
            h.over(&call, &left, |left, at| match literals {
                Some(literals) => {
                    let right = h.builder.list_like(&left, literals)?;
                    build(&h, left, right, at).map(Some)
                }
                None => Ok(None),
            })
        },
    );
}

fn quantifiers(engine: &mut Engine, host: &Rc<Host>) {
    type Quantify = fn(&Host, Expr, Variable, Expr, Option<Span>) -> Result<Expr, BuildError>;
    let all: Quantify = |host, list, row, body, at| host.builder.for_all(list, row, body, at);
    let any: Quantify = |host, list, row, body, at| host.builder.exists(list, row, body, at);
    let count: Quantify = |host, list, row, body, at| host.builder.count_where(list, row, body, at);
    let sum: Quantify = |host, list, row, body, at| host.builder.sum(list, row, body, at);
    for (name, quantify, condition) in [
        ("all", all, true),
        ("any", any, true),
        ("count", count, true),
        ("sum", sum, false),
    ] {
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, list: Term, closure: FnPtr| -> Fallible<Term> {
                let call = h.call(&ctx);
                let Some(list) = list.get() else {
                    return Ok(Handle::broken());
                };
                let (variable, row) = match h.builder.row(list) {
                    Ok(row) => row,
                    Err(error) => return Ok(h.built(&call, Err(error))),
                };
                let body: Dynamic = closure.call_within_context(&ctx, (Handle::new(row),))?;
                let Some(body) = body.read_lock::<Term>().map(|body| body.clone()) else {
                    h.report(if condition {
                        not_a_condition(&call, &body)
                    } else {
                        let found = type_of(&body);
                        let (zh, en) = (&found.zh, &found.en);
                        let message = text!(
                            "求和的闭包应给出数值，而这是{zh}",
                            "the closure of a sum gives a number, not {en}"
                        );
                        call.diagnostic(Code::RulesType, message)
                    });
                    return Ok(Handle::broken());
                };
                let Some(body) = body.get() else {
                    return Ok(Handle::broken());
                };
                let at = Some(call.at().clone());
                Ok(h.built(
                    &call,
                    quantify(&h, list.clone(), variable, body.clone(), at),
                ))
            },
        );
    }
}

/// The result of building on expressions, any of which may already be broken.
pub(super) trait Outcome {
    fn outcome(self) -> Result<Option<Expr>, BuildError>;
}

impl Outcome for Result<Expr, BuildError> {
    fn outcome(self) -> Result<Option<Expr>, BuildError> {
        self.map(Some)
    }
}

impl Outcome for Result<Option<Expr>, BuildError> {
    fn outcome(self) -> Result<Option<Expr>, BuildError> {
        self
    }
}

impl Host {
    /// Builds on an expression, unless it is broken.
    pub(super) fn over<O: Outcome>(
        &self,
        call: &Call,
        term: &Term,
        build: impl FnOnce(Expr, Option<Span>) -> O,
    ) -> Term {
        let Some(expr) = term.get() else {
            return Handle::broken();
        };
        match build(expr.clone(), Some(call.at().clone())).outcome() {
            Ok(Some(expr)) => self.built(call, Ok(expr)),
            Ok(None) => Handle::broken(),
            Err(error) => self.built(call, Err(error)),
        }
    }
}
