//! Script functions and operators for facts, literals, comparisons, connectives and arithmetic; for lists see `lists`.

use std::cmp::Ordering;
use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, ImmutableString, Map, NativeCallContext, Variant};
use rust_decimal::Decimal;

use super::host::{Call, Host, clip};
use super::terms::{DayLiteral, DecimalLiteral, Handle, Term, show, type_of};
use choucha_core::diagnostic::Code;
use choucha_core::expr::{Arithmetic, Comparison, Expr, Input};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_core::value::{Day, Type};

type Ctx<'a> = NativeCallContext<'a>;

/// Registers the functions and operators.
pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    literals(engine, host);
    facts(engine, host);
    comparisons(engine, host);
    connectives(engine, host);
    arithmetic(engine, host);
    texts(engine, host);
}

fn literals(engine: &mut Engine, host: &Rc<Host>) {
    let h = Rc::clone(host);
    engine.register_fn(
        "date",
        move |ctx: Ctx<'_>, text: ImmutableString| -> DayLiteral {
            let day = Day::parse(&text);
            if day.is_none() {
                let shown = clip(&text);
                let message = text!("`{shown}` 不是日期", "`{shown}` is not a date");
                let help = Text::new(
                    "写作 date(\"2024-03-01\")，须为日历上存在的日期",
                    "write date(\"2024-03-01\"), a day that exists",
                );
                h.report(
                    h.call(&ctx)
                        .diagnostic(Code::RulesArguments, message)
                        .help(help),
                );
            }
            day.into()
        },
    );
    let h = Rc::clone(host);
    engine.register_fn(
        "decimal",
        move |ctx: Ctx<'_>, text: ImmutableString| -> DecimalLiteral {
            let number = text.parse::<Decimal>().ok();
            if number.is_none() {
                let shown = clip(&text);
                let message = text!("`{shown}` 不是小数", "`{shown}` is not a decimal");
                let help = Text::new("写作 decimal(\"1.50\")", "write decimal(\"1.50\")");
                h.report(
                    h.call(&ctx)
                        .diagnostic(Code::RulesArguments, message)
                        .help(help),
                );
            }
            number.into()
        },
    );
}

fn facts(engine: &mut Engine, host: &Rc<Host>) {
    let h = Rc::clone(host);
    engine.register_fn("fact", move |ctx: Ctx<'_>, path: ImmutableString| -> Term {
        let call = h.call(&ctx);
        let at = call.at().clone();
        h.built(&call, h.builder.fact(&path, Some(at)))
    });
    let h = Rc::clone(host);
    engine.register_fn(
        "fact",
        move |ctx: Ctx<'_>, row: Term, code: ImmutableString| -> Term {
            let call = h.call(&ctx);
            h.over(&call, &row, |row, at| h.builder.field(&row, &code, at))
        },
    );
    let h = Rc::clone(host);
    engine.register_fn("present", move |ctx: Ctx<'_>, term: Term| -> Term {
        let call = h.call(&ctx);
        h.over(&call, &term, |term, at| h.builder.present(term, at))
    });
    let h = Rc::clone(host);
    engine.register_fn("absent", move |ctx: Ctx<'_>, term: Term| -> Term {
        let call = h.call(&ctx);
        h.over(&call, &term, |term, at| h.builder.absent(term, at))
    });
}

fn comparisons(engine: &mut Engine, host: &Rc<Host>) {
    for (name, comparison) in [
        ("==", Comparison::Eq),
        ("!=", Comparison::Ne),
        ("<", Comparison::Lt),
        ("<=", Comparison::Le),
        (">", Comparison::Gt),
        (">=", Comparison::Ge),
    ] {
        let h = Rc::clone(host);
        engine.register_fn(name, move |ctx: Ctx<'_>, left: Term, right: Term| -> Term {
            h.compared(
                &h.call(&ctx),
                comparison,
                &Dynamic::from(left),
                &Dynamic::from(right),
            )
        });
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, left: Term, right: Dynamic| -> Dynamic {
                h.compared_or_given(&h.call(&ctx), comparison, &Dynamic::from(left), &right)
            },
        );
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, left: Dynamic, right: Term| -> Dynamic {
                h.compared_or_given(&h.call(&ctx), comparison, &left, &Dynamic::from(right))
            },
        );
        // Otherwise values of unlike types would silently be unequal.
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, left: Dynamic, right: Dynamic| -> bool {
                plain(comparison, &left, &right).unwrap_or_else(|| {
                    h.unlike(&h.call(&ctx), &left, &right);
                    false
                })
            },
        );
    }
}

fn connectives(engine: &mut Engine, host: &Rc<Host>) {
    let h = Rc::clone(host);
    engine.register_fn("!", move |ctx: Ctx<'_>, term: Term| -> Term {
        let call = h.call(&ctx);
        h.over(&call, &term, |term, at| h.builder.not(term, at))
    });
    for (name, all) in [("&", true), ("|", false)] {
        let h = Rc::clone(host);
        engine.register_fn(name, move |ctx: Ctx<'_>, left: Term, right: Term| -> Term {
            let values = vec![Dynamic::from(left), Dynamic::from(right)];
            h.joined(&h.call(&ctx), all, &values)
        });
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, left: Term, right: Dynamic| -> Term {
                h.joined(&h.call(&ctx), all, &vec![Dynamic::from(left), right])
            },
        );
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, left: Dynamic, right: Term| -> Term {
                h.joined(&h.call(&ctx), all, &vec![left, Dynamic::from(right)])
            },
        );
    }
    for (name, all) in [("all", true), ("any", false)] {
        let h = Rc::clone(host);
        engine.register_fn(name, move |ctx: Ctx<'_>, values: Array| -> Term {
            h.joined(&h.call(&ctx), all, &values)
        });
    }
    let h = Rc::clone(host);
    engine.register_fn("none_of", move |ctx: Ctx<'_>, values: Array| -> Term {
        let call = h.call(&ctx);
        let Some(conditions) = h.conditions(&call, &values) else {
            return Handle::broken();
        };
        let at = call.at().clone();
        h.built(&call, h.builder.none_of(conditions, Some(at)))
    });
}

fn arithmetic(engine: &mut Engine, host: &Rc<Host>) {
    for (name, op) in [
        ("+", Arithmetic::Add),
        ("-", Arithmetic::Sub),
        ("*", Arithmetic::Mul),
    ] {
        let h = Rc::clone(host);
        engine.register_fn(name, move |ctx: Ctx<'_>, left: Term, right: Term| -> Term {
            h.computed(
                &h.call(&ctx),
                op,
                &Dynamic::from(left),
                &Dynamic::from(right),
            )
        });
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, left: Term, right: Dynamic| -> Term {
                h.computed(&h.call(&ctx), op, &Dynamic::from(left), &right)
            },
        );
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, left: Dynamic, right: Term| -> Term {
                h.computed(&h.call(&ctx), op, &left, &Dynamic::from(right))
            },
        );
    }
    let h = Rc::clone(host);
    engine.register_fn(
        "days_since",
        move |ctx: Ctx<'_>, later: Term, earlier: Dynamic| -> Term {
            let call = h.call(&ctx);
            let earlier = h.input(&call, &earlier);
            h.over(&call, &later, |later, at| match earlier {
                Some(earlier) => h
                    .builder
                    .days_since(Input::Expr(later), earlier, at)
                    .map(Some),
                None => Ok(None),
            })
        },
    );
}

/// An expression put into a text would be lost silently; report every attempt.
fn texts(engine: &mut Engine, host: &Rc<Host>) {
    for name in ["to_string", "to_debug"] {
        let h = Rc::clone(host);
        engine.register_fn(name, move |ctx: Ctx<'_>, term: Term| -> ImmutableString {
            h.in_text(&h.call(&ctx), &Dynamic::from(term));
            "…".into()
        });
    }
    for name in ["+", "+="] {
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, text: ImmutableString, term: Term| -> ImmutableString {
                h.in_text(&h.call(&ctx), &Dynamic::from(term));
                text
            },
        );
    }
    let h = Rc::clone(host);
    engine.register_fn(
        "+",
        move |ctx: Ctx<'_>, term: Term, text: ImmutableString| -> ImmutableString {
            h.in_text(&h.call(&ctx), &Dynamic::from(term));
            text
        },
    );
    // The language's packages print values of these types themselves, to nowhere, so each needs its own function; for
    // all other types one function with any value suffices.
    printing::<ImmutableString>(engine, host);
    printing::<i64>(engine, host);
    printing::<bool>(engine, host);
    printing::<char>(engine, host);
    printing::<()>(engine, host);
    printing::<Array>(engine, host);
    printing::<Map>(engine, host);
    printing::<Dynamic>(engine, host);
}

/// A comparison of two values without a fact; `None` if their types differ, or lack the order that the comparison
/// needs. Anything may be compared with `()`, to find out whether it is given.
fn plain(comparison: Comparison, left: &Dynamic, right: &Dynamic) -> Option<bool> {
    let holds = |ordering: Ordering| match comparison {
        Comparison::Eq => ordering.is_eq(),
        Comparison::Ne => ordering.is_ne(),
        Comparison::Lt => ordering.is_lt(),
        Comparison::Le => ordering.is_le(),
        Comparison::Gt => ordering.is_gt(),
        Comparison::Ge => ordering.is_ge(),
    };
    let equality = matches!(comparison, Comparison::Eq | Comparison::Ne);
    if left.is_unit() || right.is_unit() {
        let same = left.is_unit() && right.is_unit();
        return equality.then_some(same == (comparison == Comparison::Eq));
    }
    if let (Ok(left), Ok(right)) = (left.as_int(), right.as_int()) {
        return Some(holds(left.cmp(&right)));
    }
    if let (Ok(left), Ok(right)) = (left.as_bool(), right.as_bool()) {
        return equality.then(|| holds(left.cmp(&right)));
    }
    if let (Ok(left), Ok(right)) = (left.as_char(), right.as_char()) {
        return Some(holds(left.cmp(&right)));
    }
    if let (Some(left), Some(right)) = (
        left.read_lock::<DayLiteral>(),
        right.read_lock::<DayLiteral>(),
    ) {
        return Some(holds(left.get().cmp(&right.get())));
    }
    if let (Some(left), Some(right)) = (
        left.read_lock::<DecimalLiteral>(),
        right.read_lock::<DecimalLiteral>(),
    ) {
        return Some(holds(left.get().cmp(&right.get())));
    }
    let left = left.read_lock::<ImmutableString>()?;
    let right = right.read_lock::<ImmutableString>()?;
    Some(holds(left.as_str().cmp(right.as_str())))
}

impl Host {
    fn compared(
        &self,
        call: &Call,
        comparison: Comparison,
        left: &Dynamic,
        right: &Dynamic,
    ) -> Term {
        // Evaluates both sides first, so that errors in both are reported.
        let (left, right) = (self.input(call, left), self.input(call, right));
        let (Some(left), Some(right)) = (left, right) else {
            return Handle::broken();
        };
        let at = Some(call.at().clone());
        self.built(call, self.builder.compare(comparison, left, right, at))
    }

    /// A comparison; with `()`, whether a value is given, which is decided at once.
    fn compared_or_given(
        &self,
        call: &Call,
        comparison: Comparison,
        left: &Dynamic,
        right: &Dynamic,
    ) -> Dynamic {
        match comparison {
            Comparison::Eq if left.is_unit() || right.is_unit() => Dynamic::FALSE,
            Comparison::Ne if left.is_unit() || right.is_unit() => Dynamic::TRUE,
            _ => Dynamic::from(self.compared(call, comparison, left, right)),
        }
    }

    /// Reports that two values without a fact cannot be compared.
    fn unlike(&self, call: &Call, left: &Dynamic, right: &Dynamic) {
        let (left, right) = (type_of(left), type_of(right));
        let (left_zh, right_zh, left_en, right_en) = (&left.zh, &right.zh, &left.en, &right.en);
        let message = text!(
            "不能比较{left_zh}与{right_zh}",
            "{left_en} and {right_en} cannot be compared"
        );
        let why = Text::new(
            "类型不同的值永不相等，这样的比较恒为假",
            "values of unlike types are never equal, so the comparison would always be false",
        );
        self.report(call.diagnostic(Code::RulesUnlikeTypes, message).why(why));
    }

    fn joined(&self, call: &Call, all: bool, values: &Array) -> Term {
        let Some(conditions) = self.conditions(call, values) else {
            return Handle::broken();
        };
        let at = Some(call.at().clone());
        let built = if all {
            self.builder.all(conditions, at)
        } else {
            self.builder.any(conditions, at)
        };
        self.built(call, built)
    }

    fn computed(&self, call: &Call, op: Arithmetic, left: &Dynamic, right: &Dynamic) -> Term {
        let (left, right) = (self.input(call, left), self.input(call, right));
        let (Some(left), Some(right)) = (left, right) else {
            return Handle::broken();
        };
        let at = Some(call.at().clone());
        self.built(call, self.builder.arithmetic(op, left, right, at))
    }

    /// Reports that an expression is put into a text.
    fn in_text(&self, call: &Call, value: &Dynamic) {
        let broken = value
            .read_lock::<Term>()
            .is_some_and(|term| term.is_broken());
        if broken {
            return;
        }
        let message = Text::new(
            "不能把表达式拼进文本",
            "an expression cannot be put into a text",
        );
        let why = Text::new(
            "装载时还没有案卷，文本中不会出现事实的值，条件也就丢了",
            "there is no record yet when a script is loaded: the text would not hold the fact's value, and the condition would be lost",
        );
        self.report(
            call.diagnostic(Code::RulesExpressionInText, message)
                .why(why),
        );
    }

    /// Whether a term is a date; reports it otherwise.
    pub(super) fn is_day(&self, call: &Call, expr: &Expr, role: &Text) -> bool {
        if *expr.ty() == Type::Date {
            return true;
        }
        let (zh, en) = (&role.zh, &role.en);
        let message = text!("期限的{zh}必须是日期", "{en} of a deadline must be a date");
        let mut diagnostic = call.diagnostic(Code::RulesDeadline, message);
        if let Err(error) = self.builder.day(expr) {
            diagnostic = diagnostic.why(error.message());
        }
        self.report(diagnostic);
        false
    }
}

/// Registers printing for a type, which reports the value as a note at its place.
fn printing<T: Variant + Clone>(engine: &mut Engine, host: &Rc<Host>) {
    for name in ["print", "debug"] {
        let h = Rc::clone(host);
        engine.register_fn(name, move |ctx: Ctx<'_>, value: T| -> ImmutableString {
            let value = Dynamic::from(value).flatten();
            let shown = match value.read_lock::<ImmutableString>() {
                Some(text) => text.to_string(),
                None => show(&value).zh,
            };
            h.print(&h.call(&ctx), &shown);
            ImmutableString::new()
        });
    }
}
