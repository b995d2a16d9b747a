# 期间：应当完成之日与结论 / Terms: due dates, and outcomes.
#
# data.calendar 由抽查日历而来：number，某日为历中第几日；days，各日；not_festival、workday，自该日起首个非法定节日、
# 首个工作日；worked，截至该日的工作日数；workdays，全部工作日。日历之外不作结论。
# data.calendar is the program's calendar: the position of a day (number); by position the days, the first day from it that
# is no festival (not_festival), the first working day from it (workday), the working days up to it (worked); and all
# working days (workdays). Outside its years nothing is decided.
package twenty

# 若干日内，自次日起算 / Within n days; the day after the start is the first.
within_days(act, since, days) := "not_applicable" if nothing(since)
else := decided if decided := by(act, data.calendar.number[since] + days)
else := "undetermined"

# 若干个工作日内 / Within n working days.
within_workdays(act, since, days) := "not_applicable" if nothing(since)
else := until(act, due) if due := data.calendar.workdays[(data.calendar.worked[data.calendar.number[since]] + days) - 1]
else := "undetermined"

# 及时：逾期由人判断 / Promptly: a person judges what is late.
promptly(act, since, days) := "not_applicable" if nothing(since)
else := left_to_a_person(until(act, due), act) if due := data.calendar.days[data.calendar.number[since] + days]
else := "undetermined"

left_to_a_person(outcome, act) := "review" if {
	outcome == "violated"
	not nothing(act)
} else := outcome

# 立即：当日；次日由人判断 / Immediately: the same day; the next is for a person.
immediately(act, since) := "not_applicable" if nothing(since)
else := either(until(act, since), until(act, next)) if next := data.calendar.days[data.calendar.number[since] + 1]
else := "undetermined"

# 同时：同日；相差三日以内由人判断 / At the same time: the same day; up to three days apart is for a person.
same_time(act, since) := "not_applicable" if nothing(since)
else := either(between(act, since, since), between(act, earliest, latest)) if {
	earliest := data.calendar.days[data.calendar.number[since] - 3]
	latest := data.calendar.days[data.calendar.number[since] + 3]
} else := "undetermined"

between(act, earliest, latest) := "violated" if {
	not nothing(act)
	act < earliest
} else := until(act, latest)

# 期限最后一日遇节假日顺延，从严从宽两种读法 / A last day off moves: off festivals, or off every day off.
by(act, position) := either(
	until(act, data.calendar.not_festival[position]),
	until(act, data.calendar.workday[position]),
)

# 一种读法下的结论 / The outcome under one reading.
until(act, latest) := "pending" if {
	nothing(act)
	data.as_of <= latest
} else := "violated" if nothing(act)
else := "satisfied" if act <= latest
else := "violated"

# 两种读法不一的由人判断 / Where two readings differ a person judges.
either(strict, broad) := strict if strict == broad
else := "review"

# 早于起算日的，由人核实 / An act before the day it cannot precede is for a person to verify.
verified(outcome, act, since) := "review" if {
	outcome == "satisfied"
	not nothing(act)
	act < since
} else := outcome
