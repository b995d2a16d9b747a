//! Explains deadlines: the act, the day or days its time runs from, and the verdict under every reading.

use super::super::facts::resolve;
use super::super::sentence;
use super::super::timeline::due;
use super::super::verdict::{Timed, Untimed};
use super::{Explainer, Gathered};
use crate::lang::Text;
use crate::obligation::Deadline;
use crate::period::{Count, Judgement, Limit, Verdict};
use crate::text;
use crate::value::Value;

use super::super::Outcome;

impl Explainer<'_> {
    /// Explains an act that has a due date.
    pub(super) fn deadline(&self, deadline: &Deadline) -> Gathered {
        let sentence = self.sentence();
        let name = |expr| self.said(|| sentence.name(expr));
        let act_title = name(&deadline.act);
        let since_title = deadline.since.as_ref().map(name);
        let is_silent = self.words && {
            let act_facts = self.reads(&deadline.act);
            act_facts.iter().all(|path| sentence.is_silent(path))
        };
        let facts: Vec<String> = deadline.reads().flat_map(|expr| self.reads(expr)).collect();
        let open: Vec<String> = facts
            .iter()
            .filter(|path| {
                resolve(self.vocabulary, self.settled, path)
                    .is_some_and(|(_, value)| value.is_unknown() || *value == Value::Done)
            })
            .cloned()
            .collect();
        let mut gathered = Gathered {
            facts,
            open,
            ..Gathered::default()
        };
        let since_title = since_title.unwrap_or_default();
        match self.judge.timed(deadline) {
            Err(Untimed::TriggerUndated(between)) => {
                let outcome = self.judge.by_any_start_of(deadline, between);
                gathered.because = sentence::undated_start(
                    self.judge.act_of(deadline),
                    &act_title,
                    is_silent,
                    &since_title,
                    between,
                    outcome != Outcome::Undetermined,
                );
            }
            Err(untimed) if matches!(deadline.limit, Limit::OnceOver(_)) => {
                let act = self.judge.act_of(deadline);
                let unknown = matches!(untimed, Untimed::TriggerUnknown);
                gathered.because = sentence::nothing_to_wait_for(
                    act,
                    &act_title,
                    is_silent,
                    &since_title,
                    unknown,
                );
            }
            Err(Untimed::NoTrigger) => {
                gathered.because = text!("起算事项“{}”未发生，期限不起算", "the period does not begin: {} is known not to have happened"; since_title);
            }
            Err(Untimed::TriggerUnknown) => {
                gathered.because = text!("案卷未载起算日“{}”，无法计算期限", "the period cannot be counted: {} is not recorded"; since_title);
            }
            Ok(timed) => self.judged(timed, deadline, &act_title, is_silent, &mut gathered),
        }
        gathered
    }

    /// Explains an act whose time limit is known.
    fn judged(
        &self,
        timed: Timed<'_>,
        deadline: &Deadline,
        act_title: &Text,
        is_silent: bool,
        gathered: &mut Gathered,
    ) {
        if !self.words {
            gathered.due = due(timed, (timed.judged(), Count::default()), deadline);
            return;
        }
        let (judgement, count) = timed.explained();
        let verdict = timed.verdict();
        let timing = |timed: Timed<'_>, judgement: &Judgement| {
            sentence::timing(
                timed.limit,
                judgement,
                timed.act,
                act_title,
                is_silent,
                timed.as_of,
                timed.calendar,
            )
        };
        gathered.because = timing(timed, &judgement);
        let by_count = judgement.verdict == Verdict::Review;
        if by_count {
            gathered.readings.clone_from(&count.readings);
        }
        gathered.due = due(timed, (judgement, count), deadline);
        if !by_count && verdict == Verdict::Review && timed.backwards() {
            let since = deadline
                .since
                .as_ref()
                .map_or_else(Text::default, |since| self.sentence().name(since));
            gathered.because = sentence::backwards(timed.act, act_title, timed.since, &since);
            gathered.readings = vec![sentence::backwards_readings()];
            return;
        }
        let Some(other) = &deadline.or_since else {
            return;
        };
        let reading = &other.reading;
        if let Some(later) = timed.by_the_other() {
            let (judged, count) = later.explained();
            let by_other = timing(later, &judged);
            if verdict == Verdict::Review {
                // Each reading, with its starting day and its verdict.
                let sentence = self.sentence();
                let since = deadline.since.as_ref().map(|since| sentence.name(since));
                let first = sentence::from_day(&since.unwrap_or_default(), timed.since);
                let second = sentence::other_day(reading, later.since);
                let by_first = std::mem::take(&mut gathered.because);
                let mut readings = vec![text!("{}：{}", "{}: {}"; first, by_first)];
                readings.append(&mut gathered.readings);
                readings.push(text!("{}：{}", "{}: {}"; second, by_other));
                if judged.verdict == Verdict::Review {
                    readings.extend(count.readings);
                }
                gathered.readings = readings;
                gathered.because = sentence::starts_differ(timed.act, act_title);
            } else if matches!(
                verdict,
                Verdict::Violated | Verdict::Undetermined | Verdict::OutsideCalendar
            ) {
                let second = sentence::other_day(reading, later.since);
                let by_first = &gathered.because;
                gathered.because = text!("{}；{}：{}", "{}; {}: {}"; by_first, second, by_other);
            }
        } else if verdict == Verdict::Undetermined && judgement.verdict == Verdict::Violated {
            let title = self.sentence().name(&other.since);
            let by_first = &gathered.because;
            gathered.because = text!(
                "{}；但期限也可{}，案卷未载“{}”，是否逾期未能确定",
                "{}; but the time may also run otherwise ({}), and {} is not recorded: whether it is late is open";
                by_first,
                reading,
                title
            );
        }
    }
}
