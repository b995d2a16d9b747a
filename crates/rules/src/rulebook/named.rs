//! Named arguments: a rule set calls a library function with a map, which is checked against the names it takes.
//!
//! A mistake is shown where the rule set's own script makes it. A missing value cannot be invented, so further errors
//! in that call are consequences and not reported.

use std::cell::Cell;
use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, ImmutableString, Map, NativeCallContext};

use super::host::{Call, Host, clip};
use super::terms::{show, type_of};
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::lang::Text;
use choucha_core::source::Span;
use choucha_core::text;

type Ctx<'a> = NativeCallContext<'a>;

/// In the map of names, a value that must be given.
#[derive(Debug, Clone)]
pub(super) struct Required {
    /// The words it may be; empty means any value.
    words: Vec<ImmutableString>,
}

/// Registers the functions.
pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    engine.register_type_with_name::<Required>("required");
    engine.register_fn("required", || Required { words: Vec::new() });
    let h = Rc::clone(host);
    engine.register_fn("one_of", move |ctx: Ctx<'_>, words: Array| -> Required {
        let wanted: Option<Vec<ImmutableString>> = words
            .into_iter()
            .map(|word| word.try_cast::<ImmutableString>())
            .collect();
        let words = wanted.unwrap_or_else(|| {
            let message = Text::new("one_of([…]) 中应为文本", "one_of([…]) takes texts");
            h.report(h.call(&ctx).diagnostic(Code::RulesArguments, message));
            Vec::new()
        });
        Required { words }
    });
    let h = Rc::clone(host);
    engine.register_fn(
        "named",
        move |ctx: Ctx<'_>, given: Map, names: Map| -> Map {
            let call = h.call(&ctx);
            Named::new(&h, &call, &given).read(given, &names)
        },
    );
}

/// Reads one map.
struct Named<'a> {
    host: &'a Host,
    /// The call whose arguments contain the map.
    call: Call,
    /// The function it calls.
    function: String,
    /// Whether it contains an error.
    broken: Cell<bool>,
}

impl<'a> Named<'a> {
    /// `inner`: the call of `named(…)`, somewhere inside the function that received the map.
    fn new(host: &'a Host, inner: &Call, given: &Map) -> Self {
        let holds_map = |frame: &_| {
            let read = host.call_text(frame);
            !given.is_empty() && given.keys().all(|key| read.1.entry(&read.0, key).is_some())
        };
        let at = inner.frames.iter().position(holds_map).unwrap_or(0);
        let call = Call {
            frames: inner.frames.iter().take(at + 1).cloned().collect(),
        };
        let function = called(call.at());
        Named {
            host,
            call,
            function,
            broken: Cell::new(false),
        }
    }

    /// The given values, completed with the defaults of optional ones.
    fn read(&self, mut given: Map, names: &Map) -> Map {
        let mut unknown: Vec<String> = given
            .keys()
            .filter(|key| !names.contains_key(key.as_str()))
            .map(ToString::to_string)
            .collect();
        let mut read = Map::new();
        let mut missing = Vec::new();
        for (name, wanted) in names {
            let value = given.remove(name).filter(|value| !value.is_unit());
            match (
                value,
                wanted.read_lock::<Required>().map(|wanted| wanted.clone()),
            ) {
                (Some(value), required) => {
                    self.check(name, &value, required.as_ref(), wanted);
                    read.insert(name.clone(), value);
                }
                (None, None) => {
                    read.insert(name.clone(), wanted.clone());
                }
                (None, Some(_)) => missing.push(name.clone()),
            }
        }
        for name in missing {
            // A misspelt name is one mistake, not two.
            let misspelt = nearest(&name, unknown.iter().map(String::as_str)).map(str::to_owned);
            if let Some(wrong) = misspelt {
                self.unknown(&wrong, Some(&name), names);
                unknown.retain(|known| *known != wrong);
                read.extend(given.remove(wrong.as_str()).map(|value| (name, value)));
            } else {
                self.missing(&name, names);
            }
        }
        for name in unknown {
            let near = nearest(&name, names.keys().map(|name| name.as_str()));
            self.unknown(&name, near, names);
        }
        if self.broken.get() {
            self.host.give_up(self.call.at());
        }
        read
    }

    fn check(&self, name: &str, value: &Dynamic, required: Option<&Required>, otherwise: &Dynamic) {
        let Some(required) = required else {
            if value.type_name() != otherwise.type_name() {
                let (wanted, found) = (type_of(otherwise), show(value));
                let (zh, en, wanted_zh, wanted_en) = (&found.zh, &found.en, &wanted.zh, &wanted.en);
                let message = text!(
                    "`{name}` 应为{wanted_zh}，而这是{zh}",
                    "`{name}` must be {wanted_en}, not {en}"
                );
                self.report(self.at(name, Code::RulesWrongValue, message));
            }
            return;
        };
        let is_one = |word: &ImmutableString| {
            value
                .read_lock::<ImmutableString>()
                .is_some_and(|value| *value == *word)
        };
        if required.words.is_empty() || required.words.iter().any(is_one) {
            return;
        }
        let shown = show(value);
        let (zh, en) = (&shown.zh, &shown.en);
        let message = text!("`{name}` 不能是{zh}", "`{name}` cannot be {en}");
        let words = || required.words.iter().map(ImmutableString::as_str);
        let written = value.read_lock::<ImmutableString>();
        let help = match written.and_then(|written| nearest(&written, words())) {
            Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
            None => Text::same(words().collect::<Vec<_>>().join(" / ")),
        };
        self.report(self.at(name, Code::RulesWrongValue, message).help(help));
    }

    fn unknown(&self, name: &str, near: Option<&str>, names: &Map) {
        let (shown, function) = (clip(name), &self.function);
        let message = text!(
            "`{function}` 没有 `{shown}` 这一项",
            "`{function}` takes no `{shown}`"
        );
        let help = match near {
            Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
            None => all(names),
        };
        self.report(self.at(name, Code::RulesUnknownKey, message).help(help));
    }

    fn missing(&self, name: &str, names: &Map) {
        let function = &self.function;
        let message = text!("`{function}` 缺少 `{name}`", "`{function}` lacks `{name}`");
        let diagnostic = self.call.diagnostic(Code::RulesMissingKey, message);
        self.report(diagnostic.help(all(names)));
    }

    /// A diagnostic at a name in the map.
    fn at(&self, name: &str, code: Code, message: Text) -> Diagnostic {
        let read = self.host.call_text(self.call.at());
        match read.1.entry(&read.0, name) {
            Some(entry) => self.call.diagnostic_at(code, message, entry.key),
            None => self.call.diagnostic(code, message),
        }
    }

    fn report(&self, diagnostic: Diagnostic) {
        self.host.report(diagnostic);
        self.broken.set(true);
    }
}

/// The called function, with its module.
fn called(call: &Span) -> String {
    let text = call.source.text().get(call.range.start..).unwrap_or("");
    let name = text.split('(').next().unwrap_or("");
    clip(name.trim())
}

/// The names that a function takes.
fn all(names: &Map) -> Text {
    let names: Vec<&str> = names.keys().map(|name| name.as_str()).collect();
    let names = names.join(", ");
    text!("可用的项：{names}", "it takes: {names}")
}
