//! The outline of a record's text: its structure with places, without meaning.
//!
//! Decoding JSON keeps no places, because almost no record has anything to show: its text is parsed into this tree only
//! when something is wrong with it. YAML is always read through the tree, which is small, and its parser knows the
//! places anyway.
//!
//! Invariants: a tree, with aliases expanded, is never deeper than `MAX_DEPTH` nor larger than `MAX_NODES`, so that
//! walking it is always safe; after a fault it contains what was read before; ranges are byte ranges of the text.

pub(crate) mod json;
mod yaml;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::record::Format;
use crate::source::{Source, Span};
use crate::text;

/// The deepest nesting of a text; the deepest record of the vocabulary is far shallower.
pub(crate) const MAX_DEPTH: usize = 64;

/// The most keys and values of a text, those repeated by aliases included.
pub(crate) const MAX_NODES: usize = 250_000;

/// A text as a tree, with its syntax errors.
pub struct Outline<'s> {
    /// The top node; `None` if the text is empty.
    pub root: Option<Node<'s>>,
    /// The errors in the text itself.
    pub diagnostics: Vec<Diagnostic>,
}

/// One value, list or map.
#[derive(Debug, Clone)]
pub struct Node<'s> {
    /// Its byte range.
    pub range: Range<usize>,
    /// Its content.
    pub content: Content<'s>,
}

/// The content of a node.
#[derive(Debug, Clone)]
pub enum Content<'s> {
    /// A scalar.
    Scalar {
        /// Its text.
        text: Cow<'s, str>,
        /// Whether it is in quotation marks.
        quoted: bool,
    },
    /// A list, in the order of its items.
    List(Vec<Node<'s>>),
    /// A map: keys and values in the order written.
    Map(Vec<(Node<'s>, Node<'s>)>),
}

impl<'s> Node<'s> {
    /// The text of a scalar; `None` for a list or map.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { text, .. } => Some(text),
            Content::List(_) | Content::Map(_) => None,
        }
    }

    /// Whether the node is an unquoted `null`, `~` or empty.
    pub fn is_null(&self) -> bool {
        matches!(&self.content, Content::Scalar { text, quoted: false } if is_null(text))
    }

    /// The node at a trail of positions, with its key if it is the value of a map.
    pub fn at(&self, trail: &[u32]) -> Option<(Option<&Node<'s>>, &Node<'s>)> {
        let mut found = (None, self);
        for &step in trail {
            let step = usize::try_from(step).ok()?;
            found = match &found.1.content {
                Content::List(items) => (None, items.get(step)?),
                Content::Map(entries) => {
                    entries.get(step).map(|(key, value)| (Some(key), value))?
                }
                Content::Scalar { .. } => return None,
            };
        }
        Some(found)
    }

    /// The number of nodes in it, itself included.
    pub fn count(&self) -> usize {
        self.size().nodes
    }

    fn size(&self) -> Size {
        let mut size = Size { nodes: 1, depth: 1 };
        let mut hold = |node: &Node<'_>| {
            let held = node.size();
            size.nodes += held.nodes;
            size.depth = size.depth.max(held.depth + 1);
        };
        match &self.content {
            Content::Scalar { .. } => {}
            Content::List(items) => items.iter().for_each(hold),
            Content::Map(entries) => entries.iter().for_each(|(key, value)| {
                hold(key);
                hold(value);
            }),
        }
        size
    }
}

/// Whether an unquoted text stands for null.
pub(crate) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// The size of a node, itself included.
#[derive(Debug, Clone, Copy)]
struct Size {
    nodes: usize,
    depth: usize,
}

impl<'s> Outline<'s> {
    /// Parses a text.
    pub fn read(source: &'s Arc<Source>, format: Format) -> Outline<'s> {
        let mut builder = Builder {
            source,
            stack: Vec::new(),
            root: None,
            nodes: 0,
            diagnostics: Vec::new(),
        };
        // Both stop at the first fault they cannot read past, having reported it.
        let _ = match format {
            Format::Json => json::read(source.text(), &mut builder),
            Format::Yaml => yaml::read(&mut builder),
        };
        builder.finish()
    }
}

/// Reading cannot continue; the reason has been reported.
pub struct Stop;

/// The result of a reading step.
pub type Step<T = ()> = Result<T, Stop>;

/// Builds the tree from the events of a parser.
struct Builder<'s> {
    source: &'s Arc<Source>,
    stack: Vec<Frame<'s>>,
    root: Option<Node<'s>>,
    nodes: usize,
    diagnostics: Vec<Diagnostic>,
}

/// An open list or map.
struct Frame<'s> {
    start: usize,
    /// Its YAML anchor; 0 for none.
    anchor: usize,
    held: Held<'s>,
}

enum Held<'s> {
    /// The items in order.
    List(Vec<Node<'s>>),
    Map {
        entries: Vec<(Node<'s>, Node<'s>)>,
        key: Option<Node<'s>>,
    },
}

impl<'s> Builder<'s> {
    fn report(&mut self, code: Code, range: Range<usize>, message: Text) -> &mut Diagnostic {
        let span = Span::new(self.source, range);
        self.diagnostics
            .push(Diagnostic::new(code, message).at(span));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    fn open_list(&mut self, start: usize, anchor: usize) -> Step {
        self.open(start, anchor, Held::List(Vec::new()))
    }

    fn open_map(&mut self, start: usize, anchor: usize) -> Step {
        let entries = Vec::new();
        self.open(start, anchor, Held::Map { entries, key: None })
    }

    fn open(&mut self, start: usize, anchor: usize, held: Held<'s>) -> Step {
        if self.stack.len() >= MAX_DEPTH {
            return Err(self.too_deep(start..start + 1));
        }
        self.stack.push(Frame {
            start,
            anchor,
            held,
        });
        Ok(())
    }

    /// Closes the innermost list or map; returns a copy if it has an anchor.
    fn close(&mut self, end: usize) -> Step<Option<(usize, Node<'s>)>> {
        let Some(frame) = self.stack.pop() else {
            return Ok(None);
        };
        let node = frame.held.into_node(frame.start, end);
        let anchored = (frame.anchor != 0).then(|| (frame.anchor, node.clone()));
        self.add(node)?;
        Ok(anchored)
    }

    fn add(&mut self, node: Node<'s>) -> Step {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            self.report(
                Code::InputTooLarge,
                node.range,
                text!(
                    "文件中的项目超过 {MAX_NODES} 个",
                    "the file holds more than {MAX_NODES} keys and values"
                ),
            )
            .help
            .push(Text::new("每个文件只写一个案卷", "write one case a file"));
            return Err(Stop);
        }
        self.place(node);
        Ok(())
    }

    /// Attaches a node to the innermost open list or map.
    fn place(&mut self, node: Node<'s>) {
        match self.stack.last_mut().map(|frame| &mut frame.held) {
            None => self.root = Some(node),
            Some(Held::List(items)) => items.push(node),
            Some(Held::Map { entries, key }) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push((key, node)),
            },
        }
    }

    fn too_deep(&mut self, range: Range<usize>) -> Stop {
        self.report(
            Code::InputTooDeep,
            range,
            text!(
                "嵌套超过 {MAX_DEPTH} 层",
                "nested more than {MAX_DEPTH} levels deep"
            ),
        )
        .help
        .push(Text::new(
            "案卷不需要这样深的嵌套，请检查括号是否配对",
            "no record nests so deeply; check that the brackets are paired",
        ));
        Stop
    }

    fn syntax(&mut self, range: Range<usize>, message: Text) -> Stop {
        let full_width = self
            .source
            .text()
            .get(range.start..)
            .and_then(|rest| rest.chars().next())
            .and_then(half_width);
        let diagnostic = self.report(Code::InputSyntax, range, message);
        if let Some(half) = full_width {
            diagnostic.help.push(text!(
                "此处须用半角 `{half}`",
                "the half-width `{half}` is needed here"
            ));
        }
        Stop
    }

    /// The tree read so far; closes whatever is open.
    fn finish(mut self) -> Outline<'s> {
        while let Some(frame) = self.stack.pop() {
            let end = self.source.text().len();
            self.place(frame.held.into_node(frame.start, end));
        }
        Outline {
            root: self.root,
            diagnostics: self.diagnostics,
        }
    }
}

impl<'s> Held<'s> {
    fn into_node(self, start: usize, end: usize) -> Node<'s> {
        let content = match self {
            Held::List(items) => Content::List(items),
            Held::Map { mut entries, key } => {
                // A fault came before the value of this key.
                if let Some(key) = key {
                    let nothing = Node {
                        range: key.range.end..key.range.end,
                        content: Content::Scalar {
                            text: Cow::Borrowed(""),
                            quoted: false,
                        },
                    };
                    entries.push((key, nothing));
                }
                Content::Map(entries)
            }
        };
        Node {
            range: start..end.max(start),
            content,
        }
    }
}

/// The half-width form of a full-width punctuation mark that a Chinese keyboard may produce in YAML and JSON.
pub(crate) fn half_width(mark: char) -> Option<char> {
    Some(match mark {
        '：' => ':',
        '，' | '、' => ',',
        '“' | '”' | '＂' => '"',
        '‘' | '’' => '\'',
        '［' | '【' => '[',
        '］' | '】' => ']',
        '｛' => '{',
        '｝' => '}',
        '－' => '-',
        '\u{3000}' => ' ',
        _ => return None,
    })
}
