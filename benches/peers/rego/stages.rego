# 环节：案件走到哪一步 / Stages: how far the case got.
package twenty

on_site if input.sampling.channel == "on_site"

online if input.sampling.channel == "online"

# 抽样完成 / Sampling was completed.
sampling if input.sampling.outcome == "completed"

# 到场 / The samplers were on site, whatever the outcome.
visit if {
	not online
	input.sampling.outcome in {"completed", "terminated", "refused"}
}

sampling_on_site if {
	sampling
	not online
}

# 涉嫌违法 / Unlawfulness is suspected.
unlawful if input.sampling.unlawful_suspected == true

# 样品已接收 / The agency took the sample.
acceptance if {
	sampling
	input.receipt.accepted == true
}

acceptance if {
	sampling
	not nothing(day(["receipt", "received_on"]))
	not refused_at_receipt
}

# 检验完成 / Testing was completed.
testing if {
	acceptance
	input.testing.outcome == "completed"
}

# 检验报告 / There is a report.
report if {
	testing
	not nothing(issued_on)
}

report if {
	testing
	not nothing(object.get(input, ["report", "conclusion"], "无"))
}

failed if {
	report
	input.report.conclusion == "fail"
}

# 不合格且复检未改判 / A failure that no retest overturned.
failure if {
	failed
	not retest_passed
}

retest_passed if input.retest.conclusion == "pass"

rectification if {
	failure
	not nothing(day(["follow_up", "rectification_ordered_on"]))
}

refused_to_sign if input.sampling.refused_to_sign == true

refusal_annotated if input.sampling.refusal_annotated == true

# 已购买检验样品 / The test sample was bought.
bought if input.purchase.bought == true

bought if paid_price > 0
