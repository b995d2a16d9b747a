//! YAML as an outline, from the events of the same parser that reads the vocabulary.
//!
//! Aliases are expanded within the limits of the tree. What records do not need is a diagnostic: tags other than those
//! of the core schema, several documents in one file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use serde_saphyr::granit_parser::{
    ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, Tag, options,
};

use super::{Builder, Content, MAX_DEPTH, MAX_NODES, Node, Size, Step, Stop};
use crate::diagnostic::Code;
use crate::lang::Text;
use crate::text;

/// Reads the text of the builder's source as one YAML document.
pub(super) fn read(builder: &mut Builder<'_>) -> Step {
    let text = builder.source.text();
    let parser = Parser::new_from_str_with_options(
        text,
        options! {
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        },
    );
    let mut reader = Reader {
        builder,
        anchors: HashMap::new(),
        expanded: 0,
    };
    let mut documents = 0;
    for event in parser {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => return Err(reader.fault(&error)),
        };
        match event {
            Event::DocumentStart(..) => documents += 1,
            event
                if !event.is_node() && !matches!(event, Event::SequenceEnd | Event::MappingEnd) => {
            }
            // A `---` at the end opens an empty document, not a second record.
            Event::Scalar(ref text, ScalarStyle::Plain, 0, None)
                if documents > 1 && text.is_empty() => {}
            _ if documents > 1 => {
                let range = reader.range(&span);
                reader
                    .builder
                    .report(
                        Code::InputSeveral,
                        range,
                        Text::new(
                            "一个文件里有多个 YAML 文档",
                            "the file holds several YAML documents",
                        ),
                    )
                    .help
                    .push(Text::new(
                        "每个文件只写一个案卷：请在 `---` 处拆成几个文件",
                        "write one case a file: split the file at `---`",
                    ));
                return Err(Stop);
            }
            event => reader.event(event, &span)?,
        }
    }
    Ok(())
}

struct Reader<'b, 's> {
    builder: &'b mut Builder<'s>,
    anchors: HashMap<usize, (Node<'s>, Size)>,
    /// The number of nodes that anchors store and aliases repeat.
    expanded: usize,
}

impl<'s> Reader<'_, 's> {
    fn event(&mut self, event: Event<'s>, span: &Span) -> Step {
        let range = self.range(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let forced = self.tag(tag.as_deref(), span);
                let (text, quoted) = match forced {
                    Some(Forced::Null) => (Cow::Borrowed(""), false),
                    Some(Forced::Text) => (text, true),
                    None => (text, style != ScalarStyle::Plain),
                };
                let node = Node {
                    range: self.trim(range),
                    content: Content::Scalar { text, quoted },
                };
                if anchor != 0 {
                    self.keep(anchor, node.clone())?;
                }
                self.builder.add(node)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.tag(tag.as_deref(), span);
                self.builder.open_list(range.start, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.tag(tag.as_deref(), span);
                self.builder.open_map(range.start, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let start = self
                    .builder
                    .stack
                    .last()
                    .map_or(range.start, |frame| frame.start);
                let end = self.trim(start..range.end.max(start)).end;
                match self.builder.close(end)? {
                    Some((anchor, node)) => self.keep(anchor, node),
                    None => Ok(()),
                }
            }
            Event::Alias(anchor) => self.alias(anchor, range),
            _ => Ok(()),
        }
    }

    /// Stores an anchored node for the aliases that repeat it.
    fn keep(&mut self, anchor: usize, node: Node<'s>) -> Step {
        let size = node.size();
        self.expand(size, &node.range)?;
        self.anchors.insert(anchor, (node, size));
        Ok(())
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Step {
        let Some(&(_, size)) = self.anchors.get(&anchor) else {
            self.builder.report(
                Code::InputTooDeep,
                range.clone(),
                Text::new(
                    "别名引用了它自己所在的内容",
                    "the alias repeats what it stands in",
                ),
            );
            return Err(Stop);
        };
        self.expand(size, &range)?;
        if self.builder.stack.len() + size.depth > MAX_DEPTH {
            return Err(self.builder.too_deep(range));
        }
        // `add` counts the copy as one node only: `expand` has counted the rest.
        let copy = self
            .anchors
            .get(&anchor)
            .map(|(node, _)| node.content.clone());
        match copy {
            Some(content) => self.builder.add(Node { range, content }),
            None => Ok(()),
        }
    }

    fn expand(&mut self, size: Size, range: &Range<usize>) -> Step {
        self.expanded = self.expanded.saturating_add(size.nodes);
        if self.expanded > MAX_NODES {
            self.builder
                .report(
                    Code::InputTooDeep,
                    range.clone(),
                    Text::new("别名展开后过大", "aliases expand too far"),
                )
                .help
                .push(Text::new(
                    "请直接写出各项内容，不用别名",
                    "write the facts out instead of using aliases",
                ));
            return Err(Stop);
        }
        Ok(())
    }

    /// The effect of a tag on a scalar. An unsupported tag is reported and then ignored.
    fn tag(&mut self, tag: Option<&Tag>, span: &Span) -> Option<Forced> {
        let tag = tag?;
        match tag.core_suffix() {
            Some("str") => return Some(Forced::Text),
            Some("null") => return Some(Forced::Null),
            Some(_) => return None,
            None if tag.handle().is_empty() && tag.suffix() == "!" || tag.original() == "!" => {
                return Some(Forced::Text);
            }
            None => {}
        }
        let written = tag.original();
        let range = span
            .tag_span()
            .and_then(|span| span.byte_range())
            .unwrap_or(0..0);
        self.builder
            .report(
                Code::InputUnsupported,
                range,
                text!(
                    "案卷不使用 YAML 标签 `{written}`",
                    "records do not use the YAML tag `{written}`"
                ),
            )
            .help
            .push(Text::new(
                "请删去标签，只写值",
                "remove the tag and write the value alone",
            ));
        None
    }

    fn range(&self, span: &Span) -> Range<usize> {
        span.byte_range().unwrap_or(0..0)
    }

    /// A range without trailing white space and line breaks.
    fn trim(&self, range: Range<usize>) -> Range<usize> {
        let kept = self
            .builder
            .source
            .text()
            .get(range.clone())
            .map_or(range.len(), |text| text.trim_end().len());
        range.start..range.start + kept
    }

    fn fault(&mut self, error: &ScanError) -> Stop {
        let at = error.marker().byte_offset().unwrap_or_default();
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return self.builder.too_deep(at..at + 1);
        }
        let (zh, help) = explain(error.kind());
        let en = error.kind().to_string();
        let message = match zh {
            Some(zh) => text!("YAML 写法有误：{zh}", "the YAML is not well formed: {en}"),
            None => text!(
                "此处不是合法的 YAML（{en}）",
                "the YAML is not well formed: {en}"
            ),
        };
        let stop = self.builder.syntax(at..at + 1, message);
        if let (Some(help), Some(diagnostic)) = (help, self.builder.diagnostics.last_mut()) {
            diagnostic.help.push(help);
        }
        stop
    }
}

/// The type that a tag forces on a scalar.
enum Forced {
    Text,
    Null,
}

/// The commonest faults in Chinese, and how to fix them.
fn explain(kind: &ErrorKind) -> (Option<&'static str>, Option<Text>) {
    use ErrorKind as K;
    let spaces = || {
        Some(Text::new(
            "缩进只用空格，同一级的各行对齐",
            "indent with spaces only, and align the lines of one level",
        ))
    };
    let quotes = || {
        Some(Text::new(
            "含有 `:`、`#`、引号等符号的文本请用引号括起",
            "put a text that contains `:`, `#` or quotes in quotes",
        ))
    };
    match kind {
        K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation | K::TabInPlainScalar => {
            (Some("缩进中有制表符"), spaces())
        }
        K::InvalidIndentation | K::ExpectedBlockMappingKey | K::InvalidQuotedScalarIndent => {
            (Some("缩进不对，或者此处不是“键: 值”"), spaces())
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => (
            Some("此处须为“键: 值”"),
            Some(Text::new(
                "键之后用半角冒号，冒号后留一个空格",
                "a key is followed by a half-width colon and a space",
            )),
        ),
        K::MappingValueNotAllowed | K::InvalidColonPlacement | K::MappingKeyNotAllowed => {
            (Some("此处不能再有“键: 值”"), quotes())
        }
        K::BlockSequenceEntryNotAllowed | K::ExpectedBlockSequenceEntry => {
            (Some("此处不能是列表项"), spaces())
        }
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => {
            (Some("引号没有配对"), None)
        }
        K::InvalidTrailingDoubleQuotedScalar | K::InvalidTrailingSingleQuotedScalar => {
            (Some("引号之后还有内容"), quotes())
        }
        K::UnexpectedEof
        | K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping
        | K::UnexpectedEofBlockSequence
        | K::UnexpectedEofBlockMapping
        | K::UnclosedFlowCollection { .. } => (Some("括号没有配对，或者文件中断"), None),
        K::ExpectedFlowMappingSeparator | K::ExpectedFlowSequenceSeparator => (
            Some("括号内的各项须用半角逗号隔开，并以对应的括号结束"),
            None,
        ),
        K::MismatchedFlowCollectionEnd { .. } | K::MisplacedFlowCollectionEnd => {
            (Some("括号没有配对"), None)
        }
        K::UnknownAnchor => (Some("别名没有对应的锚点"), quotes()),
        K::UnexpectedCharacter { .. } => (Some("此处的字符不能作文本的开头"), quotes()),
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidUnicodeEscape => (Some("双引号内的转义写法有误"), None),
        _ => (None, None),
    }
}
