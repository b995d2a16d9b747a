//! Script functions for deadlines and readings.

use std::rc::Rc;

use rhai::{Dynamic, Engine, ImmutableString, NativeCallContext};

use super::host::{Call, Host};
use super::terms::{DayLiteral, Due, Duration, Handle, Judged, Piece, Pieces, Term, show, type_of};
use choucha_core::diagnostic::Code;
use choucha_core::expr::{Expr, ExprKind, Readings};
use choucha_core::lang::Text;
use choucha_core::obligation::{Deadline, OtherStart, Reading, Requirement};
use choucha_core::period::Limit;
use choucha_core::text;

type Ctx<'a> = NativeCallContext<'a>;

/// The longest time of a norm, in days.
const MAX_DAYS: i64 = 3_660;

/// The longest time of a norm, in years.
const MAX_YEARS: i64 = 30;

/// The default number of days after which a person could object to a prompt act.
const PROMPT_DAYS: u16 = 7;

/// Registers the functions.
pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    durations(engine, host);
    deadlines(engine, host);
    readings(engine, host);
}

fn durations(engine: &mut Engine, host: &Rc<Host>) {
    type Make = fn(u16) -> Limit;
    let make: [(&str, Make); 2] = [("days", Limit::Days), ("workdays", Limit::Workdays)];
    for (name, limit) in make {
        let h = Rc::clone(host);
        engine.register_fn(name, move |ctx: Ctx<'_>, count: i64| -> Duration {
            h.count(&h.call(&ctx), count).map(limit).into()
        });
    }
    for (name, months) in [("months", 1), ("years", 12)] {
        let h = Rc::clone(host);
        engine.register_fn(name, move |ctx: Ctx<'_>, count: i64| -> Duration {
            h.months(&h.call(&ctx), count, months).into()
        });
    }
    let h = Rc::clone(host);
    engine.register_fn(
        "plus",
        move |ctx: Ctx<'_>, day: Term, time: Duration| -> Term {
            let call = h.call(&ctx);
            let Some(months) = h.whole_months(&call, &time) else {
                return Handle::broken();
            };
            h.over(&call, &day, |day, at| {
                h.builder.months_after(day, months, at).map(Some)
            })
        },
    );
}

fn deadlines(engine: &mut Engine, host: &Rc<Host>) {
    let h = Rc::clone(host);
    engine.register_fn(
        "within",
        move |ctx: Ctx<'_>, act: Term, time: Duration, since: Dynamic| -> Due {
            let call = h.call(&ctx);
            h.deadline(&call, &act, Some(&since), time.get().copied())
        },
    );
    let h = Rc::clone(host);
    engine.register_fn(
        "within",
        move |ctx: Ctx<'_>, _: Term, time: i64, _: Dynamic| -> Due {
            let message = text!(
                "期限 `{time}` 没有说明是自然日还是工作日",
                "the time `{time}` does not say whether calendar or working days are meant"
            );
            let help = text!(
                "写作 days({time}) 或 workdays({time})",
                "write days({time}) or workdays({time})"
            );
            h.report(
                h.call(&ctx)
                    .diagnostic(Code::RulesDeadline, message)
                    .help(help),
            );
            Handle::broken()
        },
    );
    let h = Rc::clone(host);
    engine.register_fn(
        "by",
        move |ctx: Ctx<'_>, act: Term, day: DayLiteral| -> Due {
            let call = h.call(&ctx);
            h.deadline(&call, &act, None, day.get().copied().map(Limit::By))
        },
    );
    let h = Rc::clone(host);
    engine.register_fn("by", move |ctx: Ctx<'_>, act: Term, set: Term| -> Due {
        let call = h.call(&ctx);
        h.deadline(
            &call,
            &act,
            Some(&Dynamic::from(set)),
            Some(Limit::OnRecord),
        )
    });
    let h = Rc::clone(host);
    engine.register_fn(
        "between",
        move |ctx: Ctx<'_>, act: Term, after: Duration, before: Duration, since: Dynamic| -> Due {
            let call = h.call(&ctx);
            let limit = h.window(&call, &after, &before);
            h.deadline(&call, &act, Some(&since), limit)
        },
    );
    for (name, limit) in [
        ("after_end", Limit::AfterEnd as fn(u16) -> Limit),
        ("once_over", Limit::OnceOver),
    ] {
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, act: Term, time: Duration, since: Dynamic| -> Due {
                let call = h.call(&ctx);
                let limit = h.whole_days(&call, &time, name).map(limit);
                h.deadline(&call, &act, Some(&since), limit)
            },
        );
    }
    for (name, readings) in [
        ("is_within", Readings::Some),
        ("is_surely_within", Readings::Every),
    ] {
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, act: Term, time: Duration, since: Dynamic| -> Term {
                let call = h.call(&ctx);
                let due = h.deadline(&call, &act, Some(&since), time.get().copied());
                let Some(Deadline {
                    since: Some(since),
                    limit,
                    ..
                }) = due.get()
                else {
                    return Handle::broken();
                };
                h.over(&call, &act, |act, at| {
                    let since = since.clone();
                    h.builder.within(act, since, *limit, readings, at).map(Some)
                })
            },
        );
    }
    let h = Rc::clone(host);
    engine.register_fn(
        "immediately_after",
        move |ctx: Ctx<'_>, act: Term, period: Duration, since: Dynamic| -> Due {
            let call = h.call(&ctx);
            let limit = h.after_period(&call, &period);
            h.deadline(&call, &act, Some(&since), limit)
        },
    );
    for (name, limit) in [
        ("next_day", Limit::NextDay),
        ("immediately", Limit::Immediately),
        ("same_time", Limit::SameTime),
        (
            "promptly",
            Limit::Promptly {
                review_after: PROMPT_DAYS,
            },
        ),
    ] {
        let h = Rc::clone(host);
        engine.register_fn(
            name,
            move |ctx: Ctx<'_>, act: Term, since: Dynamic| -> Due {
                h.deadline(&h.call(&ctx), &act, Some(&since), Some(limit))
            },
        );
    }
    let h = Rc::clone(host);
    engine.register_fn(
        "or_since",
        move |ctx: Ctx<'_>,
              due: Due,
              since: Dynamic,
              zh: ImmutableString,
              en: ImmutableString|
              -> Due { h.or_since(&h.call(&ctx), &due, &since, &zh, &en) },
    );
    let h = Rc::clone(host);
    engine.register_fn(
        "promptly",
        move |ctx: Ctx<'_>, act: Term, since: Dynamic, count: i64| -> Due {
            let call = h.call(&ctx);
            let limit = h
                .count(&call, count)
                .map(|review_after| Limit::Promptly { review_after });
            h.deadline(&call, &act, Some(&since), limit)
        },
    );
}

fn readings(engine: &mut Engine, host: &Rc<Host>) {
    let h = Rc::clone(host);
    engine.register_fn(
        "reading",
        move |ctx: Ctx<'_>, when: Dynamic, zh: ImmutableString, en: ImmutableString| -> Judged {
            let call = h.call(&ctx);
            let when = h.closed_condition(&call, &when);
            let text = h.both_languages(&call, &zh, &en);
            when.zip(text)
                .map(|(when, text)| Reading { when, text })
                .into()
        },
    );
}

impl Host {
    /// A valid number of days for a norm; reports any other.
    fn count(&self, call: &Call, count: i64) -> Option<u16> {
        if (1..=MAX_DAYS).contains(&count) {
            return u16::try_from(count).ok();
        }
        let message = text!(
            "`{count}` 不是期限的天数",
            "`{count}` is no number of days for a deadline"
        );
        let why = text!("天数为 1 至 {MAX_DAYS}", "it is from 1 to {MAX_DAYS}");
        let mut diagnostic = call.diagnostic(Code::RulesDeadline, message).why(why);
        if count == 0 {
            diagnostic = diagnostic.help(Text::new(
                "当日完成写作 .immediately(since) 或 .same_time(other)",
                "for the same day write .immediately(since) or .same_time(other)",
            ));
        }
        self.report(diagnostic);
        None
    }

    /// A valid number of months or years for a norm, in months; reports any other.
    fn months(&self, call: &Call, count: i64, each: u16) -> Option<Limit> {
        if (1..=MAX_YEARS * 12 / i64::from(each)).contains(&count) {
            return u16::try_from(count * i64::from(each))
                .ok()
                .map(Limit::Months);
        }
        let message = text!(
            "`{count}` 不是期限的月数或年数",
            "`{count}` is no number of months or years for a deadline"
        );
        let why = text!(
            "至少为 1，至多为 {MAX_YEARS} 年",
            "it is at least 1 and at most {MAX_YEARS} years"
        );
        self.report(call.diagnostic(Code::RulesDeadline, message).why(why));
        None
    }

    /// The number of months of a duration; reports other units.
    fn whole_months(&self, call: &Call, time: &Duration) -> Option<u16> {
        if let Limit::Months(months) = *time.get()? {
            return Some(months);
        }
        let message = Text::new(
            ".plus(…) 的时间用 months(…) 或 years(…)",
            "the time of .plus(…) is months(…) or years(…)",
        );
        let help = Text::new(
            "相隔的天数用 .days_since(…) 比较",
            "compare numbers of days with .days_since(…)",
        );
        self.report(call.diagnostic(Code::RulesDeadline, message).help(help));
        None
    }

    /// The number of calendar days of a duration; reports other units.
    fn whole_days(&self, call: &Call, time: &Duration, function: &str) -> Option<u16> {
        match *time.get()? {
            Limit::Days(days) => Some(days),
            _ => {
                let message = text!(
                    ".{function}(…) 的期间用 days(…)",
                    "the period of .{function}(…) is days(…)"
                );
                self.report(call.diagnostic(Code::RulesDeadline, message));
                None
            }
        }
    }

    /// A period after which something must be done at once; reports other units than days.
    fn after_period(&self, call: &Call, period: &Duration) -> Option<Limit> {
        if let Limit::Days(days) = *period.get()? {
            return Some(Limit::AtOnceAfter(days));
        }
        let message = Text::new(
            "届满后立即办理的期间用 days(…)",
            "a period after which something is done at once is days(…)",
        );
        self.report(call.diagnostic(Code::RulesDeadline, message));
        None
    }

    fn window(&self, call: &Call, after: &Duration, before: &Duration) -> Option<Limit> {
        let (after, before) = (*after.get()?, *before.get()?);
        match (after, before) {
            (Limit::Days(after), Limit::Days(before)) if after < before => {
                Some(Limit::Between { after, before })
            }
            (Limit::Days(after), Limit::Days(before)) => {
                let message = text!(
                    "期间的起点 {after} 日不早于终点 {before} 日",
                    "the window opens after {after} days, not before it closes at {before}"
                );
                self.report(call.diagnostic(Code::RulesDeadline, message));
                None
            }
            _ => {
                let message = Text::new(
                    "期间的两端都用 days(…)",
                    "both ends of a window are days(…)",
                );
                self.report(call.diagnostic(Code::RulesDeadline, message));
                None
            }
        }
    }

    fn deadline(
        &self,
        call: &Call,
        act: &Term,
        since: Option<&Dynamic>,
        limit: Option<Limit>,
    ) -> Due {
        let act_is_day = act
            .get()
            .map(|act| self.is_day(call, act, &Text::new("行为", "the act")));
        let since = match since {
            None => Some(None),
            Some(value) => self.since(call, value).map(Some),
        };
        let (Some(true), Some(since), Some(limit), Some(act)) =
            (act_is_day, since, limit, act.get())
        else {
            return Handle::broken();
        };
        let follows =
            !limit.is_set_date() && since.as_ref().is_some_and(|since| self.follows(act, since));
        Handle::new(Deadline {
            act: act.clone(),
            since,
            limit,
            or_since: None,
            follows,
        })
    }

    /// Adds another, later possible starting day to a deadline.
    fn or_since(&self, call: &Call, due: &Due, since: &Dynamic, zh: &str, en: &str) -> Due {
        let since = self.since(call, since);
        let reading = self.both_languages(call, zh, en);
        let (Some(due), Some(since), Some(reading)) = (due.get(), since, reading) else {
            return Handle::broken();
        };
        let message = match due.limit {
            _ if due.or_since.is_some() => Text::new(
                "期限写了两次 .or_since(…)",
                "the deadline has .or_since(…) twice",
            ),
            // A later start gives more time only with these limits, so what is in time from the first day is in time.
            Limit::Days(_)
            | Limit::Workdays(_)
            | Limit::Months(_)
            | Limit::NextDay
            | Limit::Immediately
            | Limit::Promptly { .. } => {
                return Handle::new(Deadline {
                    or_since: Some(OtherStart { since, reading }),
                    ..due.clone()
                });
            }
            Limit::Between { .. }
            | Limit::AfterEnd(_)
            | Limit::OnceOver(_)
            | Limit::AtOnceAfter(_)
            | Limit::SameTime
            | Limit::By(_)
            | Limit::OnRecord => Text::new(
                ".or_since(…) 只用于 within、next_day、immediately、promptly",
                ".or_since(…) goes with within, next_day, immediately and promptly only",
            ),
        };
        self.report(call.diagnostic(Code::RulesDeadline, message));
        Handle::broken()
    }

    /// Whether the vocabulary's chronology forbids `act` before `since`.
    fn follows(&self, act: &Expr, since: &Expr) -> bool {
        let (ExprKind::Fact { slot: act, .. }, ExprKind::Fact { slot: since, .. }) =
            (act.kind(), since.kind())
        else {
            return false;
        };
        self.vocabulary().chronology().iter().any(|chain| {
            let place = |slot| chain.iter().position(|known| known == slot);
            place(since)
                .zip(place(act))
                .is_some_and(|(since, act)| since < act)
        })
    }

    /// The day a time runs from.
    fn since(&self, call: &Call, value: &Dynamic) -> Option<Expr> {
        if let Some(term) = value.read_lock::<Term>() {
            let since = term.get()?;
            return self
                .is_day(call, since, &Text::new("起算点", "the start"))
                .then(|| since.clone());
        }
        if value.is::<DayLiteral>() {
            let message = Text::new(
                "期限从固定日期起算，等于固定的截止日期",
                "a time counted from a fixed date is a fixed date itself",
            );
            let help = Text::new("写作 .by(date(\"…\"))", "write .by(date(\"…\"))");
            self.report(call.diagnostic(Code::RulesDeadline, message).help(help));
            return None;
        }
        let found = show(value);
        let (zh, en) = (&found.zh, &found.en);
        let message = text!(
            "期限应从某一日期事实起算，而这是{zh}",
            "a deadline runs from a fact that is a date, not from {en}"
        );
        let help = Text::new(
            "写作 .within(days(7), fact(\"…\"))",
            "write .within(days(7), fact(\"…\"))",
        );
        self.report(call.diagnostic(Code::RulesDeadline, message).help(help));
        None
    }

    /// The demand of an obligation or a part; `None` if it is broken or has just been reported.
    pub(super) fn requirement(
        &self,
        call: &Call,
        demand: &Dynamic,
        parts_allowed: bool,
    ) -> Option<Requirement> {
        if let Some(due) = demand.read_lock::<Due>() {
            let due = due.get()?;
            let closed = due.reads().all(|expr| self.is_closed(call, expr));
            return closed.then(|| Requirement::Deadline(due.clone()));
        }
        if let Some(pieces) = demand.read_lock::<Pieces>() {
            let pieces = pieces.get()?;
            if parts_allowed {
                return Some(Requirement::Parts(pieces.clone()));
            }
            let message = Text::new("部分之中不能再分部分", "parts do not nest");
            self.report(call.diagnostic(Code::RulesParts, message));
            return None;
        }
        let forgotten = if demand.is::<Piece>() {
            Some(Text::new(
                "单个部分写成 parts([part(…)])，或者直接写条件",
                "write parts([part(…)]), or the condition itself",
            ))
        } else if demand.is::<Duration>() {
            Some(Text::new(
                "期限写作 act.within(days(7), since)",
                "a deadline is written act.within(days(7), since)",
            ))
        } else {
            None
        };
        if let Some(help) = forgotten {
            let found = type_of(demand);
            let (zh, en) = (&found.zh, &found.en);
            let message = text!(
                "此处需要条件或者期限，而这是{zh}",
                "a condition or a deadline is needed here, not {en}"
            );
            self.report(call.diagnostic(Code::RulesWrongValue, message).help(help));
            return None;
        }
        self.closed_condition(call, demand).map(Requirement::Must)
    }

    /// A condition that reads no row outside its closure; reports any other.
    pub(super) fn closed_condition(&self, call: &Call, value: &Dynamic) -> Option<Expr> {
        let expr = self.condition(call, value)?;
        if let Err(error) = self.builder.condition(&expr) {
            let at = expr.at().unwrap_or(call.at()).clone();
            self.report(super::host::mistake(call, &error, at));
            return None;
        }
        self.is_closed(call, &expr).then_some(expr)
    }

    /// Whether an expression reads no row outside its closure; reports it otherwise.
    pub(super) fn is_closed(&self, call: &Call, expr: &Expr) -> bool {
        match self.builder.closed(expr) {
            Ok(()) => true,
            Err(error) => {
                let at = expr.at().unwrap_or(call.at()).clone();
                self.report(super::host::mistake(call, &error, at));
                false
            }
        }
    }

    /// A text in both languages; reports it if either is empty.
    pub(super) fn both_languages(&self, call: &Call, zh: &str, en: &str) -> Option<Text> {
        let (zh, en) = (zh.trim(), en.trim());
        if zh.is_empty() || en.is_empty() {
            let message = Text::new(
                "中文、英文说明都不能为空",
                "neither the Chinese nor the English wording may be empty",
            );
            self.report(call.diagnostic(Code::RulesWrongValue, message));
            return None;
        }
        Some(Text::new(zh, en))
    }
}
