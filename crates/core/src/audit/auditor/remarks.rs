//! Diagnostics in addition to the findings: acts after the day of the audit, waivers that cover nothing, a dossier not
//! accepted as complete.

use super::Auditor;
use crate::audit::Waiver;
use crate::audit::waiver::Waivers;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::ExprKind;
use crate::graph::Graph;
use crate::lang::Text;
use crate::record::{Record, Settled};
use crate::text;
use crate::value::{Day, ShapeId, SlotId};
use crate::vocabulary::{GroupId, Vocabulary};

impl Auditor {
    /// The diagnostic for acts that the record dates after the day of the audit.
    pub(super) fn after(
        &self,
        settled: &Settled,
        record: &Record,
        as_of: Day,
    ) -> Option<Diagnostic> {
        let later = |slot: &SlotId| {
            let day = settled.day(*slot).filter(|day| *day > as_of)?;
            Some((day, *slot))
        };
        let (n, last) = self
            .acts
            .iter()
            .filter_map(later)
            .fold((0, None), |(n, last), act| (n + 1, last.max(Some(act))));
        let (day, slot) = last?;
        let fact = self.vocabulary.fact_in(ShapeId::ROOT, slot);
        let name = &fact.name;
        let message = if n == 1 {
            text!("审查日{as_of}早于案卷记载的“{}”{day}", "the audit is as of {as_of}, and the record has {} on {day}"; name)
        } else {
            text!("审查日{as_of}早于案卷记载的“{}”{day}等{n}项日期", "the audit is as of {as_of}, and the record has {n} later dates, {} on {day} the last of them"; name)
        };
        let diagnostic = Diagnostic::new(Code::RecordAfterAudit, message).help(Text::new(
            "结论按材料现状作出，已记载的行为照常计入；要看当时的状况，请用当时的案卷",
            "the outcomes follow the documents as they stand, later acts included; for how things stood then, audit the record of that time",
        ));
        Some(match record.origins(&self.vocabulary).value(&fact.path) {
            Some(span) => diagnostic.at(span),
            None => diagnostic,
        })
    }

    pub(super) fn idle_waivers(
        &self,
        waivers: Waivers,
        record: &Record,
        as_of: Day,
    ) -> (Vec<Waiver>, Vec<Diagnostic>) {
        if waivers.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let obligations = self.graph.obligations();
        let ids: Vec<&str> = obligations.map(|(_, o)| o.id.0.as_str()).collect();
        waivers.idle(as_of, &ids, |index| {
            let origins = record.origins(&self.vocabulary);
            origins
                .value(&format!("waivers[{}].obligation", index + 1))
                .or_else(|| origins.value("waivers"))
        })
    }
}

/// The diagnostic for a dossier not accepted as complete because it says nothing about a stage that its course went
/// through.
#[cold]
pub(super) fn cut_off(record: &Record, vocabulary: &Vocabulary, stage: GroupId) -> Diagnostic {
    let stage = &vocabulary.group(stage).label;
    let message = text!(
        "案卷声明材料完整，但没有任何“{}”的记载，未按“案卷完整”认定",
        "the dossier is declared complete and says nothing of “{}”: it was not taken for complete";
        stage
    );
    Diagnostic::new(Code::RecordCutOff, message)
        .about(record.source().title())
        .why(Text::new(
            "本案已经结案，按其经过应有这一环节；整个环节没有记载，可能是案卷没有录完",
            "the case is closed and went through that stage; a dossier silent on all of it may not have been written down to its end",
        ))
        .help(text!(
            "补录“{}”；确实没有这一环节的，写 `{}: 无`",
            "add “{}”; if there was no such stage, write `{}: none`";
            stage,
            stage
        ))
}

/// The dates of the record itself that some deadline in force counts from or judges, each once; excludes dates that
/// somebody set for an act.
pub(super) fn acts(graph: &Graph) -> Vec<SlotId> {
    let mut slots: Vec<SlotId> = graph
        .obligations()
        .flat_map(|(_, obligation)| obligation.requirement.deadlines())
        .flat_map(|deadline| {
            let starts = deadline
                .since
                .iter()
                .filter(|_| !deadline.limit.is_set_date());
            std::iter::once(&deadline.act).chain(starts)
        })
        .filter_map(|expr| match expr.kind() {
            ExprKind::Fact { slot, .. } => Some(*slot),
            _ => None,
        })
        .collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// The diagnostic for a dossier not accepted as complete because something in it could not be read.
#[cold]
pub(super) fn not_complete(record: &Record) -> Diagnostic {
    Diagnostic::new(
        Code::RecordPartial,
        Text::new(
            "本案有内容无法读取，未按“案卷完整”认定",
            "something of this case could not be read, so it was not taken for complete",
        ),
    )
    .about(record.source().title())
    .why(Text::new(
        "读不出的不等于没有",
        "what could not be read is not missing",
    ))
}
