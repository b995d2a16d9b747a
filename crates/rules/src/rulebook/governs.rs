//! Reads what a rule set declares to govern: the products of its plan and the days of its work; and the day of a stage.

use rhai::{Dynamic, ImmutableString, Map};

use super::fields::Fields;
use super::terms::Term;
use choucha_core::diagnostic::Code;
use choucha_core::expr::Expr;
use choucha_core::lang::Text;
use choucha_core::obligation::{Product, Schedule};
use choucha_core::text;
use choucha_core::value::Type;

const PRODUCT_KEYS: &[&str] = &["name", "aliases"];
const SCHEDULE_KEYS: &[&str] = &["from", "until"];

impl Fields<'_> {
    /// The products of a plan: each a name, or a map of its name and its other names in the notice.
    pub(super) fn products(&mut self) -> Vec<Product> {
        let wanted = Text::new(
            "产品名称或者 #{ name: …, aliases: […] } 的列表",
            "a list of product names or #{ name: …, aliases: […] }",
        );
        let mut products: Vec<Product> = Vec::new();
        for item in self.list::<Dynamic>("products", &wanted) {
            let product = if item.is_map() {
                self.product(&item)
            } else {
                named(&item).map(|name| Product {
                    name,
                    aliases: Vec::new(),
                })
            };
            let Some(product) = product else {
                self.wrong("products", &item, &wanted);
                continue;
            };
            if products.iter().any(|known| known.name == product.name) {
                let name = &product.name;
                let message = text!(
                    "`products` 中 `{name}` 写了两次",
                    "`products` names `{name}` twice"
                );
                let diagnostic = self.at_key("products", Code::RulesWrongValue, message);
                self.report(diagnostic);
                continue;
            }
            products.push(product);
        }
        products
    }

    fn product(&mut self, map: &Dynamic) -> Option<Product> {
        let mut fields = self.of_value("products", map, PRODUCT_KEYS)?;
        let name = fields.text("name");
        let wanted = Text::new("名称的列表", "a list of names");
        let aliases: Vec<ImmutableString> = fields.list("aliases", &wanted);
        let aliases = aliases.iter().map(ToString::to_string).collect();
        let broken = fields.is_broken();
        self.mark_broken_if(broken);
        Some(Product { name, aliases })
    }

    /// The days that a notice sets for the work, if given.
    pub(super) fn schedule(&mut self) -> Option<Schedule> {
        let value = self.take("schedule")?;
        let mut fields = self.of_value("schedule", &value, SCHEDULE_KEYS)?;
        let schedule = Schedule {
            from: fields.day("from"),
            until: fields.day("until"),
        };
        let backwards =
            matches!(schedule, Schedule { from: Some(from), until: Some(until) } if until < from);
        if backwards || (schedule.from, schedule.until) == (None, None) {
            let message = Text::new(
                "`schedule` 应有起始日期 from 或者终止日期 until，终止不早于起始",
                "`schedule` must have a first day `from` or a last day `until`, not before the first",
            );
            let diagnostic = fields.at_key("schedule", Code::RulesRuleSet, message);
            fields.report(diagnostic);
        }
        let broken = fields.is_broken();
        self.mark_broken_if(broken);
        Some(schedule)
    }

    /// A date fact of the record, if given.
    pub(super) fn date(&mut self, key: &str) -> Option<Expr> {
        let value = self.take(key)?;
        let term = value.read_lock::<Term>().map(|term| term.clone());
        let Some(term) = term else {
            self.wrong(
                key,
                &value,
                &Text::new("日期 fact(\"…\")", "a date: fact(\"…\")"),
            );
            return None;
        };
        let Some(expr) = term.get() else {
            self.mark_broken();
            return None;
        };
        if !matches!(expr.ty(), Type::Date | Type::DateTime) {
            let message = text!("`{key}` 应为日期", "`{key}` must be a date");
            let at = expr.at().unwrap_or(self.call.at()).clone();
            let diagnostic = self.call.diagnostic_at(Code::RulesWrongValue, message, at);
            self.report(diagnostic);
            return None;
        }
        if !self.host.is_closed(self.call, expr) {
            self.mark_broken();
            return None;
        }
        Some(expr.clone())
    }

    /// The map of a key, as separate fields.
    fn of_value(
        &mut self,
        key: &'static str,
        value: &Dynamic,
        known: &[&str],
    ) -> Option<Fields<'_>> {
        let Some(map) = value.clone().try_cast::<Map>() else {
            let keys = known.join(": …, ");
            let wanted = text!("#{{ {keys}: … }}", "#{{ {keys}: … }}");
            self.wrong(key, value, &wanted);
            return None;
        };
        Some(Fields::new(self.host, self.call, key, map, known))
    }
}

fn named(item: &Dynamic) -> Option<String> {
    let name = item.read_lock::<ImmutableString>()?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}
