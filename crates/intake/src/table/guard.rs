//! Measures a workbook before it is read: kind, encryption, macros, unpacked size.
//!
//! Readers of workbooks allocate what a file claims. A few kilobytes may claim terabytes, so no file reaches a reader that
//! was not measured here; and a reader's panic on a damaged file becomes a message.

use std::cell::Cell;
use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use zip::ZipArchive;

use super::budget::{self, Budget};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::text;

/// The most bytes a workbook may unpack to.
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;

/// No text between two elements of a part is longer: a reader takes it whole.
const MAX_RUN: u64 = 1024 * 1024;

/// What a reader keeps of an element that is in no sheet, beside its bytes: of a shared text, a style, a name.
const ELEMENT: u64 = 64;

/// What a reader keeps of a merged area.
const MERGED: u64 = 32;

/// The limit of parts in a workbook.
const MAX_PARTS: usize = 10_000;

/// The kinds of workbooks that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WorkbookKind {
    Xlsx,
    Ods,
    Xls,
}

/// A workbook that passed the checks.
pub(super) struct Checked {
    pub(super) kind: WorkbookKind,
    pub(super) macros: bool,
    /// Whether cells may be merged: false if no part of an xlsx mentions it.
    pub(super) merges: bool,
    /// Whether rows or columns may be hidden: false if no part of an xlsx mentions it.
    pub(super) hides: bool,
    /// What the file itself and what a reader keeps of it leave of the memory there is.
    pub(super) budget: Budget,
}

type Refused = Box<Diagnostic>;

/// Determines the kind of a workbook from its bytes and measures it.
pub(super) fn check(name: &str, bytes: &[u8]) -> Result<Checked, Refused> {
    if bytes.is_empty() {
        let message = Text::new("文件为空", "the file is empty");
        return Err(Box::new(
            Diagnostic::new(Code::InputEmpty, message).about(name),
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return zipped(name, bytes);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return compound(name, bytes);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_lowercase();
    let web = head.contains("<html") || head.contains("<table") || head.contains("<?xml");
    let (zh, en) = if web {
        (
            "网页或者 XML 文件，只是扩展名像工作簿",
            "a web page or an XML file with the extension of a workbook",
        )
    } else {
        ("不能识别的文件", "not a file of a known kind")
    };
    Err(Box::new(
        Diagnostic::new(
            Code::InputKind,
            text!("这不是工作簿，而是{zh}", "this is no workbook but {en}"),
        )
        .about(name)
        .help(save_as()),
    ))
}

fn save_as() -> Text {
    Text::new(
        "请用表格软件打开，另存为 xlsx",
        "open it in a spreadsheet and save it as xlsx",
    )
}

/// A workbook that is incomplete or damaged.
pub(super) fn damaged(name: &str, why: &str) -> Refused {
    let why = if why.is_empty() {
        None
    } else {
        Some(why.to_owned())
    };
    let diagnostic = Diagnostic::new(
        Code::InputDamaged,
        Text::new(
            "工作簿不完整或者已损坏，无法读取",
            "the workbook is cut off or damaged and cannot be read",
        ),
    )
    .about(name)
    .help(Text::new(
        "可能没有复制或者下载完整，请重新取得；能用表格软件打开的，另存为 xlsx",
        "it may not have been copied or downloaded whole: get it again; if a spreadsheet opens it, save it as xlsx",
    ));
    Box::new(match why {
        Some(why) if why.contains("EOCD") || why.contains("central directory") => {
            diagnostic.why(Text::new(
                "文件的结尾缺失：没有压缩包的目录",
                "its end is missing: there is no directory of the archive",
            ))
        }
        // The readers give reasons only in English.
        Some(why) => diagnostic.why(text!(
            "文件内部的结构与工作簿不符",
            "its parts are not those of a workbook: {why}"
        )),
        None => diagnostic,
    })
}

/// A workbook that needs a password.
pub(super) fn encrypted(name: &str) -> Refused {
    Box::new(
        Diagnostic::new(
            Code::InputEncrypted,
            Text::new(
                "工作簿设有打开密码，无法读取",
                "the workbook cannot be opened without its password",
            ),
        )
        .about(name)
        .help(Text::new(
            "请用表格软件打开，取消密码后另存",
            "open it in a spreadsheet, remove the password and save it",
        )),
    )
}

/// A workbook that would become too large.
pub(super) fn too_large(name: &str) -> Refused {
    let limit = MAX_UNPACKED / 1024 / 1024;
    let [memory, shown, cell] = budget::limits();
    Box::new(
        Diagnostic::new(
            Code::InputExpands,
            Text::new(
                "工作簿解压或者展开后过大，没有读取",
                "the workbook becomes too large when unpacked, and was not read",
            ),
        )
        .about(name)
        .why(text!(
            "解压后最多 {limit} MiB；全部单元格展开后最多占用 {memory} MiB 内存、{shown} MiB 文字；一个单元格的文字最多 {cell} KiB",
            "it may unpack to {limit} MiB; all cells, spread out, may take {memory} MiB of memory and {shown} MiB of text; a cell may hold {cell} KiB of text"
        ))
        .help(Text::new(
            "请删去空白的行列和与案卷无关的工作表，或者分成几个文件",
            "remove blank rows and columns and sheets that hold no cases, or split the file",
        )),
    )
}

/// Runs a reader that may panic on a damaged file's claims, or a writer that panics when its
/// temporary file is full. None if it panicked.
pub fn guarded<T>(read: impl FnOnce() -> T) -> Option<T> {
    thread_local! {
        static GUARDED: Cell<bool> = const { Cell::new(false) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                usual(info);
            }
        }));
    });
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(before);
    result.ok()
}

fn zipped(name: &str, bytes: &[u8]) -> Result<Checked, Refused> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(name, &error.to_string()))?;
    if archive.len() > MAX_PARTS {
        return Err(too_large(name));
    }
    let (mut claimed, mut packed) = (0_u64, 0_u64);
    let mut names: Vec<String> = Vec::with_capacity(archive.len());
    for at in 0..archive.len() {
        let part = archive
            .by_index_raw(at)
            .map_err(|error| damaged(name, &error.to_string()))?;
        claimed = claimed.saturating_add(part.size());
        packed = packed.saturating_add(part.compressed_size());
        let part_name = part
            .name()
            .map_err(|error| damaged(name, &error.to_string()))?;
        names.push(
            part_name
                .replace('\\', "/")
                .trim_start_matches('/')
                .to_owned(),
        );
        if part.encrypted() {
            return Err(encrypted(name));
        }
    }
    if claimed > MAX_UNPACKED {
        return Err(too_large(name));
    }
    // What is claimed may be false: what the parts become is counted.
    let mut left = MAX_UNPACKED;
    let mut budget = Budget::beside(bytes.len() as u64);
    let (mut merges, mut hides) = (false, false);
    for (at, part_name) in names.iter().enumerate() {
        let part = archive
            .by_index(at)
            .map_err(|error| damaged(name, &error.to_string()))?;
        let mut scan = Scan::default();
        let read = std::io::copy(&mut part.take(left + 1), &mut scan);
        let is_sheet = part_name.starts_with("xl/worksheets/");
        let is_text = is_sheet || part_name.ends_with(".xml") || part_name.ends_with(".rels");
        if is_text && scan.longest > MAX_RUN {
            return Err(too_large(name));
        }
        let read = read.map_err(|error| damaged(name, &error.to_string()))?;
        left = left.checked_sub(read).ok_or_else(|| too_large(name))?;
        merges |= scan.merges.count > 0;
        hides |= scan.hides.count > 0;
        // The content of an open document is surveyed by itself.
        let kept = match part_name.as_str() {
            _ if is_sheet => scan.merges.count * MERGED,
            "content.xml" => 0,
            _ if is_text => read + scan.elements * ELEMENT,
            _ => 0,
        };
        budget.take(kept).map_err(|_| too_large(name))?;
    }
    let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    let macros = names.iter().any(|name| {
        name.to_ascii_lowercase().ends_with("vbaproject.bin") || name.starts_with("Basic/")
    });
    if has("xl/workbook.xml") {
        return Ok(Checked {
            kind: WorkbookKind::Xlsx,
            macros,
            merges,
            hides,
            budget,
        });
    }
    if has("content.xml") {
        return Ok(Checked {
            kind: WorkbookKind::Ods,
            macros,
            merges,
            hides,
            budget,
        });
    }
    let (zh, en) = if has("xl/workbook.bin") {
        ("二进制工作簿（xlsb）", "a binary workbook (xlsb)")
    } else if names.iter().any(|name| name.starts_with("word/")) {
        ("Word 文件", "a Word document")
    } else if names.iter().any(|name| name.starts_with("xl/")) {
        return Err(damaged(name, "xl/workbook.xml"));
    } else {
        ("压缩文件", "a zip file")
    };
    Err(Box::new(
        Diagnostic::new(
            Code::InputKind,
            text!(
                "这是 {zh}，不是能读取的工作簿",
                "this is {en}, not a workbook that can be read"
            ),
        )
        .about(name)
        .help(match zh {
            "Word 文件" => Text::new(
                "请把其中的表格复制到工作簿，另存为 xlsx；或者填写 `choucha template` 生成的样表",
                "copy its tables into a workbook and save it as xlsx, or fill in the one that `choucha template` writes",
            ),
            "压缩文件" => Text::new("请先解压", "unpack it first"),
            _ => save_as(),
        }),
    ))
}

/// The element, under any prefix, by which a sheet of an xlsx declares merged cells.
const MERGES: &[u8] = b"mergeCell";

/// The attribute by which a sheet of an xlsx hides rows or columns.
const HIDDEN: &[u8] = b" hidden=";

/// Takes the bytes of a part, and keeps what there is to know of them.
struct Scan {
    merges: Mentions,
    hides: Mentions,
    /// How many tags there are.
    elements: u64,
    /// The most bytes between two tags begun.
    longest: u64,
    since: u64,
}

impl Default for Scan {
    fn default() -> Self {
        Scan {
            merges: Mentions::of(MERGES),
            hides: Mentions::of(HIDDEN),
            elements: 0,
            longest: 0,
            since: 0,
        }
    }
}

impl Write for Scan {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut from = 0;
        for at in memchr::memchr_iter(b'<', bytes) {
            self.elements += 1;
            self.longest = self.longest.max(self.since + (at - from) as u64);
            (self.since, from) = (0, at);
        }
        self.since += (bytes.len() - from) as u64;
        self.longest = self.longest.max(self.since);
        self.merges.write_all(bytes)?;
        self.hides.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Takes bytes, and keeps only how often some stand among them.
pub(super) struct Mentions {
    wanted: memchr::memmem::Finder<'static>,
    /// The last bytes, too few to contain the pattern.
    last: Vec<u8>,
    pub(super) count: u64,
}

impl Mentions {
    pub(super) fn of(wanted: &'static [u8]) -> Self {
        Mentions {
            wanted: memchr::memmem::Finder::new(wanted),
            last: Vec::new(),
            count: 0,
        }
    }
}

impl Write for Mentions {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let kept = self.wanted.needle().len() - 1;
        let (head, tail) = bytes.split_at(bytes.len().min(kept));
        self.last.extend_from_slice(head);
        let across = self.wanted.find_iter(&self.last).count();
        let within = self.wanted.find_iter(bytes).count();
        self.count += (across + within) as u64;
        self.last
            .extend_from_slice(&tail[tail.len().saturating_sub(kept)..]);
        let surplus = self.last.len().saturating_sub(kept);
        self.last.drain(..surplus);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An old workbook, or an encrypted new one.
fn compound(name: &str, bytes: &[u8]) -> Result<Checked, Refused> {
    let opened = guarded(|| cfb::CompoundFile::open(Cursor::new(bytes)));
    let Some(Ok(mut file)) = opened else {
        return Err(damaged(name, ""));
    };
    if file.exists("/EncryptedPackage") || file.exists("/EncryptionInfo") {
        return Err(encrypted(name));
    }
    let stream = ["/Workbook", "/Book"]
        .into_iter()
        .find(|path| file.is_stream(path));
    let Some(path) = stream else {
        let diagnostic = Diagnostic::new(
            Code::InputKind,
            Text::new(
                "这是旧版 Office 文件，但不是工作簿",
                "this is an old Office file, but no workbook",
            ),
        );
        return Err(Box::new(diagnostic.about(name).help(save_as())));
    };
    let macros = file.exists("/_VBA_PROJECT_CUR") || file.exists("/Macros");
    let mut records = Vec::new();
    let read = guarded(|| {
        let limit = bytes.len() as u64;
        file.open_stream(path)
            .and_then(|stream| stream.take(limit).read_to_end(&mut records))
    });
    if !matches!(read, Some(Ok(_))) {
        return Err(damaged(name, ""));
    }
    // The file, the stream, and once more the stream as the reader takes it.
    let mut budget = Budget::beside(bytes.len() as u64 * 3);
    let kept = super::old::kept(&records).max(widest(&records) * super::old::SPREAD);
    budget.take(kept).map_err(|_| too_large(name))?;
    Ok(Checked {
        kind: WorkbookKind::Xls,
        macros,
        merges: true,
        hides: false,
        budget,
    })
}

/// The largest area that a sheet of the stream claims or fills.
fn widest(records: &[u8]) -> u64 {
    let number = |at: usize| -> Option<u64> {
        let low = records.get(at)?;
        let high = records.get(at + 1)?;
        Some(u64::from(u16::from_le_bytes([*low, *high])))
    };
    let mut widest = 0;
    let mut area: Option<(u64, u64, u64, u64)> = None;
    let mut at = 0;
    while let (Some(kind), Some(length)) = (number(at), number(at + 2)) {
        let data = at + 4;
        let length = usize::try_from(length).unwrap_or(0);
        match kind {
            // A sheet begins.
            0x0809 => area = None,
            // The claimed dimensions: rows as 32 bits, columns as 16.
            0x0200 => {
                let wide = |at: usize| Some(number(at)? | number(at + 2)? << 16);
                let (rows, columns) = if length >= 14 {
                    (
                        wide(data).zip(wide(data + 4)),
                        number(data + 8).zip(number(data + 10)),
                    )
                } else {
                    (
                        number(data).zip(number(data + 2)),
                        number(data + 4).zip(number(data + 6)),
                    )
                };
                if let (Some((top, bottom)), Some((left, right))) = (rows, columns) {
                    let claimed =
                        (bottom.saturating_sub(top) + 1) * (right.saturating_sub(left) + 1);
                    widest = widest.max(claimed);
                }
            }
            // Cells of all kinds begin with their row and column.
            0x0006 | 0x00BD | 0x00D6 | 0x00FD | 0x0203 | 0x0204 | 0x0205 | 0x027E => {
                if let (Some(row), Some(first)) = (number(data), number(data + 2)) {
                    // Records of several cells end with their last column.
                    let last = match kind {
                        0x00BD if length >= 6 => number(data + length - 2).unwrap_or(first),
                        _ => first,
                    };
                    let (top, bottom, left, right) = area.unwrap_or((row, row, first, last));
                    let next = (
                        top.min(row),
                        bottom.max(row),
                        left.min(first),
                        right.max(last),
                    );
                    area = Some(next);
                    let (top, bottom, left, right) = next;
                    widest = widest.max((bottom - top + 1) * (right.saturating_sub(left) + 1));
                }
            }
            _ => {}
        }
        at = data + length;
    }
    widest
}
