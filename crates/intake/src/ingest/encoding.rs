//! The encodings that officials use: UTF-8 with or without a byte-order mark, UTF-16 with one, GB18030.

use std::sync::Arc;

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::source::{Source, Span, sha256};
use choucha_core::text;

/// The text of the bytes; the digest of the source is that of the original bytes.
///
/// A recognised encoding other than UTF-8 comes with a note.
pub(super) fn decode(
    name: &str,
    bytes: Vec<u8>,
) -> Result<(Arc<Source>, Vec<Diagnostic>), Box<Diagnostic>> {
    if let Some(kind) = foreign_kind(&bytes) {
        return Err(Box::new(kind.about(name)));
    }
    if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(Box::new(
            unknown(Text::new("文件编码是 UTF-32", "the file is in UTF-32")).about(name),
        ));
    }
    for (mark, encoding) in [(&[0xff, 0xfe], UTF_16LE), (&[0xfe, 0xff], UTF_16BE)] {
        if bytes.starts_with(mark) {
            let Some(text) =
                encoding.decode_without_bom_handling_and_without_replacement(&bytes[2..])
            else {
                return Err(Box::new(
                    unknown(Text::new(
                        "文件标明是 UTF-16，但内容不是",
                        "the file is marked as UTF-16, but is not",
                    ))
                    .about(name),
                ));
            };
            return recoded(name, text.into_owned(), &bytes, encoding);
        }
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let source = match text.strip_prefix('\u{feff}') {
                Some(rest) => Source::decoded(name, rest.to_owned(), sha256(text.as_bytes())),
                None => Source::new(name, text),
            };
            check(source).map(|source| (source, Vec::new()))
        }
        Err(error) => {
            let bytes = error.into_bytes();
            if is_damaged_utf8(&bytes) {
                return Err(Box::new(damaged(name, &bytes)));
            }
            match GB18030.decode_without_bom_handling_and_without_replacement(&bytes) {
                Some(text) => recoded(name, text.into_owned(), &bytes, GB18030),
                None => Err(Box::new(damaged(name, &bytes))),
            }
        }
    }
}

fn recoded(
    name: &str,
    text: String,
    bytes: &[u8],
    encoding: &'static Encoding,
) -> Result<(Arc<Source>, Vec<Diagnostic>), Box<Diagnostic>> {
    let source = check(Source::decoded(name, text, sha256(bytes)))?;
    // The standard's spelling, which differs from the web's.
    let encoding = if encoding == GB18030 {
        "GB18030"
    } else {
        encoding.name()
    };
    let note = Diagnostic::new(
        Code::InputRecoded,
        text!(
            "文件不是 UTF-8，已按 {encoding} 解码",
            "the file is not UTF-8; it was decoded as {encoding}"
        ),
    )
    .about(name)
    .help(Text::new(
        "请核对下文中的汉字；另存为 UTF-8 后不再提示",
        "check the Chinese text shown; saved as UTF-8 the file needs no note",
    ));
    Ok((source, vec![note]))
}

/// Refuses NUL bytes, which no text has: they come from UTF-16 without a mark or a damaged disk.
fn check(source: Arc<Source>) -> Result<Arc<Source>, Box<Diagnostic>> {
    // `contains` checks many bytes at once; the place is needed only if there is one.
    if !source.text().as_bytes().contains(&0) {
        return Ok(source);
    }
    match source.text().find('\0') {
        None => Ok(source),
        Some(at) => Err(Box::new(
            unknown(Text::new(
                "文件中有空字符（NUL）",
                "there is a NUL character in the file",
            ))
            .why(Text::new(
                "可能是没有标记的 UTF-16，或者文件已损坏",
                "it may be UTF-16 without a mark, or damaged",
            ))
            .at(Span::new(&source, at..at + 1)),
        )),
    }
}

fn unknown(message: Text) -> Diagnostic {
    Diagnostic::new(Code::InputEncoding, message).help(Text::new(
        "请用文本编辑器另存为 UTF-8",
        "save the file as UTF-8 in a text editor",
    ))
}

/// Whether bytes that are not valid UTF-8 mostly are: then single bytes were damaged, and another encoding would
/// only garble the rest.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid > invalid
}

/// Points at the first invalid bytes, in the text as far as it can be shown.
fn damaged(name: &str, bytes: &[u8]) -> Diagnostic {
    let shown = String::from_utf8_lossy(bytes).into_owned();
    let at = bytes
        .utf8_chunks()
        .next()
        .map_or(0, |chunk| chunk.valid().len());
    // The last character is incomplete: a copy was broken off.
    let cut = std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
    if cut {
        let source = Source::decoded(name, shown, sha256(bytes));
        let end = at + '\u{fffd}'.len_utf8();
        return Diagnostic::new(
            Code::InputEncoding,
            Text::new(
                "文件在一个字的中间断开，没有写完",
                "the file ends in the middle of a character",
            ),
        )
        .help(Text::new(
            "可能没有复制或者下载完整；请重新取得该文件",
            "it may not have been copied or downloaded whole; get the file again",
        ))
        .at(Span::new(&source, at..end));
    }
    let byte = bytes.get(at).copied().unwrap_or_default();
    let source = Source::decoded(name, shown, sha256(bytes));
    let end = at + '\u{fffd}'.len_utf8();
    unknown(text!(
        "文件既不是 UTF-8，也不是 GB18030：此处有字节 0x{byte:02X}",
        "the file is neither UTF-8 nor GB18030: here is the byte 0x{byte:02X}"
    ))
    .at(Span::new(&source, at..end))
}

/// Recognises files that are no text by their first bytes.
fn foreign_kind(bytes: &[u8]) -> Option<Diagnostic> {
    let (zh, en) = [
        (
            &b"PK\x03\x04"[..],
            "Excel、Word 或压缩文件",
            "an Excel, Word or zip file",
        ),
        (
            b"\xd0\xcf\x11\xe0",
            "旧版 Excel 或 Word 文件",
            "an old Excel or Word file",
        ),
        (b"%PDF", "PDF 文件", "a PDF file"),
        (b"\x1f\x8b", "gzip 压缩文件", "a gzip file"),
        (b"\xff\xd8\xff", "图片", "a picture"),
        (b"\x89PNG", "图片", "a picture"),
    ]
    .into_iter()
    .find(|(magic, ..)| bytes.starts_with(magic))
    .map(|(_, zh, en)| (zh, en))?;
    Some(
        Diagnostic::new(
            Code::InputKind,
            text!("这是{zh}，不是案卷记录", "this is {en}, not a record"),
        )
        .help(Text::new(
            "案卷记录是 YAML 或 JSON 文本",
            "a record is a YAML or JSON text",
        )),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: &[u8]) -> (String, Vec<Code>) {
        let (source, diagnostics) = decode("a.yaml", bytes.to_vec()).unwrap();
        assert_eq!(source.digest(), sha256(bytes));
        (
            source.text().to_owned(),
            diagnostics.iter().map(|d| d.code).collect(),
        )
    }

    #[test]
    fn every_encoding_gives_the_same_text_and_keeps_the_digest_of_the_bytes() {
        let text = "检验报告: 合格\n";
        let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once('\u{feff}')
                .chain(text.chars())
                .flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec())
                .flat_map(unit)
                .collect()
        };
        assert_eq!(text_of(text.as_bytes()), (text.to_owned(), vec![]));
        assert_eq!(
            text_of(format!("\u{feff}{text}").as_bytes()),
            (text.to_owned(), vec![])
        );
        for bytes in [
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            GB18030.encode(text).0.into_owned(),
        ] {
            assert_eq!(text_of(&bytes), (text.to_owned(), vec![Code::InputRecoded]));
        }
    }

    #[test]
    fn a_damaged_file_is_not_taken_for_another_encoding() {
        let mut bytes = "检验报告: 不合格\n抽样人员: 某甲".as_bytes().to_vec();
        bytes[16] = 0xe4;
        let error = decode("a.yaml", bytes).unwrap_err();
        assert_eq!(error.code, Code::InputEncoding);
        assert_eq!(error.labels[0].span.position().to_string(), "1:7");
    }

    #[test]
    fn a_file_that_breaks_off_in_a_character_is_said_to() {
        let text = "检验报告: 不合格".as_bytes();
        for cut in 1..=2 {
            let error = decode("a.yaml", text[..text.len() - cut].to_vec()).unwrap_err();
            assert_eq!(error.code, Code::InputEncoding);
            assert!(error.message.en.contains("in the middle of a character"));
            assert_eq!(error.labels[0].span.position().to_string(), "1:9");
        }
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, code) in [
            (&b"PK\x03\x04rest"[..], Code::InputKind),
            (b"%PDF-1.7", Code::InputKind),
            (b"a: \0", Code::InputEncoding),
            (b"a\0:\0 \0", Code::InputEncoding),
            (b"\xff\xfe\0\0a\0\0\0", Code::InputEncoding),
            (b"\xff\xfe\x00\xd8", Code::InputEncoding),
            (b"a: caf\xe9\n", Code::InputEncoding),
        ] {
            assert_eq!(
                decode("x", bytes.to_vec()).unwrap_err().code,
                code,
                "{bytes:?}"
            );
        }
    }
}
