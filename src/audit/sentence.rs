//! The sentence that says why, as an official would write it and as an English reader would expect it.

use crate::expr::{Comparison, Expr, Kind};
use crate::lang::Text;
use crate::period::{Act, Calendar, DueDates, Judgement, Lateness, Limit, Verdict};
use crate::record::Settled;
use crate::text;
use crate::value::{Day, Party, Row, ShapeId, Type, Value};
use crate::vocabulary::{Fact, Vocabulary};

use super::facts::resolve;
use super::{Outcome, PartFinding};

/// How many facts a sentence names before it only counts the rest.
const NAMED: usize = 5;

/// How many elements of a list a sentence names before it only counts the rest.
const LISTED: usize = 4;

/// Makes sentences about the facts of one record.
#[derive(Clone, Copy)]
pub(super) struct Sentence<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) settled: &'a Settled,
    pub(super) root: &'a Row,
}

impl Sentence<'_> {
    /// What a person calls the fact an expression is, or the expression in words.
    pub(super) fn name(self, expr: &Expr) -> Text {
        match expr.facts().as_slice() {
            [fact] => self.vocabulary.fact(*fact).name.clone(),
            _ => expr.text(self.vocabulary),
        }
    }

    /// A requirement that is known not to hold.
    pub(super) fn breach(
        self,
        condition: &Expr,
        forbidden: bool,
        facts: &[String],
        culprits: &[Party],
    ) -> Text {
        let recorded = self.said(facts);
        let condition_text = condition.text(self.vocabulary);
        let demanded = if forbidden {
            text!("不得有此情形：{}", "forbidden: {}"; condition_text)
        } else {
            text!("要求：{}", "required: {}"; condition_text)
        };
        if let (Kind::Disjoint(one, other), false) = (condition.kind(), culprits.is_empty()) {
            let names = |separator| {
                culprits
                    .iter()
                    .map(|party| party.name.as_ref())
                    .collect::<Vec<_>>()
                    .join(separator)
            };
            let names = Text::new(names("、"), names(", "));
            let (one, other) = (self.name(one), self.name(other));
            return text!("{}既是“{}”，又是“{}”；{}", "{}: in both “{}” and “{}”; {}"; names, one, other, demanded);
        }
        if let (Kind::Compare(Comparison::Eq, one, other), false) = (condition.kind(), forbidden)
            && let (Some(is), Some(ought)) = (self.present(one), self.present(other))
        {
            let (one, other) = (self.name(one), self.name(other));
            return text!("{}应等于{}{}，实为{}", "{} must equal {}, {}; it is {}"; one, other, ought, is);
        }
        if recorded.is_empty() {
            return demanded;
        }
        if facts.len() == 1 && goes_without_saying(condition) {
            return recorded;
        }
        text!("{}；{}", "{}; {}"; recorded, demanded)
    }

    /// A requirement that holds.
    pub(super) fn kept(self, condition: &Expr, forbidden: bool, facts: &[String]) -> Text {
        let recorded = self.facts(facts);
        if !recorded.is_empty() {
            return text!("符合要求：{}", "as required: {}"; recorded);
        }
        let demanded = condition.text(self.vocabulary);
        if forbidden {
            text!("没有此情形：{}", "not so: {}"; demanded)
        } else {
            text!("符合要求：{}", "as required: {}"; demanded)
        }
    }

    /// A condition for arising that is known not to hold.
    pub(super) fn out_of_scope(self, when: &Expr, facts: &[String]) -> Text {
        let condition = when.text(self.vocabulary);
        let recorded = self.said(facts);
        if recorded.is_empty() {
            text!("适用条件不成立（{}）", "it arises only if {}"; condition)
        } else {
            text!("{}；适用条件不成立（{}）", "{}; it arises only if {}"; recorded, condition)
        }
    }

    /// A condition for arising that is open.
    pub(super) fn scope_open(self, when: &Expr, open: &[String]) -> Text {
        let condition = when.text(self.vocabulary);
        let lacking = self.lacking(open);
        text!("是否适用（{}）未能确定：{}", "whether it arises ({}) is open: {}"; condition, lacking)
    }

    /// Whether an obligation arises at all is open.
    pub(super) fn arising_open(self, open: &[String]) -> Text {
        let lacking = self.lacking(open);
        text!("是否适用未能确定，{}", "whether it arises is open: {}"; lacking)
    }

    /// Facts that are not recorded, with the paper each is found on.
    pub(super) fn lacking(self, open: &[String]) -> Text {
        let mut seen = Vec::new();
        let mut named = Vec::new();
        for path in open {
            if seen.contains(&path) {
                continue;
            }
            seen.push(path);
            if let Some((fact, _)) = resolve(self.vocabulary, self.root, path) {
                named.push(match &fact.form {
                    Some(form) => text!("{}（见{}）", "{} (see {})"; fact.name, form),
                    None => fact.name.clone(),
                });
            }
        }
        // What is open though nothing is lacking rests on a date that no calendar is known for.
        if named.is_empty() {
            return Text::new(
                "所涉日期超出日历数据所载范围，不作推算",
                "a date is outside the calendar's data; nothing is guessed",
            );
        }
        let listed = listed(&named);
        text!("案卷未载{}", "the record lacks {}"; listed)
    }

    /// A value as a sentence shows it: of a long list the first few.
    fn shown(self, ty: &Type, value: &Value) -> Text {
        match value {
            Value::List(items) if items.len() > LISTED => {
                let first = Value::List(items.iter().take(LISTED - 1).cloned().collect());
                let first = self.vocabulary.show(ty, &first);
                let n = items.len();
                text!("{}等{n}项", "{} and others, {n} in all"; first)
            }
            _ => self.vocabulary.show(ty, value),
        }
    }

    /// What the record says, and what it is silent on where silence counts as none.
    fn said(self, paths: &[String]) -> Text {
        let (silent, recorded): (Vec<String>, Vec<String>) =
            paths.iter().cloned().partition(|path| self.is_silent(path));
        let recorded = self.facts(&recorded);
        let silent = self.facts(&silent);
        let said = text!("案卷记载：{}", "the record says: {}"; recorded);
        match (recorded.is_empty(), silent.is_empty()) {
            (true, true) => Text::default(),
            (false, true) => said,
            (true, false) => text!("案卷{}", "by the record, {}"; silent),
            (false, false) => text!("{}；{}", "{}; {}"; said, silent),
        }
    }

    /// Facts with their values: `检验报告·检验结论为“不合格”`; `未载寄出日期`, where silence counts as none.
    pub(super) fn facts(self, paths: &[String]) -> Text {
        let mut seen = Vec::new();
        let mut shown = Vec::new();
        for path in paths {
            if seen.contains(&path) {
                continue;
            }
            seen.push(path);
            if let Some((fact, value)) = resolve(self.vocabulary, self.root, path)
                && !value.is_unknown()
            {
                let position = position(path);
                shown.push(if self.is_silent(path) {
                    text!("未载{}{}", "{}{} is not recorded"; fact.name, position)
                } else {
                    let value = self.with_unit(fact, value);
                    text!("{}{}为“{}”", "{}{} is “{}”"; fact.name, position, value)
                });
            }
        }
        listed(&shown)
    }

    /// A value with its unit: `199.00元`.
    fn with_unit(self, fact: &Fact, value: &Value) -> Text {
        let shown = self.shown(&fact.ty, value);
        match &fact.unit {
            Some(unit) if value.is_present() => text!("{}{}", "{} {}"; shown, unit),
            _ => shown,
        }
    }

    /// The value of a fact of the record itself, if it has one.
    fn present(self, expr: &Expr) -> Option<Text> {
        let Kind::Fact { slot, .. } = expr.kind() else {
            return None;
        };
        let fact = self.vocabulary.fact_in(ShapeId::ROOT, *slot);
        let value = self.root.slots.get(usize::from(slot.0))?;
        value.is_present().then(|| self.with_unit(fact, value))
    }

    /// Whether a fact is none only because a complete dossier does not mention it.
    pub(super) fn is_silent(self, path: &str) -> bool {
        self.settled.is_silent(self.vocabulary, path)
    }
}

/// Whether the title of the duty, or of the part, already says what the condition requires: a fact that is yes or no, one
/// that must be there, a list that must hold something.
fn goes_without_saying(condition: &Expr) -> bool {
    match condition.kind() {
        Kind::Fact { .. } | Kind::Field { .. } | Kind::Present(_) | Kind::Contains(..) => true,
        Kind::Not(inner) => goes_without_saying(inner),
        _ => false,
    }
}

/// The position of a row in a path, for a person: `（第2项）`.
fn position(path: &str) -> Text {
    match path
        .rsplit_once('[')
        .and_then(|(_, rest)| rest.split_once(']'))
    {
        Some((number, _)) => text!("（第{number}项）", " (entry {number})"),
        None => Text::default(),
    }
}

/// Several texts in a row, the first few of them named.
fn listed(items: &[Text]) -> Text {
    let join = |pick: fn(&Text) -> &str, separator: &str| {
        items
            .iter()
            .take(NAMED)
            .map(pick)
            .collect::<Vec<_>>()
            .join(separator)
    };
    let text = Text::new(join(|t| &t.zh, "，"), join(|t| &t.en, ", "));
    if items.len() > NAMED {
        let n = items.len();
        let rest = text!("等{n}项", " and others, {n} in all");
        text!("{}{}", "{}{}"; text, rest)
    } else {
        text
    }
}

/// The sentence for an obligation of several parts: which of them fail, and how.
pub(super) fn parts(parts: &[PartFinding]) -> Text {
    let mut sentences = Vec::new();
    for (outcome, label) in [
        (Outcome::Violated, Text::new("不符合：", "not met: ")),
        (Outcome::Errored, Text::new("未能审查：", "not evaluated: ")),
        (
            Outcome::Review,
            Text::new("待人工判断：", "for a person to judge: "),
        ),
        (Outcome::Undetermined, Text::new("待补证：", "not proven: ")),
        (Outcome::Pending, Text::new("未到期：", "not yet due: ")),
    ] {
        let titles: Vec<&PartFinding> = parts
            .iter()
            .filter(|part| part.outcome == outcome)
            .collect();
        if titles.is_empty() {
            continue;
        }
        let join = |pick: fn(&Text) -> &str, separator: &str| {
            titles
                .iter()
                .map(|part| pick(&part.title))
                .collect::<Vec<_>>()
                .join(separator)
        };
        let titles = Text::new(join(|t| &t.zh, "，"), join(|t| &t.en, ", "));
        sentences.push(text!("{}{}", "{}{}"; label, titles));
    }
    if sentences.is_empty() {
        let count = parts
            .iter()
            .filter(|part| part.outcome == Outcome::Satisfied)
            .count();
        return match count {
            0 => Text::new("各项均不适用", "none of its parts arises"),
            _ => text!(
                "各项要求均已满足（{count}项）",
                "every part is met ({count})"
            ),
        };
    }
    Text::new(
        sentences
            .iter()
            .map(|t| t.zh.as_str())
            .collect::<Vec<_>>()
            .join("；"),
        sentences
            .iter()
            .map(|t| t.en.as_str())
            .collect::<Vec<_>>()
            .join("; "),
    )
}

/// How an act stands to its due date. `is_silent`: that it was not done is only because a complete dossier does not mention it.
pub(super) fn timing(
    limit: Limit,
    judgement: &Judgement,
    act: Act,
    title: &Text,
    is_silent: bool,
    as_of: Day,
    calendar: &Calendar,
) -> Text {
    let Some(due) = judgement.due else {
        let (first, last) = calendar.range();
        return text!(
            "日期超出日历数据所载范围（{first}至{last}），不作推算",
            "a date is outside the calendar's data ({first} to {last}); nothing is guessed"
        );
    };
    if matches!(limit, Limit::OnceOver(_)) {
        return owed_after(judgement, due, done(act, title, is_silent), as_of);
    }
    let waits = matches!(limit, Limit::AfterEnd(_));
    let by = match (due.strict.earliest, due.broad) {
        (Some(_), Some(broad)) if waits && judgement.verdict != Verdict::Review => {
            let (strict, broad) = (due.strict.latest, broad.latest);
            text!(
                "应于期间届满（{strict}，从宽解释为{broad}）之后办理",
                "due after the period has ended ({strict}; on the broad reading {broad})"
            )
        }
        (Some(_), _) if waits => {
            let latest = due.strict.latest;
            text!(
                "应于期间届满（{latest}）之后办理",
                "due after the period has ended ({latest})"
            )
        }
        (Some(earliest), _) if earliest == due.strict.latest => {
            let latest = due.strict.latest;
            text!("应于{latest}当日办理", "due on {latest} itself")
        }
        (Some(earliest), _) => {
            let latest = due.strict.latest;
            text!(
                "应于{earliest}至{latest}之间办理",
                "due between {earliest} and {latest}"
            )
        }
        (None, Some(broad))
            if broad.latest != due.strict.latest && judgement.verdict != Verdict::Review =>
        {
            let (strict, broad) = (due.strict.latest, broad.latest);
            text!(
                "期限至{strict}（从宽解释至{broad}）",
                "due {strict} (on the broad reading {broad})"
            )
        }
        _ => {
            let latest = due.strict.latest;
            match limit {
                Limit::Promptly { .. } => text!("规范未定天数", "the norm gives no number of days"),
                _ => text!("期限至{latest}", "due {latest}"),
            }
        }
    };
    let done = done(act, title, is_silent);
    match judgement.verdict {
        Verdict::Satisfied if waits => text!("{}，{}，未提前", "{}; {}: not too early"; done, by),
        Verdict::Satisfied => text!("{}，{}，在期限内", "{}; {}: in time"; done, by),
        Verdict::NotDone => {
            text!("{}，不存在提前办理的问题", "{}: nothing was done too early"; done)
        }
        Verdict::Violated => match (judgement.late, judgement.overdue) {
            (Some(late), _) => {
                let late = lateness(late);
                text!("{}，{}，逾期{}", "{}; {}: {} late"; done, by, late)
            }
            (None, Some(_)) if matches!(limit, Limit::Promptly { .. }) => {
                text!("{}，截至审查日{as_of}仍未办理；{}", "{}, still not done on {as_of}; {}"; done, by)
            }
            (None, Some(overdue)) => {
                let overdue = lateness(overdue);
                text!("{}，{}，截至审查日{as_of}已逾期{}", "{}; {}: {} overdue as of {as_of}"; done, by, overdue)
            }
            (None, None) if judgement.early_days > 0 => {
                let days = judgement.early_days;
                text!("{}，{}，提前{days}日", "{}; {}: {days} days too early"; done, by)
            }
            (None, None) => text!("{}，{}，不在期限内", "{}; {}: not in time"; done, by),
        },
        Verdict::Review => match (limit, judgement.passed) {
            (Limit::Promptly { .. }, Some(passed)) => text!(
                "{}，自起算日起已经过{passed}日；规范未定天数，是否及时由人工判断",
                "{}, {passed} days after; the norm gives no number of days: whether that was prompt is for a person to judge";
                done
            ),
            _ => {
                text!("{}；不同读法结论不同，由人工判断", "{}; lawful readings differ: for a person to judge"; done)
            }
        },
        Verdict::Pending => {
            text!("{}，{}，审查日{as_of}尚未到期", "{}; {}: not yet due on {as_of}"; done, by)
        }
        Verdict::Undetermined | Verdict::OutsideCalendar if waits => {
            text!("{}，{}，需补证", "{}; {}: evidence needed"; done, by)
        }
        Verdict::Undetermined | Verdict::OutsideCalendar => {
            text!("{}，{}，审查日{as_of}已过期限，需补证", "{}; {}: past due on {as_of}, evidence needed"; done, by)
        }
    }
}

/// How an act stands that is owed once a period is over, without a last day. `done`: what the record says of it.
fn owed_after(judgement: &Judgement, due: DueDates, done: Text, as_of: Day) -> Text {
    let strict = due.strict.latest;
    let by = match due.broad {
        Some(broad) if judgement.verdict != Verdict::Review => {
            let broad = broad.latest;
            text!(
                "自期间届满（{strict}，从宽解释为{broad}）起应当办理",
                "owed once the period is over ({strict}; on the broad reading {broad})"
            )
        }
        _ => text!(
            "自期间届满（{strict}）起应当办理",
            "owed once the period is over ({strict})"
        ),
    };
    match judgement.verdict {
        Verdict::Violated => {
            text!("{}，{}，截至审查日{as_of}仍未办理", "{}; {}: still not done on {as_of}"; done, by)
        }
        Verdict::Pending => {
            text!("{}，{}，审查日{as_of}期间尚未届满", "{}; {}: not over yet on {as_of}"; done, by)
        }
        Verdict::Review => {
            text!("{}；不同读法结论不同，由人工判断", "{}; lawful readings differ: for a person to judge"; done)
        }
        Verdict::Undetermined | Verdict::OutsideCalendar => {
            text!("{}，{}，审查日{as_of}期间已经届满，需补证", "{}; {}: over on {as_of}, evidence needed"; done, by)
        }
        Verdict::Satisfied | Verdict::NotDone => done,
    }
}

/// How an act stands that is owed once a period is over which never began, or of which the record does not say when.
/// `since`: what the period runs from; `unknown`: whether that is not recorded.
pub(super) fn nothing_to_wait_for(
    act: Act,
    title: &Text,
    is_silent: bool,
    since: &Text,
    unknown: bool,
) -> Text {
    let done = done(act, title, is_silent);
    match (act, unknown) {
        (Act::On(_), _) => done,
        (_, false) => text!(
            "{}；“{}”未发生，没有须待届满的期间",
            "{}; {} is known not to have happened, so that there is no period to wait for";
            done, since
        ),
        (_, true) => text!(
            "{}；案卷未载“{}”，期间是否届满未能确定",
            "{}; {} is not recorded: whether the period is over is open";
            done, since
        ),
    }
}

/// `以“责令改正日期”2024-03-01起算`.
pub(super) fn from_day(title: &Text, day: Option<Day>) -> Text {
    match day {
        Some(day) => text!("以“{}”{day}起算", "counted from {}, {day}"; title),
        None => text!("以“{}”起算", "counted from {}"; title),
    }
}

/// `自责令改正通知书送达之日起算（2024-03-04）`.
pub(super) fn other_day(reading: &Text, day: Option<Day>) -> Text {
    match day {
        Some(day) => text!("{}（{day}）", "{} ({day})"; reading),
        None => reading.clone(),
    }
}

/// That the two days a time may run from give different verdicts.
pub(super) fn starts_differ(act: Act, title: &Text) -> Text {
    let done = done(act, title, false);
    text!("{}；起算日有两种读法，结论不同，由人工判断", "{}; the time may run from either of two days, with different verdicts: for a person to judge"; done)
}

/// That an act is recorded before the day its time runs from, which it cannot precede.
pub(super) fn backwards(act: Act, title: &Text, since: Option<Day>, since_title: &Text) -> Text {
    let done = done(act, title, false);
    let from = match since {
        Some(day) => text!("“{}”{day}", "{} ({day})"; since_title),
        None => since_title.clone(),
    };
    text!("{}，早于起算日{}；记载的日期先于起算日，由人工核实", "{}, before {}, from which the time runs: for a person to verify"; done, from)
}

/// What a person has to find out about such an act.
pub(super) fn backwards_readings() -> Text {
    Text::new(
        "日期有误的，更正后重新审查；确系先行办理的，未逾期",
        "if a date is wrong, correct it and audit again; if the act really came first, it is not late",
    )
}

/// What the record says of an act. `is_silent`: that it was not done is only because a complete dossier does not mention it.
fn done(act: Act, title: &Text, is_silent: bool) -> Text {
    match act {
        Act::On(day) => text!("“{}”为{day}", "{} is {day}"; title),
        Act::None if is_silent => {
            text!("案卷未载“{}”", "{} is not recorded, which counts as not done"; title)
        }
        Act::None => text!("“{}”：案卷记载为无", "{}: known not to have been done"; title),
        Act::Unknown => text!("案卷未载“{}”", "{} is not recorded"; title),
    }
}

fn lateness(late: Lateness) -> Text {
    let days = late.days;
    match (late.in_workdays, days) {
        (true, 1) => text!("{days}个工作日", "{days} working day"),
        (true, _) => text!("{days}个工作日", "{days} working days"),
        (false, 1) => text!("{days}日", "{days} day"),
        (false, _) => text!("{days}日", "{days} days"),
    }
}

/// The label of a role.
pub(super) fn role_label(vocabulary: &Vocabulary, code: &str) -> Text {
    vocabulary
        .roles()
        .iter()
        .find(|role| role.code == code)
        .map_or_else(|| Text::same(code), |role| role.label.clone())
}
