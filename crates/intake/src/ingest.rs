//! Bytes to records: YAML and JSON, in the encodings officials use.
//!
//! One run reports everything wrong with a file, every problem with its place, the reason and how to correct it; the
//! record still has the facts that were readable. No file can make the reader panic, hang or
//! exhaust memory: size, depth, number of values and the expansion of aliases are limited.

mod decode;
mod encoding;
mod problem;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use choucha_core::diagnostic::{Code, Diagnostic, system};
use choucha_core::lang::Text;
use choucha_core::record::Record;
use choucha_core::record::outline::{Node, Outline};
use choucha_core::source::{Position, Source, Span};
use choucha_core::text;
use choucha_core::value::{Row, ShapeId};
use choucha_core::vocabulary::Vocabulary;
use decode::Decoder;

pub use choucha_core::record::Format;

/// The most bytes one dossier may have.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The result of reading a dossier.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// The readable facts; None if the text as a whole was unreadable.
    pub record: Option<Record>,
    /// Everything wrong with the dossier, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Decoded {
    fn failed(diagnostic: Diagnostic) -> Self {
        Decoded {
            record: None,
            diagnostics: vec![diagnostic],
        }
    }
}

/// The format by a file name's extension, if it is a known one.
#[must_use]
pub fn format_of(name: &str) -> Option<Format> {
    let extension = Path::new(name).extension()?.to_str()?;
    if extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml") {
        Some(Format::Yaml)
    } else if extension.eq_ignore_ascii_case("json") {
        Some(Format::Json)
    } else {
        None
    }
}

/// Reads a dossier from a file. A file over [`MAX_BYTES`] is refused before it is read.
pub fn read_path(path: &Path, vocabulary: &Vocabulary) -> Decoded {
    let name = path.display().to_string();
    match read_bytes(path) {
        Ok(bytes) => read(&name, bytes, None, vocabulary),
        Err(ReadError::TooLarge) => Decoded::failed(too_large(&name)),
        Err(ReadError::Io(error)) => Decoded::failed(system::unreadable(path, &error)),
    }
}

enum ReadError {
    TooLarge,
    Io(std::io::Error),
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    let file = File::open(path).map_err(ReadError::Io)?;
    let limit = MAX_BYTES as u64;
    let expected = file.metadata().map_err(ReadError::Io)?.len();
    if expected > limit {
        return Err(ReadError::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or_default());
    // A special file reports no length, and a file may grow: never read more than the limit.
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(ReadError::Io)?;
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    Ok(bytes)
}

/// The diagnostic for a dossier above the size limit.
pub(crate) fn too_large(name: &str) -> Diagnostic {
    let limit = MAX_BYTES / 1024 / 1024;
    Diagnostic::new(
        Code::InputTooLarge,
        text!(
            "文件超过 {limit} MiB",
            "the file is larger than {limit} MiB"
        ),
    )
    .about(name)
    .why(text!(
        "一个案卷最多 {limit} MiB，超过的不读取",
        "a dossier has at most {limit} MiB; a larger file is not read"
    ))
    .help(Text::new(
        "每个文件只写一个案卷；照片等附件不写入记录",
        "write one case a file; photographs and other enclosures stay outside the record",
    ))
}

/// Reads a dossier from bytes. Without a format, the extension of the name decides, or else the first character.
///
/// # Errors
///
/// None are returned: problems are in the diagnostics.
pub fn read(
    name: &str,
    bytes: Vec<u8>,
    format: Option<Format>,
    vocabulary: &Vocabulary,
) -> Decoded {
    if bytes.len() > MAX_BYTES {
        return Decoded::failed(too_large(name));
    }
    let (source, mut diagnostics) = match encoding::decode(name, bytes) {
        Ok(decoded) => decoded,
        Err(diagnostic) => return Decoded::failed(*diagnostic),
    };
    let significant = source.text().trim_start();
    if significant.is_empty() {
        diagnostics.push(empty(name, Text::new("文件为空", "the file is empty")));
        return Decoded {
            record: None,
            diagnostics,
        };
    }
    if format.is_none()
        && format_of(name) != Some(Format::Json)
        && let Some(problem) = tabular(name, significant)
    {
        diagnostics.push(problem);
        return Decoded {
            record: None,
            diagnostics,
        };
    }
    let format = format.or_else(|| format_of(name)).unwrap_or({
        if significant.starts_with(['{', '[']) {
            Format::Json
        } else {
            Format::Yaml
        }
    });
    let record = match format {
        Format::Json => read_json(&source, vocabulary, &mut diagnostics),
        Format::Yaml => read_outline(&source, Format::Yaml, vocabulary, &mut diagnostics)
            .map(|row| Record::new(row, source, Format::Yaml)),
    };
    diagnostics.sort_by(Diagnostic::order);
    Decoded {
        record,
        diagnostics,
    }
}

fn empty(name: &str, message: Text) -> Diagnostic {
    Diagnostic::new(Code::InputEmpty, message)
        .about(name)
        .help(Text::new(
            "写法见 docs/record-format.zh.md；`choucha schema` 列出全部事项，供编辑器补全",
            "docs/record-format.md says how to write one; `choucha schema` lists every fact for editors to complete",
        ))
}

/// Reports a text that is a table: tabs or commas divide its first line, and it has no colon.
fn tabular(name: &str, text: &str) -> Option<Diagnostic> {
    let first = text.lines().next()?;
    let is_other = first.contains(": ") || first.starts_with(['{', '[', '-', '#', '%']);
    let count = |mark| first.matches(mark).count();
    let (extension, zh, en) = match (count('\t'), count(',')) {
        _ if is_other => return None,
        (2.., _) => (
            "tsv",
            "制表符分隔的表格（表格软件的“Unicode 文本”）",
            "a table divided by tabs, as spreadsheets save “Unicode text”",
        ),
        (_, 3..) => ("csv", "逗号分隔的表格", "a table divided by commas"),
        _ => return None,
    };
    let message = text!(
        "这是{zh}，不是一份案卷记录",
        "this is {en}, and not a record"
    );
    let diagnostic = Diagnostic::new(Code::InputKind, message).about(name);
    Some(diagnostic.help(text!(
        "请把扩展名改为 .{extension} 再审查，或者用表格软件另存为 xlsx",
        "change its extension to .{extension} and audit it again, or save it as xlsx in a spreadsheet"
    )))
}

/// Streams JSON into the slots. A text with problems is read again, as an outline, which knows the places and goes on where
/// the streaming decoder stops.
fn read_json(
    source: &Arc<Source>,
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Record> {
    let mut row = decode::empty_row(vocabulary, ShapeId::ROOT);
    let record = |row| Record::new(row, Arc::clone(source), Format::Json);
    let error = match Decoder::json(vocabulary, source.text(), &mut row) {
        Ok(decoder) if decoder.problems.is_empty() => return Some(record(row).of_sound_json()),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    let before = diagnostics.len();
    let row = read_outline(source, Format::Json, vocabulary, diagnostics);
    if let Some(error) = error
        && diagnostics.len() == before
    {
        // The two readers of JSON disagree: trust the stricter one.
        let first = source.position(0).line;
        let at = source.offset(Position {
            line: error.line() + first - 1,
            column: error.column(),
        });
        diagnostics.push(
            Diagnostic::new(
                Code::InputSyntax,
                text!(
                    "此处不是合法的 JSON（{error}）",
                    "the JSON is not well formed: {error}"
                ),
            )
            .at(Span::new(source, at..at + 1)),
        );
    }
    row.map(record)
}

fn read_outline(
    source: &Arc<Source>,
    format: Format,
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Row> {
    let mut outline = Outline::read(source, format);
    diagnostics.append(&mut outline.diagnostics);
    let Some(root) = &outline.root else {
        if diagnostics.is_empty() {
            diagnostics.push(empty(
                source.name(),
                Text::new("文件里只有注释", "the file holds nothing but comments"),
            ));
        }
        return None;
    };
    read_root(source, root, format, vocabulary, diagnostics)
}

/// Decodes bytes in any encoding of dossiers, with a note if they were recoded.
///
/// # Errors
///
/// The bytes are no text, or have an unknown encoding.
pub(crate) fn text_of(
    name: &str,
    bytes: Vec<u8>,
) -> Result<(Arc<Source>, Vec<Diagnostic>), Vec<Diagnostic>> {
    encoding::decode(name, bytes).map_err(|problem| vec![*problem])
}

/// A record on one line of a text, as JSON. `line` is its number, from 1.
///
/// # Errors
///
/// None are returned: problems are in the diagnostics.
pub(crate) fn read_line(name: &str, bytes: &[u8], line: usize, vocabulary: &Vocabulary) -> Decoded {
    // The common case first: plain text without anything to check.
    let plain = simdutf8::basic::from_utf8(bytes).ok().filter(|text| {
        memchr::memchr(0, text.as_bytes()).is_none() && !text.starts_with('\u{feff}')
    });
    let (source, mut diagnostics) = match plain {
        Some(text) => (Source::part(name, text, line, None), Vec::new()),
        None => match encoding::decode(&format!("{name}:{line}"), bytes.to_vec()) {
            Ok((source, diagnostics)) => {
                let digest = source.digest().into();
                let text = source.text().to_owned();
                (Source::part(name, text, line, Some(digest)), diagnostics)
            }
            Err(diagnostic) => return Decoded::failed(*diagnostic),
        },
    };
    let record = read_json(&source, vocabulary, &mut diagnostics);
    diagnostics.sort_by(Diagnostic::order);
    Decoded {
        record,
        diagnostics,
    }
}

/// A record made of cells; the outline names them and the source shows them.
pub(crate) fn read_cells(
    source: &Arc<Source>,
    root: Node<'static>,
    vocabulary: &Vocabulary,
) -> Decoded {
    let decoded = read_node(source, &root, vocabulary);
    Decoded {
        record: decoded.record.map(|record| record.with_outline(root)),
        ..decoded
    }
}

/// A record that is part of a YAML text: one of its nodes, or combined from several.
///
/// The record does not know where its facts are written; see [`choucha_core::record::Found::of`].
pub fn read_node(source: &Arc<Source>, root: &Node<'_>, vocabulary: &Vocabulary) -> Decoded {
    let mut diagnostics = Vec::new();
    let row = read_root(source, root, Format::Yaml, vocabulary, &mut diagnostics);
    diagnostics.sort_by(Diagnostic::order);
    Decoded {
        record: row.map(|row| Record::new(row, Arc::clone(source), Format::Yaml)),
        diagnostics,
    }
}

fn read_root(
    source: &Arc<Source>,
    root: &Node<'_>,
    format: Format,
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Row> {
    let mut row = decode::empty_row(vocabulary, ShapeId::ROOT);
    let decoder = Decoder::outline(vocabulary, root, format == Format::Json, &mut row);
    let writer = problem::Writer {
        source,
        vocabulary,
        root,
    };
    let is_map = writer.check_top(diagnostics);
    diagnostics.extend(
        decoder
            .problems
            .iter()
            .filter(|problem| !problem.trail.is_empty())
            .map(|problem| writer.write(problem)),
    );
    if decoder.overflowed {
        diagnostics.push(writer.overflow());
    }
    is_map.then_some(row)
}

#[cfg(test)]
mod tests;
