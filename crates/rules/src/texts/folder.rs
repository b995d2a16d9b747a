//! The folder of the texts.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::source::{Source, sha256};
use choucha_core::text;

/// The largest text that is read, in bytes. The longest we have takes 25 thousand.
const MAX_BYTES: u64 = 4 << 20;

/// The texts of instruments, by file name.
#[derive(Debug, Clone)]
pub struct TextFolder(Place);

#[derive(Debug, Clone)]
enum Place {
    Disk(PathBuf),
    Memory(BTreeMap<String, Vec<u8>>),
}

impl TextFolder {
    /// The texts in a folder on disk. Only files that the registry names are read.
    ///
    /// # Errors
    /// A diagnostic, if it is not a folder.
    pub fn open(folder: &Path) -> Result<Self, Box<Diagnostic>> {
        if folder.is_dir() {
            return Ok(TextFolder(Place::Disk(folder.to_owned())));
        }
        let shown = folder.display().to_string();
        let message = text!("没有文件夹 `{shown}`", "there is no folder `{shown}`");
        Err(Box::new(
            Diagnostic::new(Code::TextsUnreadable, message).about(shown),
        ))
    }

    /// Texts given as bytes by file name.
    #[must_use]
    pub fn from_bytes<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let files = files.into_iter();
        TextFolder(Place::Memory(
            files
                .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()))
                .collect(),
        ))
    }

    /// The text with this file name; `None` if it does not exist.
    ///
    /// # Errors
    /// A diagnostic, if it cannot be read, is too large or is not UTF-8.
    #[expect(
        clippy::result_large_err,
        reason = "a handful of texts is read, and every caller keeps the diagnostic as it is"
    )]
    pub(super) fn source(&self, file: &str) -> Result<Option<Arc<Source>>, Diagnostic> {
        let (name, bytes) = match &self.0 {
            Place::Memory(files) => match files.get(file) {
                None => return Ok(None),
                Some(bytes) => (file.to_owned(), bytes.clone()),
            },
            Place::Disk(folder) => {
                // The registry names files, not paths: nothing outside the folder is read.
                if file.contains(['/', '\\']) || file.starts_with('.') {
                    return Ok(None);
                }
                let path = folder.join(file);
                let name = path.display().to_string();
                if !path.is_file() {
                    return Ok(None);
                }
                let mut bytes = Vec::new();
                let read = fs::File::open(&path)
                    .and_then(|open| open.take(MAX_BYTES + 1).read_to_end(&mut bytes));
                if let Err(error) = read {
                    let why = Text::new(format!("系统报告：{error}"), error.to_string());
                    return Err(unreadable(&name, why));
                }
                (name, bytes)
            }
        };
        if bytes.len() as u64 > MAX_BYTES {
            let limit = MAX_BYTES >> 20;
            return Err(unreadable(
                &name,
                text!(
                    "文件超过 {limit} MiB",
                    "the file is larger than {limit} MiB"
                ),
            ));
        }
        let digest = sha256(&bytes);
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text = text
                    .strip_prefix('\u{feff}')
                    .map(str::to_owned)
                    .unwrap_or(text);
                Ok(Some(Source::decoded(name, text, digest)))
            }
            Err(_) => {
                let why = Text::new("文件不是 UTF-8 编码", "the file is not UTF-8");
                Err(unreadable(&name, why))
            }
        }
    }
}

fn unreadable(name: &str, why: Text) -> Diagnostic {
    let message = text!("无法读取文本 `{name}`", "cannot read the text `{name}`");
    Diagnostic::new(Code::TextsUnreadable, message)
        .about(name)
        .why(why)
}
