//! The dossiers that paths lead to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, system};
use crate::lang::Text;
use crate::text;

/// Folders nest no deeper.
const DEEPEST: usize = 64;

/// What the paths of a command lead to.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Dossiers, in the order of the paths, those of a folder by name; `-` is standard input.
    pub(super) dossiers: Vec<PathBuf>,
    /// What could not be looked into, and files of folders that are not dossiers.
    pub(super) problems: Vec<Diagnostic>,
}

/// Every dossier the paths lead to. A file is taken whatever its name; of a folder, and the folders in it, those whose
/// name ends in yaml, yml or json, and the others are mentioned.
pub(super) fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        if path.as_os_str() != "-" && path.is_dir() {
            let before = found.dossiers.len() + found.problems.len();
            let mut others = 0;
            folder(path, 0, &mut found, &mut others);
            let shown = path.display();
            if found.dossiers.len() + found.problems.len() == before {
                let message = text!(
                    "文件夹 `{shown}` 中没有案卷",
                    "the folder `{shown}` holds no dossier"
                );
                found.problems.push(
                    Diagnostic::new(Code::InputNoDossiers, message)
                        .about(shown.to_string())
                        .help(Text::new(
                            "案卷文件的扩展名应为 yaml、yml 或 json",
                            "dossiers end in yaml, yml or json",
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
            found.dossiers.push(path.clone());
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
        // A link to a folder is not followed, so that none is walked twice.
        match entry.file_type() {
            _ if hidden => *others += 1,
            Ok(kind) if kind.is_dir() => folder(&path, depth + 1, found, others),
            _ if is_dossier(&path) => found.dossiers.push(path),
            _ => *others += 1,
        }
    }
}

fn is_dossier(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        ["yaml", "yml", "json"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    })
}
