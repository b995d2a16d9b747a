//! What scripts declare: rule sets, stages, exceptions, obligations, and the instruments and sentences they cite.

use std::rc::Rc;

use rhai::{Dynamic, Engine, ImmutableString, Map, NativeCallContext};

use super::fields::Fields;
use super::host::{Call, Host, clip};
use super::limits::{MAX_DECLARATIONS, MAX_QUOTE, Stop};
use super::scan;
use super::terms::{Cited, Due, Judged, Made, Registered};
use crate::diagnostic::{Code, nearest};
use crate::lang::Text;
use crate::obligation::{
    Citation, Exception, Id, Obligation, Reading, Requirement, RuleSet, RuleSetId, Severity, Stage,
};
use crate::source::Span;
use crate::text;

type Ctx<'a> = NativeCallContext<'a>;

const RULE_SET_KEYS: &[&str] = &[
    "title",
    "title_en",
    "instrument",
    "includes",
    "from",
    "until",
    "region",
    "organiser",
];
const STAGE_KEYS: &[&str] = &["title", "title_en", "after", "holds"];
const EXCEPTION_KEYS: &[&str] = &["title", "title_en", "cite", "holds"];
const OBLIGATION_KEYS: &[&str] = &[
    "title",
    "title_en",
    "bearer",
    "cite",
    "severity",
    "when",
    "after",
    "triggers",
    "unless",
    "remedies",
    "excuses",
    "must",
    "must_not",
    "review",
    "refines",
    "responsible",
    "note",
    "note_en",
];

/// Gives scripts the functions.
pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    instruments(engine, host);
    let declare: [(&str, fn(&Host, &Call, &str, Map)); 4] = [
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

fn instruments(engine: &mut Engine, host: &Rc<Host>) {
    let h = Rc::clone(host);
    engine.register_fn(
        "instrument",
        move |ctx: Ctx<'_>, number: ImmutableString| -> Registered {
            let found = h.instruments.get(&number).cloned();
            if found.is_none() {
                let shown = clip(&number);
                let message = text!(
                    "规范文件 `{shown}` 未登记",
                    "the instrument `{shown}` is not registered"
                );
                let mut diagnostic = h
                    .call(&ctx)
                    .diagnostic(Code::RulesUnknownInstrument, message);
                if let Some(near) = h.instruments.nearest(&number) {
                    diagnostic =
                        diagnostic.help(text!("是否应为 `{near}`？", "did you mean `{near}`?"));
                }
                h.report(diagnostic.help(Text::new(
                    "在 rules/instruments.yaml 中登记",
                    "register it in rules/instruments.yaml",
                )));
            }
            found.into()
        },
    );
    let h = Rc::clone(host);
    engine.register_fn(
        "at",
        move |ctx: Ctx<'_>,
              instrument: Registered,
              section: ImmutableString,
              quote: ImmutableString|
              -> Cited {
            let call = h.call(&ctx);
            h.citation(&call, &instrument, &section, &quote).into()
        },
    );
    engine.register_get("title", |instrument: &mut Registered| -> ImmutableString {
        instrument
            .get()
            .map_or_else(ImmutableString::new, |known| known.title.zh.as_str().into())
    });
    engine.register_get(
        "title_en",
        |instrument: &mut Registered| -> ImmutableString {
            instrument
                .get()
                .map_or_else(ImmutableString::new, |known| known.title.en.as_str().into())
        },
    );
    engine.register_get("number", |instrument: &mut Registered| -> ImmutableString {
        instrument
            .get()
            .map_or_else(ImmutableString::new, |known| known.number.as_str().into())
    });
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
    fn citation(
        &self,
        call: &Call,
        instrument: &Registered,
        section: &str,
        quote: &str,
    ) -> Option<Citation> {
        let (section, quote) = (section.trim(), quote.trim());
        if section.is_empty() || quote.is_empty() {
            let message = if quote.is_empty() {
                Text::new("引用没有写原文", "the citation has no words")
            } else {
                Text::new("引用没有写条款号", "the citation has no section")
            };
            let help = Text::new(
                "写作 notice.at(\"二、（一）\", \"抽样人员不得少于2人\")",
                "write notice.at(\"二、（一）\", \"抽样人员不得少于2人\")",
            );
            self.report(call.diagnostic(Code::RulesEmptyQuote, message).help(help));
            return None;
        }
        if quote.chars().count() > MAX_QUOTE {
            let message = text!(
                "引用的原文超过 {MAX_QUOTE} 字",
                "the words cited are more than {MAX_QUOTE} characters"
            );
            self.report(call.diagnostic(Code::RulesLimit, message));
            return None;
        }
        Some(Citation {
            instrument: instrument.get()?.number.clone(),
            section: section.to_owned(),
            quote: quote.to_owned(),
            at: call.at().clone(),
        })
    }

    /// Where a declaration stands for people: its id in the rule set's own script where it is written there, else the
    /// call in that script that led to it.
    fn declared(&self, call: &Call, id: &str) -> Span {
        let outermost = call.outermost();
        let range = scan::call_range(&outermost.source, outermost.range.start);
        scan::quoted(&outermost.source, range, id).unwrap_or_else(|| outermost.clone())
    }

    /// Takes an id, unless it is malformed or taken already.
    fn take_id(&self, call: &Call, id: &str, at: &Span) -> Option<Id> {
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
                crate::diagnostic::Label {
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

    fn own_id(&self) -> RuleSetId {
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
        let (from, until) = (fields.day("from"), fields.day("until"));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            let message = text!(
                "规则集的终止日期 {until} 早于起始日期 {from}",
                "the rule set ends on {until}, before it begins on {from}"
            );
            let diagnostic = fields.at_key("until", Code::RulesRuleSet, message);
            fields.tell(diagnostic);
        }
        let region = fields.optional_text("region");
        let organiser = fields.optional_text("organiser");
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
            stages: Vec::new(),
            exceptions: Vec::new(),
            obligations: Vec::new(),
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
        if let (Some(id), false) = (id, fields.is_broken()) {
            let ruleset = self.own_id();
            self.draft.borrow_mut().stages.push(Stage {
                id,
                ruleset,
                title,
                after,
                holds,
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
            fields.tell(diagnostic);
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

    fn obligation(&self, call: &Call, id: &str, map: Map) {
        let at = self.declared(call, id);
        let id = self.take_id(call, id, &at);
        let mut fields = Fields::new(self, call, "obligation", map, OBLIGATION_KEYS);
        let title = fields.title();
        let bearer = self.bearer(&mut fields);
        let citations = fields.citations();
        let severity = self.severity(&mut fields);
        let when = fields.condition("when");
        let (after, triggers, unless) = (
            fields.links("after"),
            fields.links("triggers"),
            fields.links("unless"),
        );
        let excuses_given = fields.flag("excuses");
        let remedies = fields.link("remedies");
        if excuses_given && remedies.is_none() {
            let message = Text::new(
                "写了 `excuses` 而没有写 `remedies`",
                "`excuses` is given without `remedies`",
            );
            let why = Text::new(
                "免除的是 `remedies` 所补救的义务",
                "what it excuses is the duty that `remedies` names",
            );
            let diagnostic = fields
                .at_key("excuses", Code::RulesMissingKey, message)
                .why(why);
            fields.tell(diagnostic);
        }
        let requirement = self.demand(&mut fields);
        let review = self.review(&mut fields);
        let responsible = fields.parties("responsible");
        let refines = fields.link("refines");
        let note = self.note(&mut fields);
        if fields.is_broken() {
            return;
        }
        if let (Some(id), Some(bearer), Some(requirement)) = (id, bearer, requirement) {
            let ruleset = self.own_id();
            self.draft.borrow_mut().obligations.push(Obligation {
                id,
                ruleset,
                title,
                bearer,
                citations,
                severity,
                when,
                requirement,
                after,
                triggers,
                unless,
                remedies,
                excuses: excuses_given,
                review,
                responsible,
                note,
                refines,
                at,
            });
        }
    }

    fn bearer(&self, fields: &mut Fields<'_>) -> Option<String> {
        let code = fields.text("bearer");
        let roles = self.vocabulary().roles();
        if code.is_empty() || roles.iter().any(|role| role.code == code) {
            return Some(code).filter(|code| !code.is_empty());
        }
        let shown = clip(&code);
        let message = text!(
            "数据字典中没有角色 `{shown}`",
            "the vocabulary has no role `{shown}`"
        );
        let codes = || roles.iter().map(|role| role.code.as_str());
        let by_label = roles
            .iter()
            .find(|role| role.label.zh == code || role.label.en == code);
        let help = match by_label
            .map(|role| role.code.as_str())
            .or_else(|| nearest(&code, codes()))
        {
            Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
            None => {
                let all = codes().collect::<Vec<_>>().join(", ");
                text!("可用的角色：{all}", "the roles: {all}")
            }
        };
        let diagnostic = fields
            .at_key("bearer", Code::RulesUnknownRole, message)
            .help(help);
        fields.tell(diagnostic);
        None
    }

    fn severity(&self, fields: &mut Fields<'_>) -> Severity {
        let Some(code) = fields.optional_text("severity") else {
            return Severity::Major;
        };
        Severity::ALL
            .into_iter()
            .find(|severity| severity.code() == code)
            .unwrap_or_else(|| {
                let shown = clip(&code);
                let message = text!("没有严重程度 `{shown}`", "there is no severity `{shown}`");
                let codes = Severity::ALL.map(Severity::code);
                let help = match nearest(&code, codes) {
                    Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
                    None => Text::same(codes.join(" / ")),
                };
                let diagnostic = fields
                    .at_key("severity", Code::RulesUnknownSeverity, message)
                    .help(help);
                fields.tell(diagnostic);
                Severity::Major
            })
    }

    fn demand(&self, fields: &mut Fields<'_>) -> Option<Requirement> {
        match (fields.take("must"), fields.take("must_not")) {
            (Some(_), Some(_)) => {
                let message = Text::new(
                    "同一义务既写了 `must` 又写了 `must_not`",
                    "the obligation has both `must` and `must_not`",
                );
                let help = Text::new(
                    "分成两项义务，或者合成一个条件",
                    "make two obligations of it, or one condition",
                );
                let diagnostic = fields
                    .at_key("must_not", Code::RulesMustAndMustNot, message)
                    .help(help);
                fields.tell(diagnostic);
                None
            }
            (Some(must), None) => {
                let requirement = self.requirement(fields.call, &must, true);
                if requirement.is_none() {
                    fields.mark_broken();
                }
                requirement
            }
            (None, Some(must_not)) => self.prohibition(fields, &must_not),
            (None, None) => {
                let message = Text::new(
                    "obligation 既没有 `must` 也没有 `must_not`",
                    "the obligation has neither `must` nor `must_not`",
                );
                let diagnostic = fields.call.diagnostic(Code::RulesMissingKey, message);
                fields.tell(diagnostic);
                None
            }
        }
    }

    fn prohibition(&self, fields: &mut Fields<'_>, must_not: &Dynamic) -> Option<Requirement> {
        if must_not.is::<Due>() || must_not.is::<super::terms::Pieces>() {
            let message = Text::new(
                "`must_not` 只能是条件，不能是期限或者各部分",
                "`must_not` takes a condition, no deadline or parts",
            );
            let diagnostic = fields.at_key("must_not", Code::RulesWrongValue, message);
            fields.tell(diagnostic);
            return None;
        }
        let condition = self.closed_condition(fields.call, must_not);
        if condition.is_none() {
            fields.mark_broken();
        }
        condition.map(Requirement::MustNot)
    }

    fn review(&self, fields: &mut Fields<'_>) -> Vec<Reading> {
        let wanted = Text::new("reading(…) 的列表", "a list of reading(…)");
        let readings: Vec<Judged> = fields.list("review", &wanted);
        if readings.iter().any(Made::is_broken) {
            fields.mark_broken();
        }
        readings
            .iter()
            .filter_map(|reading| reading.get().cloned())
            .collect()
    }

    fn note(&self, fields: &mut Fields<'_>) -> Text {
        let (zh, en) = (
            fields.optional_text("note"),
            fields.optional_text("note_en"),
        );
        match (zh, en) {
            (Some(zh), Some(en)) => Text::new(zh, en),
            (None, None) => Text::default(),
            (zh, _) => {
                if !fields.is_broken() {
                    let (given, lacking) = if zh.is_some() {
                        ("note", "note_en")
                    } else {
                        ("note_en", "note")
                    };
                    let message = text!(
                        "有 `{given}` 而缺少 `{lacking}`",
                        "`{given}` is given without `{lacking}`"
                    );
                    let diagnostic = fields.at_key(given, Code::RulesMissingKey, message);
                    fields.tell(diagnostic);
                }
                Text::default()
            }
        }
    }
}
