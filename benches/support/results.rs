//! The later stages of generated cases: receipt, testing, report, objection, disposal, follow-up.

use super::cases::{SAMPLERS, Story, TESTERS, date};
use super::document::{Form, Node};

impl Story {
    /// Receipt and testing. Returns whether a report follows.
    pub(super) fn agency(&self, form: &mut Form) -> bool {
        form.day("receipt.received_on", self.sampled + 1);
        form.list("receipt.receivers", &["孙戊"]);
        form.list(
            "receipt.recorded",
            &["appearance", "state", "seals", "other"],
        );
        form.yes("receipt.form_compared");
        form.flag("receipt.sampling_proper", !self.refused_at_receipt);
        if self.refused_at_receipt {
            form.text("receipt.irregularity", "封条破损");
            form.no("receipt.accepted");
            form.day("receipt.refused_on", self.sampled + 1);
            form.yes("receipt.refusal_reason_written");
            form.day("receipt.refusal_told_on", self.sampled + 1);
            form.yes("receipt.refusal_told_in_writing");
            return false;
        }
        form.yes("receipt.accepted");
        if self.online {
            form.yes("receipt.online_labels");
        }
        form.yes("receipt.stored_as_required");
        form.yes("blind.used");
        form.yes("blind.renumbered");
        form.text("blind.code", format!("MY24-{}", self.number + 100));
        form.yes("blind.handover_recorded");
        form.yes("blind.tested_under_code");
        form.day("licence.checked_on", self.sampled + 2);
        form.yes("licence.met");
        if self.on_site_test || form.random.per_mille(10) {
            form.list(
                "testing.testers",
                &SAMPLERS[self.number as usize % SAMPLERS.len()],
            );
        } else {
            form.list(
                "testing.testers",
                &TESTERS[self.number as usize % TESTERS.len()],
            );
        }
        form.day("testing.started_on", self.sampled + 3);
        if self.testing == "completed" {
            form.day("testing.finished_on", self.finished());
        }
        form.flag("testing.on_site", self.on_site_test);
        form.code("testing.outcome", &[self.testing]);
        if self.testing == "completed" {
            form.yes("testing.items_as_ruled");
            form.yes("testing.methods_as_ruled");
            form.yes("testing.criteria_as_ruled");
        }
        form.flag("testing.unlawful_suspected", self.testing == "terminated");
        match self.testing {
            "completed" => {
                form.yes("confirmation.by_results");
                form.yes("confirmation.by_report");
                return true;
            }
            "terminated" => {
                form.day("testing.unlawful_found_on", self.sampled + 3);
                form.day("testing_termination.organiser_told_on", self.sampled + 3);
                form.yes("testing_termination.told_in_writing");
                form.day(
                    "testing_termination.producer_county_told_on",
                    self.sampled + 3,
                );
            }
            _ => {
                form.text("testing_impossible.reason", "样品损坏");
                form.yes("testing_impossible.recorded");
                form.yes("testing_impossible.evidence_attached");
                form.day("testing_impossible.organiser_told_on", self.sampled + 4);
            }
        }
        false
    }

    pub(super) fn report(&self, form: &mut Form) {
        let (number, issued) = (self.number, self.issued());
        let mail = |to: u32| format!("示例EMS24{number:03}{to:02}");
        let sent = issued + 1;
        form.text("report.number", format!("示检报字24{number:03}"));
        form.day("report.issued_on", issued);
        form.code(
            "report.conclusion",
            &[if self.fails { "fail" } else { "pass" }],
        );
        if self.fails {
            form.list(
                "report.failed_items",
                &["对触及带电部件的防护", "输入功率和电流"],
            );
        }
        form.no("report.serious_problem");
        form.yes("report.content_complete");
        form.yes("report.data_accurate");
        form.yes("report.conclusion_clear");
        form.yes("report.signed");
        form.yes("report.stamped");
        if self.fails {
            form.day("report.proposal_issued_on", issued);
            form.yes("report.assistance_given");
        }
        form.yes("report.rights_stated");
        form.day("report.materials_delivered_on", issued + 5);
        form.day("report.to_respondent.posted_on", sent);
        form.day("report.to_respondent.received_on", issued + 3);
        form.code(
            "report.to_respondent.mode",
            &["ems", "direct", "other_courier"],
        );
        form.text("report.to_respondent.mail_number", mail(1));
        let papers: &[&str] = if self.fails {
            &["result_notice", "report", "proposal", "sampling_form"]
        } else {
            &["result_notice", "report"]
        };
        form.list("report.to_respondent.papers", papers);
        form.day("report.to_local_bureau.posted_on", sent);
        form.day("report.to_local_bureau.received_on", issued + 2);
        form.code(
            "report.to_local_bureau.mode",
            &["ems", "direct", "registered_mail"],
        );
        form.text("report.to_local_bureau.mail_number", mail(2));
        form.list("report.to_local_bureau.papers", &["report"]);
        if !self.producer {
            form.day("report.to_producer.posted_on", sent);
            form.day("report.to_producer.received_on", issued + 4);
            form.code("report.to_producer.mode", &["ems", "direct", "electronic"]);
            form.text("report.to_producer.mail_number", mail(3));
            form.list("report.to_producer.papers", &["result_notice", "report"]);
        }
        if self.online {
            form.day("report.to_platform.posted_on", sent);
            form.day("report.to_platform.received_on", issued + 3);
            form.code("report.to_platform.mode", &["ems", "direct"]);
            form.text("report.to_platform.mail_number", mail(4));
            form.list("report.to_platform.papers", &["result_notice", "report"]);
        }
        if self.fails {
            form.day("report.to_province.posted_on", issued + 6);
            form.day("report.to_province.received_on", issued + 9);
            form.code("report.to_province.mode", &["ems", "direct"]);
            form.text("report.to_province.mail_number", mail(5));
            form.number("report.to_province.report_copies", 3);
            form.number("report.to_province.proposal_copies", 3);
            form.number("report.to_province.form_copies", 3);
        }
        form.day("report.to_organiser.posted_on", sent);
        form.day("report.to_organiser.due_on", date(2024, 4, 5));
        if !self.objects {
            form.none("objection.filed_on");
            return;
        }
        let filed = issued + 12;
        form.day("objection.filed_on", filed);
        form.text(
            "objection.applicant",
            format!("{}示例家电商行{number}", self.city()),
        );
        form.yes("objection.written");
        form.yes("objection.materials_attached");
        form.list(
            "objection.grounds",
            &[if self.retested {
                "conclusion"
            } else {
                "process"
            }],
        );
        form.code("objection.authority", &["organiser", "higher"]);
        form.put("objection.retest_requested", Node::Bool(self.retested));
        form.day("objection.handled_on", filed + 3);
        form.day("objection.answered_on", filed + 4);
        form.yes("objection.answered_in_writing");
        if !self.retested {
            return;
        }
        form.yes("retest.needed");
        form.code("retest.decision", &["granted", "refused"]);
        form.day("retest.notified_on", filed + 5);
        form.day("retest.formalities_on", filed + 9);
        form.text("retest.body", "示例检验机构丙");
        form.day("retest.body_fixed_on", filed + 13);
        form.yes("retest.body_qualified");
        form.list(
            "retest.recorded",
            &["appearance", "state", "seals", "other"],
        );
        form.yes("retest.form_compared");
        form.yes("retest.methods_as_ruled");
        form.yes("retest.criteria_as_ruled");
        form.yes("retest.contested_items");
        form.day("retest.finished_on", filed + 28);
        form.day("retest.due_on", filed + 36);
        form.code("retest.conclusion", &["fail", "pass"]);
        form.day("retest.organiser_told_on", filed + 28);
        form.day("retest.applicant_told_on", filed + 31);
        form.yes("retest.applicant_told_in_writing");
        form.day("retest.backup_paid_on", filed + 32);
        form.yes("retest.fee_advanced");
        form.code("retest.fee_bearer", &["applicant", "organiser"]);
    }

    pub(super) fn disposal(&self, form: &mut Form) {
        let on = self.issued() + 24;
        form.flag("disposal.unpaid_samples", !self.online);
        if self.fails {
            form.day("disposal.handed_over_on", on);
        } else {
            form.day("disposal.returned_on", self.issued() + 22);
        }
        form.yes("disposal.paid_by_rules");
        form.day("disposal.disposed_on", on);
        form.text(
            "disposal.method",
            "备用样品退还受检单位；检验样品按规定处置",
        );
        form.day("disposal.told_on", on + 2);
        form.yes("disposal.told_in_writing");
    }

    pub(super) fn follow_up(&self, form: &mut Form) {
        let ordered = self.issued() + 24;
        form.text(
            "follow_up.bureau",
            format!("{}示例区市场监督管理局", self.city()),
        );
        form.text("follow_up.officer", "郑某丙");
        form.day("follow_up.notice_received_on", ordered);
        form.day("follow_up.stop_ordered_on", ordered);
        form.code("follow_up.stop_scope", &["similar", "same", "failed"]);
        form.day("follow_up.stopped_on", self.issued() + 3);
        if self.outcome == "completed" {
            form.day("follow_up.rectification_ordered_on", ordered);
            form.day("follow_up.order_served_on", ordered);
            form.day("follow_up.rectified_on", ordered + 46);
        }
        form.yes("follow_up.handled");
        form.list(
            "follow_up.mechanisms",
            &["tracing", "investigation", "analysis_meeting", "feedback"],
        );
        form.day("follow_up.result_reported_on", ordered + 65);
        form.day("follow_up.result_due_on", ordered + 80);
        form.none("follow_up.faults");
        if self.outcome != "completed" {
            form.none("follow_up.resumed_on");
            return;
        }
        let first = ordered + 56;
        if self.rechecked_badly {
            form.none("follow_up.resumed_on");
        } else {
            form.day("follow_up.resumed_on", ordered + 64);
            form.day("follow_up.recheck_passed_on", ordered + 63);
        }
        form.day("recheck.first_on", first);
        form.yes("recheck.by_detailed_rules");
        form.yes("recheck.sample_free");
        form.code(
            "recheck.first_conclusion",
            &[if self.rechecked_badly { "fail" } else { "pass" }],
        );
        if self.rechecked_badly {
            form.day("recheck.reported_up_on", first + 3);
            form.day("recheck.announced_on", first + 10);
            form.day("recheck.second_on", first + 85);
            form.code("recheck.second_conclusion", &["pass", "fail"]);
        }
    }
}
