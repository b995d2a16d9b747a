# 二十项义务，一项一条规则，以义务编号命名 / Twenty duties, one rule each, named by the obligation's id.
package twenty

outcome := {
	"sampling.at-least-two-samplers": sampling_at_least_two_samplers,
	"sampling.documents-shown": sampling_documents_shown,
	"sampling.evidence-photographed": sampling_evidence_photographed,
	"sampling.form-signed-by-respondent": sampling_form_signed_by_respondent,
	"sampling.refusal-to-sign-noted": sampling_refusal_to_sign_noted,
	"sampling.corrections-confirmed": sampling_corrections_confirmed,
	"testing.not-by-samplers": testing_not_by_samplers,
	"purchase.test-sample-bought": purchase_test_sample_bought,
	"purchase.price": purchase_price,
	"samples.sealed": samples_sealed,
	"sampling.terminate-where-unlawful": sampling_terminate_where_unlawful,
	"termination.county-told": termination_county_told,
	"refusal.province-told": refusal_province_told,
	"ecqs.sampling-by-next-day": ecqs_sampling_by_next_day,
	"ecqs.results-within-3-workdays": ecqs_results_within_3_workdays,
	"report.failed.mail-to-province": report_failed_mail_to_province,
	"report.respondent-told": report_respondent_told,
	"report.issued-by-2024-04-05": report_issued_by_2024_04_05,
	"licence.checked-before-testing": licence_checked_before_testing,
	"order-18.recheck.within-75-days": order_18_recheck_within_75_days,
}

# 抽样人员不少于2人 / At least two samplers.
sampling_at_least_two_samplers := "satisfied" if count(samplers) >= 2
else := "violated"

# 出示通知、证件、委托书 / Papers shown.
sampling_documents_shown := "not_applicable" if not visit
else := "satisfied" if {
	every paper in ["notice", "identity", "authorisation"] {
		paper in input.sampling.documents_shown
	}
} else := "violated"

# 拍照留证 / Photographs taken.
sampling_evidence_photographed := "not_applicable" if not sampling_on_site
else := "satisfied" if {
	every thing in ["premises", "storage", "labelling", "stock", "process"] {
		thing in input.sampling.photographed
	}
} else := "violated"

# 被抽样单位签字；注明拒签的免 / Signed by the respondent; a noted refusal excuses it.
sampling_form_signed_by_respondent := "not_applicable" if not sampling_on_site
else := "satisfied" if input.sampling.respondent_signed == true
else := "not_applicable" if sampling_refusal_to_sign_noted == "satisfied"
else := "violated"

# 拒签的由抽样人员注明 / A refusal to sign is noted.
sampling_refusal_to_sign_noted := "not_applicable" if not sampling_on_site
else := "not_applicable" if input.sampling.respondent_signed == true
else := "not_applicable" if not refused_to_sign
else := "satisfied" if refusal_annotated
else := "violated"

# 更正经确认；拒签的由人判断 / Corrections are confirmed; where signing was refused a person judges.
sampling_corrections_confirmed := "not_applicable" if not sampling_on_site
else := "not_applicable" if count(corrections) == 0
else := "satisfied" if {
	every correction in corrections {
		correction.confirmed == true
	}
} else := "review" if {
	refused_to_sign
	refusal_annotated
} else := "violated"

# 检验人员不得为抽样人员；现场检验除外 / No sampler tests, except on site.
testing_not_by_samplers := "not_applicable" if not acceptance
else := "satisfied" if {
	every sampler in samplers {
		not sampler in testers
	}
} else := "satisfied" if input.testing.on_site == true
else := "violated"

# 购买检验样品 / The test sample is bought.
purchase_test_sample_bought := "not_applicable" if not sampling
else := "satisfied" if bought
else := "violated"

# 按标价购买，无标价的按市场价；网络买样由人判断 / At the marked price, or the market price; online a person judges.
purchase_price := "not_applicable" if not sampling
else := "not_applicable" if not bought
else := "satisfied" if paid_price == marked_price
else := "satisfied" if {
	not marked_price
	paid_price == market_price
} else := "review" if {
	online
	paid_price
} else := "violated"

# 分别封样并签字确认 / Sealed and confirmed by signature.
samples_sealed := "not_applicable" if not sampling
else := "violated" if not input.samples.tamper_evident == true
else := "violated" if not input.samples.taken_at_once == true
else := "violated" if not input.samples.seal_signed_by_samplers == true
else := "violated" if {
	on_site
	not sealed_separately
} else := "violated" if {
	on_site
	not seal_confirmed
} else := "satisfied"

sealed_separately if input.samples.sealed_separately == true

sealed_separately if input.samples.backup_quantity == 0

seal_confirmed if input.samples.seal_signed_by_respondent == true

seal_confirmed if refused_to_sign

# 涉嫌违法的终止抽样 / Sampling is terminated where unlawfulness is suspected.
sampling_terminate_where_unlawful := "not_applicable" if not unlawful
else := "satisfied" if input.sampling.outcome == "terminated"
else := "violated"

# 终止抽样同时报告县级部门 / The county bureau is told at the same time as the organiser.
termination_county_told := "not_applicable" if not unlawful
else := "violated" if nothing(county_told_on)
else := "satisfied" if {
	not nothing(sampled_on)
	county_told_on <= sampled_on
} else := together if {
	together := same_time(county_told_on, day(["termination", "organiser_told_on"]))
	together != "not_applicable"
} else := "satisfied"

county_told_on := day(["termination", "county_told_on"])

# 拒检立即报告省局 / A refusal is reported to the province immediately.
refusal_province_told := "not_applicable" if not input.sampling.outcome == "refused"
else := immediately(day(["refusal", "organiser_told_on"]), sampled_on)

# 抽样次日前录入e-CQS / Sampling is entered by the next day.
ecqs_sampling_by_next_day := "not_applicable" if not sampling
else := verified(within_days(entered, sampled_on, 1), entered, sampled_on) if {
	entered := day(["ecqs", "sampling_entered_on"])
}

# 检验结束后3个工作日内录入结果 / Results are entered within three working days.
ecqs_results_within_3_workdays := "not_applicable" if not testing
else := within_workdays(day(["ecqs", "results_entered_on"]), day(["testing", "finished_on"]), 3)

# 不合格报告7日内寄送省局 / A failed report is mailed to the province within seven days.
report_failed_mail_to_province := "not_applicable" if not failed
else := verified(within_days(posted, issued_on, 7), posted, issued_on) if {
	posted := day(["report", "to_province", "posted_on"])
}

# 及时将检验结果通知被抽样单位 / The respondent is told promptly.
report_respondent_told := "not_applicable" if not report
else := verified(promptly(posted, issued_on, 7), posted, issued_on) if {
	posted := day(["report", "to_respondent", "posted_on"])
}

# 2024年4月5日前出具报告 / Reports are issued by 5 April 2024.
report_issued_by_2024_04_05 := "not_applicable" if not report
else := by(issued_on, data.calendar.number["2024-04-05"])

# 检验前核查许可 / The licence is checked before testing.
licence_checked_before_testing := "not_applicable" if not acceptance
else := "not_applicable" if not input.product.licence_managed == true
else := "violated" if nothing(licence_checked_on)
else := "satisfied" if nothing(started_on)
else := "satisfied" if licence_checked_on <= started_on
else := "violated"

licence_checked_on := day(["licence", "checked_on"])

started_on := day(["testing", "started_on"])

# 责令改正后75日内复查；自送达起算而不逾期的由人判断
# Rechecked within 75 days of the order; late, but not from the day it was served, is for a person.
order_18_recheck_within_75_days := "not_applicable" if not rectification
else := "review" if {
	recheck_outcome == "violated"
	not nothing(served_on)
	served_on > ordered_on
	within_days(rechecked_on, served_on, 75) != "violated"
} else := recheck_outcome

recheck_outcome := verified(within_days(rechecked_on, ordered_on, 75), rechecked_on, ordered_on)

rechecked_on := day(["recheck", "first_on"])

ordered_on := day(["follow_up", "rectification_ordered_on"])

served_on := day(["follow_up", "order_served_on"])
