//! The duties in Rego, and the two ways `regorus` runs them: its interpreter, and its virtual machine on a compiled
//! program.

use anyhow::{Context, Result, bail};
use choucha::audit::Outcome;
use choucha::period::Calendar;
use choucha::value::Day;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};

use crate::support::native::TWENTY;

/// The rule to evaluate: an object of outcomes by duty id.
const ENTRY: &str = "data.twenty.outcome";

const POLICIES: [(&str, &str); 4] = [
    ("facts.rego", include_str!("../rego/facts.rego")),
    ("stages.rego", include_str!("../rego/stages.rego")),
    ("terms.rego", include_str!("../rego/terms.rego")),
    ("duties.rego", include_str!("../rego/duties.rego")),
];

/// The duties, loaded and ready for a day of audit.
pub struct Rego {
    interpreter: Engine,
    machine: RegoVM,
}

impl Rego {
    /// Loads the policies and their data.
    pub fn new(calendar: &Calendar, as_of: Day) -> Result<Self> {
        let mut interpreter = Engine::new();
        interpreter.set_strict_builtin_errors(false);
        for (name, policy) in POLICIES {
            interpreter.add_policy(name.to_owned(), policy.to_owned())?;
        }
        let data = data(calendar, as_of).context("the calendar has a gap")?;
        let data = Value::from_json_str(&data.to_string())?;
        interpreter.add_data(data.clone())?;
        let policy = interpreter.compile_with_entrypoint(&ENTRY.into())?;
        let mut machine = RegoVM::new();
        machine.load_program(Compiler::compile_from_policy(&policy, &[ENTRY])?);
        machine.set_data(data)?;
        Ok(Rego {
            interpreter,
            machine,
        })
    }

    /// Parses a record for Rego.
    pub fn read(text: &str) -> Result<Value> {
        Value::from_json_str(text)
    }

    /// Evaluates a record with the interpreter.
    pub fn interpret(&mut self, record: Value) -> Result<Value> {
        self.interpreter.set_input(record);
        self.interpreter.eval_rule(ENTRY.to_owned())
    }

    /// Evaluates a record with the virtual machine.
    pub fn run(&mut self, record: Value) -> Result<Value> {
        self.machine.set_input(record);
        Ok(self.machine.execute()?)
    }
}

/// The outcomes in the order of [`TWENTY`].
pub fn outcomes(answer: &Value) -> Result<[Outcome; 20]> {
    let by_id = answer.as_object().context("no outcomes")?;
    if by_id.len() != TWENTY.len() {
        bail!("{} outcomes", by_id.len());
    }
    let mut outcomes = [Outcome::Errored; 20];
    for (outcome, id) in outcomes.iter_mut().zip(TWENTY) {
        let said = by_id.get(&Value::from(id)).context(id)?;
        let code = said.as_string().context(id)?;
        *outcome = Outcome::named(code).context(id)?;
    }
    Ok(outcomes)
}

/// The day of audit, and the calendar as tables to look up: see `rego/terms.rego`. None if a day is missing.
fn data(calendar: &Calendar, as_of: Day) -> Option<serde_json::Value> {
    let (first, last) = calendar.range();
    let all: Vec<Day> = (0..=last.number() - first.number())
        .map(|n| first + n)
        .collect();
    let is_workday = |day: Day| calendar.is_workday(day);
    let is_no_festival = |day: Day| calendar.is_festival(day).map(|festival| !festival);
    // The last days of the calendar may have no such later day; looking them up gives undefined.
    let from = |fits: &dyn Fn(Day) -> Option<bool>| -> Vec<String> {
        let first_from = |at: usize| all[at..].iter().find(|day| fits(**day) == Some(true));
        let found = (0..all.len()).map_while(|at| first_from(at).map(Day::to_string));
        found.collect()
    };
    let mut worked = 0;
    let mut sums = Vec::with_capacity(all.len());
    for day in &all {
        worked += i32::from(is_workday(*day)?);
        sums.push(worked);
    }
    let number: serde_json::Map<_, _> = (0_i32..)
        .zip(&all)
        .map(|(at, day)| (day.to_string(), at.into()))
        .collect();
    let workdays = all.iter().filter(|day| is_workday(**day) == Some(true));
    Some(serde_json::json!({
        "as_of": as_of.to_string(),
        "calendar": {
            "number": number,
            "days": all.iter().map(Day::to_string).collect::<Vec<_>>(),
            "not_festival": from(&is_no_festival),
            "workday": from(&is_workday),
            "worked": sums,
            "workdays": workdays.map(Day::to_string).collect::<Vec<_>>(),
        },
    }))
}
