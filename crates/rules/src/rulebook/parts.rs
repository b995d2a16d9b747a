//! Script functions for parts: the several demands of one obligation.

use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, ImmutableString, NativeCallContext};

use super::host::{Call, Host, clip};
use super::terms::{Cited, Handle, Piece, Pieces, type_of};
use choucha_core::diagnostic::Code;
use choucha_core::lang::Text;
use choucha_core::obligation::Part;
use choucha_core::text;

type Ctx<'a> = NativeCallContext<'a>;

/// Registers the functions.
pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    let h = Rc::clone(host);
    engine.register_fn(
        "part",
        move |ctx: Ctx<'_>,
              code: ImmutableString,
              zh: ImmutableString,
              en: ImmutableString,
              demand: Dynamic|
              -> Piece {
            let call = h.call(&ctx);
            h.part(&call, &code, &zh, &en, &demand).into()
        },
    );
    let h = Rc::clone(host);
    engine.register_fn(
        "when",
        move |ctx: Ctx<'_>, part: Piece, when: Dynamic| -> Piece {
            let call = h.call(&ctx);
            let when = h.closed_condition(&call, &when);
            let (Some(part), Some(when)) = (part.get(), when) else {
                return Handle::broken();
            };
            if part.when.is_some() {
                let code = &part.code;
                let message = text!(
                    "部分 `{code}` 写了两次 .when(…)",
                    "the part `{code}` has .when(…) twice"
                );
                h.report(call.diagnostic(Code::RulesParts, message));
            }
            Handle::new(Part {
                when: Some(when),
                ..part.clone()
            })
        },
    );
    let h = Rc::clone(host);
    engine.register_fn(
        "cite",
        move |ctx: Ctx<'_>, part: Piece, citation: Cited| -> Piece {
            let (Some(part), Some(citation)) = (part.get(), citation.get()) else {
                return Handle::broken();
            };
            if part.citation.is_some() {
                let code = &part.code;
                let message = text!(
                    "部分 `{code}` 写了两次 .cite(…)",
                    "the part `{code}` has .cite(…) twice"
                );
                h.report(h.call(&ctx).diagnostic(Code::RulesParts, message));
            }
            Handle::new(Part {
                citation: Some(citation.clone()),
                higher_citations: None,
                ..part.clone()
            })
        },
    );
    let h = Rc::clone(host);
    engine.register_fn("parts", move |ctx: Ctx<'_>, pieces: Array| -> Pieces {
        let call = h.call(&ctx);
        h.parts(&call, &pieces).into()
    });
}

impl Host {
    fn part(&self, call: &Call, code: &str, zh: &str, en: &str, demand: &Dynamic) -> Option<Part> {
        let requirement = self.requirement(call, demand, false);
        let title = self.both_languages(call, zh, en);
        let known = super::declare::is_id(code) && !code.contains('.');
        if !known {
            let shown = clip(code);
            let message = text!(
                "部分的代码 `{shown}` 写法不合规范",
                "the code `{shown}` of a part is not well-formed"
            );
            let help = Text::new(
                "用小写英文单词，以 - 连接，如 `samplers-signed`",
                "lower-case words joined by -, as `samplers-signed`",
            );
            self.report(call.diagnostic(Code::RulesParts, message).help(help));
        }
        known.then_some(Part {
            code: code.to_owned(),
            title: title?,
            when: None,
            requirement: requirement?,
            citation: None,
            higher_citations: None,
        })
    }

    fn parts(&self, call: &Call, pieces: &Array) -> Option<Vec<Part>> {
        if pieces.is_empty() {
            let message = Text::new("parts([…]) 中没有任何部分", "parts([…]) holds no part");
            self.report(call.diagnostic(Code::RulesParts, message));
            return None;
        }
        let mut parts: Option<Vec<Part>> = Some(Vec::new());
        for piece in pieces {
            let Some(part) = piece.read_lock::<Piece>() else {
                let found = type_of(piece);
                let (zh, en) = (&found.zh, &found.en);
                let nested = piece.is::<Pieces>();
                let message = if nested {
                    Text::new("部分之中不能再分部分", "parts do not nest")
                } else {
                    text!(
                        "parts([…]) 中应为 part(…)，而这是{zh}",
                        "parts([…]) takes part(…), not {en}"
                    )
                };
                self.report(call.diagnostic(Code::RulesParts, message));
                parts = None;
                continue;
            };
            let Some(part) = part.get() else {
                parts = None;
                continue;
            };
            if let Some(known) = &mut parts {
                if known.iter().any(|other| other.code == part.code) {
                    let code = &part.code;
                    let message = text!(
                        "两个部分的代码都是 `{code}`",
                        "two parts have the code `{code}`"
                    );
                    self.report(call.diagnostic(Code::RulesParts, message));
                }
                known.push(part.clone());
            }
        }
        parts
    }
}
