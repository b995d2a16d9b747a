# 记录中的事实 / The facts of the record.
#
# 空白与“无”同未写：均视为没有。仅读规范写法：英文代码、ISO 日期、十进制文本、姓名列表。
# Absent, blank and 无 all mean none. Reads only the plain spelling: codes, ISO dates, decimals as text, names.
package twenty

nothing(value) if value in {"无", ""}

# 日期与金额：未写的为“无” / Days and prices: 无 where the record has none.
day(path) := object.get(input, path, "无")

price(path) := to_number(text) if {
	text := object.get(input, path, "无")
	not nothing(text)
}

sampled_on := day(["sampling", "sampled_on"])

issued_on := day(["report", "issued_on"])

# 姓名列表 / Lists of names.
default samplers := []

samplers := input.sampling.samplers if is_array(input.sampling.samplers)

default testers := []

testers := input.testing.testers if is_array(input.testing.testers)

# 更正记录 / The corrections of the form.
default corrections := []

corrections := input.sampling.corrections if is_array(input.sampling.corrections)

# 是否标价，实付、标价、市场价 / Prices of one unit.
paid_price := price(["purchase", "paid_price"])

marked_price := price(["purchase", "marked_price"])

market_price := price(["purchase", "market_price"])

# 拒收有日期的，样品未被接收 / A sample with a day of refusal was not accepted.
refused_at_receipt if input.receipt.accepted == false

refused_at_receipt if not nothing(day(["receipt", "refused_on"]))
