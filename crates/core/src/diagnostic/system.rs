//! Errors of the operating system in words for people.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::{Code, Diagnostic};
use crate::lang::Text;
use crate::text;

/// The diagnostic for a file or folder that cannot be read.
#[must_use]
pub fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let shown = path.display();
    let message = match error.kind() {
        ErrorKind::NotFound => text!(
            "没有 `{shown}` 这个文件或文件夹",
            "there is no file or folder `{shown}`"
        ),
        _ => text!("无法读取 `{shown}`", "cannot read `{shown}`"),
    };
    Diagnostic::new(Code::InputUnreadable, message)
        .about(shown.to_string())
        .why(reason(error))
}

/// Why the system refused, in both languages if the reason is known.
#[must_use]
pub fn reason(error: &io::Error) -> Text {
    let (zh, en) = match error.kind() {
        ErrorKind::NotFound => ("路径不存在", "the path does not exist"),
        ErrorKind::PermissionDenied => ("没有权限", "permission denied"),
        ErrorKind::IsADirectory => ("这是文件夹", "it is a folder"),
        ErrorKind::NotADirectory => ("路径中有一段不是文件夹", "part of the path is not a folder"),
        ErrorKind::StorageFull => ("磁盘已满", "the disk is full"),
        ErrorKind::ReadOnlyFilesystem => ("磁盘只读", "the disk is read-only"),
        _ => return Text::new(format!("系统报告：{error}"), error.to_string()),
    };
    Text::new(zh, en)
}
