//! `choucha schema`: the JSON Schemas of inputs and outputs.

use super::arguments::{Schema, SchemaTask};
use super::engine::Rules;
use super::{Exit, Session};
use choucha_core::vocabulary;
use choucha_design::trial;
use choucha_report::conduct::json::{CONDUCT_SCHEMA, PEOPLE_SCHEMA};
use choucha_report::json::{
    AUDIT_SCHEMA, CHECK_SCHEMA, COLUMNS_SCHEMA, COVERAGE_SCHEMA, DIFF_SCHEMA, EFFECTIVE_SCHEMA,
    PAGE_SCHEMA, PROJECT_SCHEMA, RULES_SCHEMA, TEST_SCHEMA,
};

/// Prints a schema.
pub(super) fn run(task: &SchemaTask, session: &mut Session<'_>) -> Exit {
    match task.kind {
        Schema::Audit => session.write(AUDIT_SCHEMA, Exit::CLEAN),
        Schema::Columns => session.write(COLUMNS_SCHEMA, Exit::CLEAN),
        Schema::Coverage => session.write(COVERAGE_SCHEMA, Exit::CLEAN),
        Schema::Diff => session.write(DIFF_SCHEMA, Exit::CLEAN),
        Schema::Effective => session.write(EFFECTIVE_SCHEMA, Exit::CLEAN),
        Schema::Page => session.write(PAGE_SCHEMA, Exit::CLEAN),
        Schema::Project => session.write(PROJECT_SCHEMA, Exit::CLEAN),
        Schema::Rules => session.write(RULES_SCHEMA, Exit::CLEAN),
        Schema::Check => session.write(CHECK_SCHEMA, Exit::CLEAN),
        Schema::Conduct => session.write(CONDUCT_SCHEMA, Exit::CLEAN),
        Schema::People => session.write(PEOPLE_SCHEMA, Exit::CLEAN),
        Schema::Test => session.write(TEST_SCHEMA, Exit::CLEAN),
        Schema::Tests => match Rules::load(session.rules) {
            Err(problems) => session.fail(&problems),
            Ok(rules) => {
                let schema = trial::schema(rules.engine().rulebook(), session.style.lang);
                let text = serde_json::to_string_pretty(&schema).map(|text| text + "\n");
                session.write_json(text, Exit::CLEAN)
            }
        },
        Schema::Record => match Rules::load(session.rules) {
            Err(problems) => session.fail(&problems),
            Ok(rules) => {
                let schema = vocabulary::schema(rules.vocabulary(), session.style.lang);
                let text = serde_json::to_string_pretty(&schema).map(|text| text + "\n");
                session.write_json(text, Exit::CLEAN)
            }
        },
    }
}
