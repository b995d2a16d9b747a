//! The inputs that paths lead to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{FileKind, Input};
use choucha_core::diagnostic::{Code, Diagnostic, system};
use choucha_core::lang::Text;
use choucha_core::text;

/// The depth limit of folders.
const DEEPEST: usize = 64;

/// What paths lead to.
#[derive(Debug, Default)]
pub struct Found {
    /// Inputs, in the order of the paths, those of a folder sorted by path; `-` is standard input.
    pub inputs: Vec<Input>,
    /// Paths that could not be searched, and files of folders that hold no cases.
    pub problems: Vec<Diagnostic>,
}

/// Every input the paths lead to. A named file is taken whatever its name; in a folder and its subfolders, files with the
/// extensions of dossiers, NDJSON and tables are taken and the others are mentioned.
#[must_use]
pub fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        if path.as_os_str() != "-" && path.is_dir() {
            let before = found.inputs.len() + found.problems.len();
            let mut others = 0;
            folder(path, 0, &mut found, &mut others);
            let shown = path.display();
            if found.inputs.len() + found.problems.len() == before {
                let message = text!(
                    "文件夹 `{shown}` 中没有案卷",
                    "the folder `{shown}` holds no dossier"
                );
                found.problems.push(
                    Diagnostic::new(Code::InputNoDossiers, message)
                        .about(shown.to_string())
                        .help(Text::new(
                            "案卷文件的扩展名应为 yaml、yml、json、ndjson、csv、xlsx、xls 或 ods",
                            "files of cases end in yaml, yml, json, ndjson, csv, xlsx, xls or ods",
                        )),
                );
            } else if others > 0 {
                let message = text!(
                    "文件夹 `{shown}` 中另有{others}个文件不是案卷，未审查",
                    "{others} other files of the folder `{shown}` are not dossiers and were not audited"
                );
                found
                    .problems
                    .push(Diagnostic::new(Code::InputPassedOver, message).about(shown.to_string()));
            }
        } else {
            found.inputs.push(Input {
                kind: kind_of(path),
                path: path.clone(),
            });
        }
    }
    found
}

fn folder(path: &Path, depth: usize, found: &mut Found, others: &mut usize) {
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) if depth < DEEPEST => entries,
        Ok(_) => {
            let error = io::Error::other("too deep");
            found.problems.push(system::unreadable(path, &error));
            return;
        }
        Err(error) => {
            found.problems.push(system::unreadable(path, &error));
            return;
        }
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // Links to folders are not followed, so that no folder is walked twice.
        match entry.file_type() {
            _ if hidden => *others += 1,
            Ok(kind) if kind.is_dir() => folder(&path, depth + 1, found, others),
            _ if is_mapping(&path) => {}
            _ if holds_cases(&path) && is_special(&path) => found.problems.push(special(&path)),
            _ if holds_cases(&path) => found.inputs.push(Input {
                kind: FileKind::of(&path),
                path,
            }),
            _ => *others += 1,
        }
    }
}

/// Whether a path is a pipe, a socket or a device: what is neither a file nor a folder.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir())
}

/// That a folder holds what is no file: reading it might never end.
fn special(path: &Path) -> Diagnostic {
    let shown = path.display();
    let message = text!("无法读取 `{shown}`", "cannot read `{shown}`");
    Diagnostic::new(Code::InputUnreadable, message)
        .about(shown.to_string())
        .why(Text::new(
            "这是管道、套接字或者设备，不是文件",
            "it is a pipe, a socket or a device, and no file",
        ))
        .help(Text::new(
            "要审查其中的内容，请单独写出它的路径",
            "to audit what comes out of it, name it by itself",
        ))
}

/// How to read a named file. If the name does not say, the first bytes identify a workbook.
fn kind_of(path: &Path) -> FileKind {
    let kind = FileKind::of(path);
    // Nothing of what can be read once only is read here.
    if kind == FileKind::Dossier && is_special(path) {
        return FileKind::Stream;
    }
    if kind != FileKind::Dossier || is_dossier(path) {
        return kind;
    }
    let mut head = [0; 4];
    let read = fs::File::open(path).and_then(|mut file| io::Read::read_exact(&mut file, &mut head));
    match (read, &head) {
        (Ok(()), b"PK\x03\x04" | b"\xd0\xcf\x11\xe0") => FileKind::Workbook,
        _ => kind,
    }
}

/// Whether a file of a folder holds cases, by its extension. Excludes the lock file that a spreadsheet puts next to an open
/// workbook.
fn holds_cases(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let is_lock = name.is_some_and(|name| name.starts_with("~$"));
    !is_lock && (is_dossier(path) || FileKind::of(path) != FileKind::Dossier)
}

/// Whether a file is a column mapping.
fn is_mapping(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| name == "columns.yaml" || name.ends_with(".columns.yaml"))
}

fn is_dossier(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        ["yaml", "yml", "json"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    })
}
