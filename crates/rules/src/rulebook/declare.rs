//! Script functions that declare rule sets, stages and exceptions; for obligations see `duty`.

use std::rc::Rc;

use rhai::{Engine, ImmutableString, Map, NativeCallContext};

use super::fields::Fields;
use super::host::{Call, Host, clip};
use super::limits::{MAX_DECLARATIONS, Stop};
use choucha_core::diagnostic::Code;
use choucha_core::lang::Text;
use choucha_core::obligation::{Exception, Id, RuleSet, RuleSetId, Stage};
use choucha_core::source::Span;
use choucha_core::text;

type Ctx<'a> = NativeCallContext<'a>;

pub(super) const RULE_SET_KEYS: &[&str] = &[
    "title",
    "title_en",
    "instrument",
    "includes",
    "from",
    "until",
    "region",
    "organiser",
    "products",
    "schedule",
];
pub(super) const STAGE_KEYS: &[&str] = &["title", "title_en", "after", "holds", "on"];
pub(super) const EXCEPTION_KEYS: &[&str] = &["title", "title_en", "cite", "holds"];
/// Registers the functions.
pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    type Declare = fn(&Host, &Call, &str, Map);
    let declare: [(&str, Declare); 4] = [
        ("ruleset", Host::rule_set),
        ("stage", Host::stage),
        ("exception", Host::exception),
        ("obligation", Host::obligation),
    ];
    for (name, declare) in declare {
        let h = Rc::clone(host);
        engine.register_fn(name, move |ctx: Ctx<'_>, id: ImmutableString, map: Map| {
            let call = h.call(&ctx);
            if h.modules.get() > 0 {
                let message = text!(
                    "公用模块在函数之外调用了 {name}(…)",
                    "a module calls {name}(…) outside its functions"
                );
                let why = Text::new(
                    "模块由各规则集共用，只装载一次；声明只能由规则集作出",
                    "a module is shared by the rule sets and loaded once; only a rule set declares",
                );
                let help = Text::new(
                    "放进函数，由规则集的脚本调用",
                    "put it into a function that the rule set's script calls",
                );
                h.report(
                    call.diagnostic(Code::RulesModuleDeclares, message)
                        .why(why)
                        .help(help),
                );
                return;
            }
            declare(&h, &call, &id, map);
        });
    }
}

/// Whether an id is well-formed: lower-case words and numbers joined by `-` and `.`.
pub(super) fn is_id(id: &str) -> bool {
    id.len() <= 100
        && id.split(['.', '-']).all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

impl Host {
    /// Where a declaration is shown to people: its id in the rule set's own script if it is written there, else the
    /// call in that script that led to it.
    pub(super) fn declared(&self, call: &Call, id: &str) -> Span {
        let outermost = call.outermost();
        let read = self.call_text(outermost);
        let (source, text) = &*read;
        text.quoted(source, &text.range, id)
            .unwrap_or_else(|| outermost.clone())
    }

    /// Reserves an id; reports it if it is malformed or taken.
    pub(super) fn take_id(&self, call: &Call, id: &str, at: &Span) -> Option<Id> {
        if !is_id(id) {
            let shown = clip(id);
            let message = text!(
                "编号 `{shown}` 写法不合规范",
                "the id `{shown}` is not well-formed"
            );
            let help = Text::new(
                "用小写英文单词和数字，以 - 和 . 连接，如 `report.failed.mail-to-province`",
                "lower-case words and numbers joined by - and ., as `report.failed.mail-to-province`",
            );
            self.report(
                call.diagnostic_at(Code::RulesBadId, message, at.clone())
                    .help(help),
            );
            return None;
        }
        let id = Id(id.to_owned());
        let mut draft = self.draft.borrow_mut();
        if let Some(first) = draft.ids.get(&id) {
            let message = text!("编号 `{id}` 重复", "the id `{id}` is declared twice");
            let mut diagnostic = call.diagnostic_at(Code::RulesDuplicateId, message, at.clone());
            diagnostic.labels.insert(
                1,
                choucha_core::diagnostic::Label {
                    span: first.clone(),
                    text: Text::new("首次声明", "declared here first"),
                },
            );
            self.report(diagnostic);
            return None;
        }
        if draft.ids.len() >= MAX_DECLARATIONS {
            self.stop(Stop::Declarations);
            return None;
        }
        draft.ids.insert(id.clone(), at.clone());
        Some(id)
    }

    pub(super) fn own_id(&self) -> RuleSetId {
        RuleSetId(self.draft.borrow().folder.clone())
    }

    fn rule_set(&self, call: &Call, id: &str, map: Map) {
        let at = self.declared(call, id);
        let folder = self.own_id();
        if let Some(first) = &self.draft.borrow().declared {
            let message = Text::new("ruleset(…) 调用了两次", "ruleset(…) is called twice");
            let diagnostic = call
                .diagnostic_at(Code::RulesRuleSet, message, at)
                .label(first.clone(), Text::new("首次调用", "called here first"));
            self.report(diagnostic);
            return;
        }
        self.draft.borrow_mut().declared = Some(at.clone());
        if id != folder.0 {
            let shown = clip(id);
            let message = text!(
                "规则集的编号 `{shown}` 与所在文件夹 `{folder}` 不同",
                "the rule set's id `{shown}` is not that of its folder, `{folder}`"
            );
            let help = text!(
                "写作 ruleset(\"{folder}\", …)",
                "write ruleset(\"{folder}\", …)"
            );
            self.report(
                call.diagnostic_at(Code::RulesRuleSet, message, at.clone())
                    .help(help),
            );
        }
        let mut fields = Fields::new(self, call, "ruleset", map, RULE_SET_KEYS);
        let title = fields.title();
        let instrument = fields.instrument("instrument");
        let includes = fields.links("includes");
        let registered = instrument
            .as_ref()
            .and_then(|number| self.instruments.get(number));
        // Not longer than its instrument.
        let from = fields
            .day("from")
            .max(registered.and_then(|known| known.in_force_from));
        let ends = [
            fields.day("until"),
            registered.and_then(|known| known.in_force_until),
        ];
        let until = ends.into_iter().flatten().min();
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            let message = text!(
                "规则集的终止日期 {until} 早于起始日期 {from}",
                "the rule set ends on {until}, before it begins on {from}"
            );
            let diagnostic = fields.at_key("until", Code::RulesRuleSet, message);
            fields.report(diagnostic);
        }
        let region = fields.optional_text("region");
        let organiser = fields.optional_text("organiser");
        let products = fields.products();
        let schedule = fields.schedule();
        let mut draft = self.draft.borrow_mut();
        draft.includes = includes
            .iter()
            .map(|link| (link.id.0.clone(), link.at.clone()))
            .collect();
        draft.header = instrument.map(|instrument| RuleSet {
            id: folder,
            title,
            instrument,
            includes: includes
                .into_iter()
                .map(|link| RuleSetId(link.id.0))
                .collect(),
            from,
            until,
            region,
            organiser,
            products,
            schedule,
            stages: Vec::new(),
            exceptions: Vec::new(),
            obligations: Vec::new(),
            across: Vec::new(),
            at,
        });
    }

    fn stage(&self, call: &Call, id: &str, map: Map) {
        let at = self.declared(call, id);
        let id = self.take_id(call, id, &at);
        let mut fields = Fields::new(self, call, "stage", map, STAGE_KEYS);
        let title = fields.title();
        let after = fields.links("after");
        let holds = fields.condition("holds");
        let on = fields.date("on");
        if let (Some(id), false) = (id, fields.is_broken()) {
            let ruleset = self.own_id();
            self.draft.borrow_mut().stages.push(Stage {
                id,
                ruleset,
                title,
                after,
                holds,
                on,
                at,
            });
        }
    }

    fn exception(&self, call: &Call, id: &str, map: Map) {
        let at = self.declared(call, id);
        let id = self.take_id(call, id, &at);
        let mut fields = Fields::new(self, call, "exception", map, EXCEPTION_KEYS);
        let title = fields.title();
        let citations = fields.citations();
        if !fields.has("holds") {
            let message = Text::new("exception 缺少 `holds`", "the exception lacks `holds`");
            let diagnostic = call.diagnostic(Code::RulesMissingKey, message);
            fields.report(diagnostic);
        }
        let holds = fields.condition("holds");
        if let (Some(id), Some(holds), false) = (id, holds, fields.is_broken()) {
            let ruleset = self.own_id();
            self.draft.borrow_mut().exceptions.push(Exception {
                id,
                ruleset,
                title,
                citations,
                holds,
                at,
            });
        }
    }
}
