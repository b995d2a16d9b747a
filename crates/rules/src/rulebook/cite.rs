//! Script functions for instruments and citations.

use std::rc::Rc;

use rhai::{Engine, ImmutableString, NativeCallContext};

use super::host::{Call, Host, clip};
use super::limits::MAX_QUOTE;
use super::terms::{Cited, Registered};
use choucha_core::diagnostic::Code;
use choucha_core::lang::Text;
use choucha_core::obligation::Citation;
use choucha_core::text;

type Ctx<'a> = NativeCallContext<'a>;

/// Registers the functions.
pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
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
}
