//! The state that scripts of one load work on: the place of each call, the diagnostics, the declarations.
//!
//! Terms: a *call* is one call of a host function, with the chain of calls that led to it, from the rule set's own
//! script inwards.
//!
//! Invariants: a mistake is reported once, where it is made; the result of a mistaken call is *broken* and passes
//! silently through everything built from it, so that one run shows all mistakes.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{Module, NativeCallContext, Position as ScriptPosition, Shared};

use super::limits::{self, Stop};
use super::scan::{self, CallText};
use super::terms::{Handle, Term};
use choucha_core::diagnostic::{Code, Diagnostic, Level};
use choucha_core::expr::{BuildError, Builder, Expr};
use choucha_core::instrument::Instruments;
use choucha_core::lang::Text;
use choucha_core::obligation::{Exception, Id, Obligation, RuleSet, Stage};
use choucha_core::source::{Position, Source, Span};
use choucha_core::text;
use choucha_core::vocabulary::{NameHasher, Names, Vocabulary};

/// The state shared by the functions registered for scripts.
pub(super) struct Host {
    pub(super) builder: Builder,
    pub(super) instruments: Instruments,
    /// The scripts by path, as the script engine calls them.
    sources: RefCell<Names<Arc<Source>>>,
    /// The texts of calls read so far, by source and position; an entry keeps its source alive, so that the address
    /// remains unique.
    calls: RefCell<Places<(usize, usize), ReadCall>>,
    /// The tokens found so far, by source and the script engine's position: the same calls recur. A tree grows in small
    /// steps, whereas a growing hash table allocates twice its size each time.
    tokens: RefCell<BTreeMap<(usize, ScriptPosition), Span>>,
    /// The running script.
    script: RefCell<Option<Arc<Source>>>,
    diagnostics: RefCell<Vec<Diagnostic>>,
    /// The last call reported for wrong values: further errors in it are consequences.
    given_up: RefCell<Option<Span>>,
    pub(super) draft: RefCell<Draft>,
    /// The modules this rule set has imported; `None` if a mistake in one has been reported. Cleared for every rule
    /// set, so that the diagnostics of a rule set do not depend on those run before it.
    pub(super) ready_modules: RefCell<HashMap<String, Option<Shared<Module>>>>,
    /// The number of modules being run; while it is not zero, nothing may be declared.
    pub(super) modules: Cell<usize>,
    operations: Cell<u64>,
    expressions: Cell<u32>,
    prints: Cell<usize>,
    stop: Cell<Option<Stop>>,
    /// The calls that led to where the scripts were stopped, the innermost last.
    stopped_at: RefCell<Vec<Span>>,
}

/// A table keyed by a place in a script.
type Places<K, T> = HashMap<K, T, BuildHasherDefault<NameHasher>>;

/// The text of a call, with its source.
pub(super) type ReadCall = Rc<(Arc<Source>, CallText)>;

/// The rule set being declared.
#[derive(Default)]
pub(super) struct Draft {
    /// Its folder.
    pub(super) folder: String,
    /// The declaration by `ruleset(…)`; its lists are filled at the end.
    pub(super) header: Option<RuleSet>,
    /// The place of the call of `ruleset(…)`, if there was one.
    pub(super) declared: Option<Span>,
    /// The rule sets it includes, each with its place.
    pub(super) includes: Vec<(String, Span)>,
    pub(super) stages: Vec<Stage>,
    pub(super) exceptions: Vec<Exception>,
    pub(super) obligations: Vec<Obligation>,
    /// Every id in use, with its place.
    pub(super) ids: HashMap<Id, Span>,
}

/// A call of a host function.
#[derive(Clone)]
pub(super) struct Call {
    /// The calls that led to it, the outermost first, the call itself last; never empty.
    pub(super) frames: Vec<Span>,
}

impl Call {
    /// The place of the call itself.
    pub(super) fn at(&self) -> &Span {
        // Never empty.
        &self.frames[self.frames.len() - 1]
    }

    /// The same call, pointing at a place inside it.
    pub(super) fn pointing_at(&self, at: Span) -> Call {
        let frames = self.frames.iter().cloned().chain([at]).collect();
        Call { frames }
    }

    /// The place in the rule set's own script that led to it.
    pub(super) fn outermost(&self) -> &Span {
        &self.frames[0]
    }

    /// A diagnostic at a place inside the call, with the calls that led there.
    pub(super) fn diagnostic_at(&self, code: Code, message: Text, at: Span) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(code, message).at(at);
        for frame in self.frames.iter().rev() {
            let call = scan::read_call(&frame.source, frame.range.start).range;
            // A place among the arguments of a call needs no pointer to that call.
            let seen = diagnostic.labels.iter().any(|label| {
                same_source(&label.span, frame) && call.contains(&label.span.range.start)
            });
            if !seen {
                diagnostic =
                    diagnostic.label(frame.clone(), Text::new("由此处调用", "called from here"));
            }
        }
        diagnostic
    }

    /// A diagnostic at the call, with the calls that led to it.
    pub(super) fn diagnostic(&self, code: Code, message: Text) -> Diagnostic {
        self.diagnostic_at(code, message, self.at().clone())
    }
}

fn same_source(one: &Span, other: &Span) -> bool {
    one.source.name() == other.source.name()
}

impl Host {
    pub(super) fn new(vocabulary: Arc<Vocabulary>, instruments: Instruments) -> Rc<Self> {
        Rc::new(Host {
            builder: Builder::new(vocabulary),
            instruments,
            sources: RefCell::default(),
            calls: RefCell::default(),
            tokens: RefCell::default(),
            script: RefCell::default(),
            diagnostics: RefCell::default(),
            given_up: RefCell::default(),
            draft: RefCell::default(),
            ready_modules: RefCell::default(),
            modules: Cell::default(),
            operations: Cell::default(),
            expressions: Cell::default(),
            prints: Cell::default(),
            stop: Cell::default(),
            stopped_at: RefCell::default(),
        })
    }

    pub(super) fn vocabulary(&self) -> &Arc<Vocabulary> {
        self.builder.vocabulary()
    }

    /// Begins a rule set with empty declarations, counters and diagnostics.
    pub(super) fn begin(&self, folder: &str) {
        self.draft.replace(Draft {
            folder: folder.to_owned(),
            ..Draft::default()
        });
        self.operations.set(0);
        self.expressions.set(0);
        self.prints.set(0);
        self.stop.set(None);
        self.stopped_at.borrow_mut().clear();
        self.modules.set(0);
        self.given_up.take();
        self.ready_modules.borrow_mut().clear();
        self.builder.restart();
    }

    /// Adds a script under the path the script engine uses.
    pub(super) fn add_source(&self, path: &str, source: &Arc<Source>) {
        self.sources
            .borrow_mut()
            .insert(path.to_owned(), Arc::clone(source));
    }

    /// The script at a path; the running script if the path is missing or unknown.
    pub(super) fn source(&self, path: Option<&str>) -> Option<Arc<Source>> {
        let known = path.and_then(|path| self.sources.borrow().get(path).cloned());
        known.or_else(|| self.script.borrow().clone())
    }

    /// Sets the running script and returns the previous one.
    pub(super) fn enter(&self, script: Option<Arc<Source>>) -> Option<Arc<Source>> {
        self.script.replace(script)
    }

    /// The text of the call that begins at a place.
    pub(super) fn call_text(&self, frame: &Span) -> ReadCall {
        let key = (Arc::as_ptr(&frame.source).addr(), frame.range.start);
        let mut calls = self.calls.borrow_mut();
        let read = calls.entry(key).or_insert_with(|| {
            let text = scan::read_call(&frame.source, frame.range.start);
            Rc::new((Arc::clone(&frame.source), text))
        });
        Rc::clone(read)
    }

    /// The token at a position of a script.
    pub(super) fn span(&self, source: &Arc<Source>, position: ScriptPosition) -> Span {
        match position.line() {
            None => Span::new(source, 0..0),
            Some(line) => {
                let mut tokens = self.tokens.borrow_mut();
                // An entry keeps its source alive, so that the address remains unique.
                let token = tokens.entry((Arc::as_ptr(source).addr(), position));
                let found = token.or_insert_with(|| {
                    let column = position.position().unwrap_or(1);
                    scan::token_at(source, source.offset(Position { line, column }))
                });
                found.clone()
            }
        }
    }

    /// The place of a call, with the chain of calls that led to it.
    pub(super) fn call(&self, ctx: &NativeCallContext<'_>) -> Call {
        let mut frames = Vec::new();
        let script = self.script.borrow().clone();
        if let Some(script) = script {
            let mut source = script;
            let stack = ctx
                .debugger()
                .map_or(&[][..], |debugger| debugger.call_stack());
            // The last frame is the call of our function; its source is meaningless.
            let outer = stack.len().saturating_sub(1);
            for frame in stack.iter().take(outer) {
                if frame.pos.line().is_some() {
                    frames.push(self.span(&source, frame.pos));
                }
                if let Some(inner) = self.source(frame.source.as_deref()) {
                    source = inner;
                }
            }
            let source = self.source(ctx.call_source()).unwrap_or(source);
            frames.push(self.span(&source, ctx.call_position()));
        }
        if frames.is_empty() {
            frames.push(Span::new(&Source::new("", ""), 0..0));
        }
        Call { frames }
    }

    /// Suppresses all further diagnostics inside a call.
    pub(super) fn give_up(&self, call: &Span) {
        let range = self.call_text(call).1.range.clone();
        self.given_up.replace(Some(Span::new(&call.source, range)));
    }

    fn is_given_up(&self, diagnostic: &Diagnostic) -> bool {
        let given_up = self.given_up.borrow();
        given_up.as_ref().is_some_and(|call| {
            diagnostic.labels.iter().any(|label| {
                same_source(&label.span, call) && call.range.contains(&label.span.range.start)
            })
        })
    }

    /// Records a diagnostic.
    pub(super) fn report(&self, diagnostic: Diagnostic) {
        if self.is_given_up(&diagnostic) {
            return;
        }
        let mut diagnostics = self.diagnostics.borrow_mut();
        // A mistake in a loop, or in a function used twice, is reported once.
        if diagnostics.contains(&diagnostic) {
            return;
        }
        if diagnostic.level == Level::Error && diagnostics.len() >= limits::MAX_DIAGNOSTICS {
            self.stop.set(self.stop.get().or(Some(Stop::Diagnostics)));
            return;
        }
        diagnostics.push(diagnostic);
    }

    /// Takes the diagnostics recorded since the last call.
    pub(super) fn take_diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics.take()
    }

    /// Wraps a built expression for scripts; reports the error if there is one.
    pub(super) fn built(&self, call: &Call, result: Result<Expr, BuildError>) -> Term {
        let built = self.expressions.get() + 1;
        self.expressions.set(built);
        if built > limits::MAX_EXPRESSIONS {
            self.stop.set(self.stop.get().or(Some(Stop::Expressions)));
        }
        match result {
            Ok(expr) => Handle::new(expr),
            Err(error) => {
                self.report(mistake(call, &error, call.at().clone()));
                Handle::broken()
            }
        }
    }

    /// Counts one operation of a script; returns true if it must stop.
    pub(super) fn tick(&self) -> bool {
        let operations = self.operations.get() + 1;
        self.operations.set(operations);
        if operations > limits::MAX_OPERATIONS && self.stop.get().is_none() {
            self.stop.set(Some(Stop::Operations));
        }
        self.stop.get().is_some()
    }

    /// Why the scripts were stopped, if they were.
    pub(super) fn stopped(&self) -> Option<Stop> {
        self.stop.get()
    }

    /// Records where the scripts were stopped, the first time it is known.
    pub(super) fn stopped_in(&self, call: &Call) {
        let mut at = self.stopped_at.borrow_mut();
        if self.stop.get().is_some() && at.is_empty() {
            at.clone_from(&call.frames);
        }
    }

    /// The diagnostic for the stop: where it happened, or at `otherwise` if unknown.
    pub(super) fn stop_diagnostic(&self, stop: Stop, otherwise: Span) -> Diagnostic {
        let frames = self.stopped_at.borrow().clone();
        let frames = if frames.is_empty() {
            vec![otherwise]
        } else {
            frames
        };
        Call { frames }.diagnostic(Code::RulesLimit, stop.message())
    }

    /// Stops the scripts because they declared too much.
    pub(super) fn stop(&self, stop: Stop) {
        self.stop.set(self.stop.get().or(Some(stop)));
    }

    /// Reports what a script prints, as a note.
    pub(super) fn print(&self, call: &Call, shown: &str) {
        let prints = self.prints.get() + 1;
        self.prints.set(prints);
        if prints <= limits::MAX_PRINTS {
            let shown = clip(shown);
            self.report(call.diagnostic(
                Code::RulesPrinted,
                text!("脚本输出：{shown}", "the script printed: {shown}"),
            ));
        }
    }
}

/// The diagnostic for a mistake in an expression.
pub(super) fn mistake(call: &Call, error: &BuildError, at: Span) -> Diagnostic {
    let code = match error {
        BuildError::UnknownFact { .. }
        | BuildError::UnknownField { .. }
        | BuildError::InsideList { .. }
        | BuildError::GroupNotFact { .. } => Code::RulesUnknownFact,
        BuildError::UnknownValue { .. } => Code::RulesUnknownValue,
        BuildError::UnlikeTypes { .. } => Code::RulesUnlikeTypes,
        BuildError::TooLarge | BuildError::TooDeep => Code::RulesLimit,
        _ => Code::RulesType,
    };
    let mut diagnostic = call.diagnostic_at(code, short(&error.message()), at);
    diagnostic.why.extend(error.why());
    diagnostic.help.extend(error.help());
    diagnostic
}

/// A text in both languages, each cut to a readable length.
fn short(text: &Text) -> Text {
    let cut = |text: &str| {
        if text.chars().count() > 400 {
            text.chars().take(400).chain("…".chars()).collect()
        } else {
            text.to_owned()
        }
    };
    Text::new(cut(&text.zh), cut(&text.en))
}

/// Words of a script on one line, cut to a readable length.
pub(super) fn clip(words: &str) -> String {
    let mut shown: String = words
        .chars()
        .take(120)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if words.chars().nth(120).is_some() {
        shown.push('…');
    }
    shown
}
