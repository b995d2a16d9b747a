//! The rules folder: its files by path, from the program itself or from disk.
//!
//! Terms: a *path* is relative to the rules folder, with `/` between its parts on every system; a *rule set* is a
//! folder that contains a `ruleset.rhai`.
//!
//! Invariants: only `.rhai`, `.yaml` and `.json` files count, and no hidden ones; nothing outside the folder is read,
//! and no symbolic link is followed; the digest covers all files, in the order of their paths, so that the same rules
//! have the same digest wherever they come from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::str::Utf8Error;
use std::sync::Arc;

use rust_embed::Embed;
use sha2::{Digest as _, Sha256};

use super::limits::{MAX_FILE_BYTES, MAX_FILES, MAX_FOLDER_DEPTH, MAX_TOTAL_BYTES};
use choucha_core::diagnostic::{Code, Diagnostic, system};
use choucha_core::lang::Text;
use choucha_core::obligation::RuleSetId;
use choucha_core::source::{Source, Span, hexadecimal, sha256};
use choucha_core::text;

/// The name of the script that makes a folder a rule set.
pub(super) const RULE_SET_SCRIPT: &str = "ruleset.rhai";

#[derive(Embed)]
#[folder = "rules/"]
struct Embedded;

/// The files of the rules.
#[derive(Clone)]
pub struct RuleFolder {
    inner: Arc<Inner>,
}

struct Inner {
    name: String,
    embedded: bool,
    files: BTreeMap<String, File>,
    digest: String,
}

struct File {
    bytes: Cow<'static, [u8]>,
    digest: String,
}

impl File {
    /// The text without its byte-order mark, and whether it had one.
    fn text(&self) -> Result<(Cow<'static, str>, bool), Utf8Error> {
        let (text, marked) = match &self.bytes {
            Cow::Borrowed(bytes) => {
                let (text, marked) = decoded(bytes)?;
                (Cow::Borrowed(text), marked)
            }
            Cow::Owned(bytes) => {
                let (text, marked) = decoded(bytes)?;
                (Cow::Owned(text.to_owned()), marked)
            }
        };
        Ok((text, marked))
    }
}

/// Decodes bytes as text without byte-order mark, and says whether there was one.
fn decoded(bytes: &[u8]) -> Result<(&str, bool), Utf8Error> {
    let text = match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => text,
        // The slower decoder reports the position of the error.
        Err(_) => std::str::from_utf8(bytes)?,
    };
    let bare = text.strip_prefix('\u{feff}');
    Ok((bare.unwrap_or(text), bare.is_some()))
}

impl RuleFolder {
    /// The rules that the program carries.
    #[must_use]
    pub fn embedded() -> Self {
        let files = Embedded::iter()
            .filter(|path| is_rule_file(path))
            .filter_map(|path| {
                let file = Embedded::get(&path)?;
                let digest = hexadecimal(&file.metadata.sha256_hash());
                let bytes = file.data;
                Some((path.replace('\\', "/"), File { bytes, digest }))
            })
            .collect();
        RuleFolder::new("rules", files, true)
    }

    /// Reads the rules in a folder on disk.
    ///
    /// # Errors
    ///
    /// Diagnostics, if the folder or a file cannot be read, is a symbolic link, or is too large.
    pub fn open(folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let name = folder.display().to_string();
        let mut reading = Reading::default();
        reading.folder(folder, "", 0);
        if reading.problems.is_empty() && reading.files.is_empty() {
            let empty = text!(
                "文件夹 `{name}` 中没有规则文件",
                "the folder `{name}` holds no rule files"
            );
            reading
                .problems
                .push(Diagnostic::new(Code::RulesFolder, empty).about(name.clone()));
        }
        if reading.problems.is_empty() {
            Ok(RuleFolder::new(
                name.trim_end_matches('/'),
                reading.files,
                false,
            ))
        } else {
            Err(reading.problems)
        }
    }

    /// Rules given as texts by path.
    #[must_use]
    pub fn from_texts<'a>(name: &str, texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        RuleFolder::from_bytes(
            name,
            texts
                .into_iter()
                .map(|(path, text)| (path, text.as_bytes())),
        )
    }

    /// Rules given as bytes by path.
    #[must_use]
    pub fn from_bytes<'a>(
        name: &str,
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Self {
        let files = files
            .into_iter()
            .map(|(path, bytes)| {
                let digest = sha256(bytes);
                let bytes = Cow::Owned(bytes.to_vec());
                (path.to_owned(), File { bytes, digest })
            })
            .collect();
        RuleFolder::new(name, files, false)
    }

    fn new(name: &str, files: BTreeMap<String, File>, embedded: bool) -> Self {
        let mut all = Sha256::new();
        for (path, file) in &files {
            for part in [&file.digest, " ", path, "\n"] {
                all.update(part);
            }
        }
        RuleFolder {
            inner: Arc::new(Inner {
                name: name.to_owned(),
                embedded,
                digest: hexadecimal(&all.finalize()),
                files,
            }),
        }
    }

    /// Whether these are the rules that the program carries, which its own tests have checked.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.inner.embedded
    }

    /// The digest of the paths and contents of all files, `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.inner.digest
    }

    /// The paths of all files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.inner.files.keys().map(String::as_str)
    }

    /// Whether there is a file at this path.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        self.inner.files.contains_key(path)
    }

    /// The name of a file for people: the folder's name and the path.
    #[must_use]
    pub fn name_of(&self, path: &str) -> String {
        format!("{}/{path}", self.inner.name)
    }

    /// A file as text without byte-order mark, with a note if it had one.
    ///
    /// # Errors
    ///
    /// A diagnostic, if there is no such file, it is too large or it is not UTF-8.
    #[expect(
        clippy::result_large_err,
        reason = "files are read a few times a load, and every caller keeps the diagnostic as it is"
    )]
    pub fn source(&self, path: &str) -> Result<(Arc<Source>, Option<Diagnostic>), Diagnostic> {
        let name = self.name_of(path);
        let Some(file) = self.inner.files.get(path) else {
            let message = text!(
                "规则文件夹中没有 `{path}`",
                "the rules folder has no `{path}`"
            );
            return Err(Diagnostic::new(Code::RulesFolder, message).about(name));
        };
        if file.bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(too_large(&name));
        }
        match file.text() {
            Ok((text, marked)) => {
                let source = Source::decoded(name, text, file.digest.clone());
                let note = marked.then(|| {
                    let message = Text::new(
                        "文件开头有字节序标记（BOM），已略过",
                        "the file begins with a byte-order mark, which was skipped",
                    );
                    Diagnostic::new(Code::RulesByteOrderMark, message).at(Span::new(&source, 0..0))
                });
                Ok((source, note))
            }
            Err(error) => {
                let before = file.bytes.get(..error.valid_up_to()).unwrap_or(&[]);
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                let message = text!(
                    "`{name}` 不是 UTF-8 编码（第 {line} 行起）",
                    "`{name}` is not UTF-8 (from line {line} on)"
                );
                let help = Text::new("用编辑器另存为 UTF-8", "save it as UTF-8 in your editor");
                Err(Diagnostic::new(Code::RulesEncoding, message)
                    .about(name)
                    .help(help))
            }
        }
    }

    /// The files of the vocabulary, in the order they are read.
    ///
    /// # Errors
    ///
    /// Diagnostics, if one is too large or not UTF-8.
    pub fn vocabulary(&self) -> Result<Vec<Arc<Source>>, Vec<Diagnostic>> {
        let mut sources = Vec::new();
        let mut problems = Vec::new();
        for path in self
            .in_folder("vocabulary")
            .filter(|path| path.ends_with(".yaml"))
        {
            match self.source(path) {
                Ok((source, _)) => sources.push(source),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok(sources)
        } else {
            Err(problems)
        }
    }

    /// The ids of all rule sets, in order.
    #[must_use]
    pub fn rule_sets(&self) -> Vec<RuleSetId> {
        self.paths()
            .filter_map(|path| path.strip_suffix(RULE_SET_SCRIPT)?.strip_suffix('/'))
            .map(|folder| RuleSetId(folder.to_owned()))
            .collect()
    }

    /// Whether a rule set has this id.
    #[must_use]
    pub fn has_rule_set(&self, id: &RuleSetId) -> bool {
        self.contains(&format!("{}/{RULE_SET_SCRIPT}", id.0))
    }

    /// The scripts of a rule set, in the order they run: `ruleset.rhai`, then the others by name.
    pub(super) fn scripts(&self, id: &RuleSetId) -> Vec<String> {
        let first = format!("{}/{RULE_SET_SCRIPT}", id.0);
        let rest = self
            .in_folder(&id.0)
            .filter(|path| path.ends_with(".rhai") && *path != first)
            .map(str::to_owned);
        std::iter::once(first.clone()).chain(rest).collect()
    }

    /// The files directly in a folder, in order.
    fn in_folder(&self, folder: &str) -> impl Iterator<Item = &str> {
        let prefix = format!("{folder}/");
        self.inner
            .files
            .range(prefix.clone()..)
            .map(|(path, _)| path.as_str())
            .take_while({
                let prefix = prefix.clone();
                move |path| path.starts_with(&prefix)
            })
            .filter(move |path| !path[prefix.len()..].contains('/'))
    }
}

impl std::fmt::Debug for RuleFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "RuleFolder({}, {} files)",
            self.inner.name,
            self.inner.files.len()
        )
    }
}

/// Whether a file is part of the rules: it has a known extension and is not hidden.
fn is_rule_file(path: &str) -> bool {
    let hidden = path.split(['/', '\\']).any(|part| part.starts_with('.'));
    let known = [".rhai", ".yaml", ".json"]
        .iter()
        .any(|end| path.ends_with(end));
    known && !hidden
}

fn too_large(name: &str) -> Diagnostic {
    let limit = MAX_FILE_BYTES >> 10;
    let message = text!(
        "`{name}` 超过 {limit} KiB",
        "`{name}` is larger than {limit} KiB"
    );
    Diagnostic::new(Code::RulesTooLarge, message).about(name)
}

/// Reads a folder on disk.
#[derive(Default)]
struct Reading {
    files: BTreeMap<String, File>,
    bytes: u64,
    problems: Vec<Diagnostic>,
}

impl Reading {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) {
        let name = folder.display().to_string();
        if depth > MAX_FOLDER_DEPTH {
            let message = text!(
                "文件夹嵌套超过 {MAX_FOLDER_DEPTH} 层：`{name}`",
                "folders nest more than {MAX_FOLDER_DEPTH} levels deep: `{name}`"
            );
            self.problems
                .push(Diagnostic::new(Code::RulesTooLarge, message).about(name));
            return;
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(&name, &error),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.unreadable(&name, &error),
            };
            let Ok(file_name) = entry.file_name().into_string() else {
                let name = entry.path().display().to_string();
                let message = text!(
                    "`{name}` 的文件名不是合法的文字",
                    "the file name of `{name}` is not valid text"
                );
                self.problems
                    .push(Diagnostic::new(Code::RulesFolder, message).about(name));
                continue;
            };
            if file_name.starts_with('.') {
                continue;
            }
            let path = format!("{prefix}{file_name}");
            let kind = match entry.file_type() {
                Ok(kind) => kind,
                Err(error) => {
                    self.unreadable(&entry.path().display().to_string(), &error);
                    continue;
                }
            };
            if kind.is_symlink() {
                self.symlink(&entry.path().display().to_string());
            } else if kind.is_dir() {
                self.folder(&entry.path(), &format!("{path}/"), depth + 1);
            } else if is_rule_file(&path) {
                if kind.is_file() {
                    self.file(&entry.path(), path);
                } else {
                    self.odd(&entry.path().display().to_string());
                }
            }
            if self.files.len() > MAX_FILES || self.bytes > MAX_TOTAL_BYTES {
                let limit = MAX_TOTAL_BYTES >> 20;
                let message = text!(
                    "规则文件夹过大：最多 {MAX_FILES} 个文件、{limit} MiB",
                    "the rules folder is too large: at most {MAX_FILES} files and {limit} MiB"
                );
                if !self.problems.iter().any(|known| known.message == message) {
                    self.problems
                        .push(Diagnostic::new(Code::RulesTooLarge, message).about(name));
                }
                return;
            }
        }
    }

    fn file(&mut self, file: &Path, path: String) {
        let name = file.display().to_string();
        let mut bytes = Vec::new();
        // One byte more than allowed is enough to detect a file that is too large.
        let read = fs::File::open(file)
            .and_then(|open| open.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
        if let Err(error) = read {
            return self.unreadable(&name, &error);
        }
        if bytes.len() as u64 > MAX_FILE_BYTES {
            self.problems.push(too_large(&name));
            return;
        }
        self.bytes += bytes.len() as u64;
        let digest = sha256(&bytes);
        let bytes = Cow::Owned(bytes);
        self.files.insert(path, File { bytes, digest });
    }

    fn unreadable(&mut self, name: &str, error: &std::io::Error) {
        let message = text!("无法读取 `{name}`", "cannot read `{name}`");
        self.problems.push(
            Diagnostic::new(Code::RulesFolder, message)
                .about(name)
                .why(system::reason(error)),
        );
    }

    /// Reports a pipe, socket or device with the name of a rule file: reading it might never end.
    fn odd(&mut self, name: &str) {
        let message = text!("`{name}` 不是普通文件", "`{name}` is not a regular file");
        let help = Text::new(
            "规则只能是普通文件；请移出规则文件夹",
            "rules are regular files; move it out of the rules folder",
        );
        self.problems.push(
            Diagnostic::new(Code::RulesFolder, message)
                .about(name)
                .help(help),
        );
    }

    fn symlink(&mut self, name: &str) {
        let message = text!("`{name}` 是符号链接", "`{name}` is a symbolic link");
        let why = Text::new(
            "规则只从规则文件夹本身读取，不随链接读到别处",
            "rules are read from the rules folder itself and never from elsewhere through a link",
        );
        self.problems.push(
            Diagnostic::new(Code::RulesFolder, message)
                .about(name)
                .why(why),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_sets_are_found_by_path_and_their_scripts_in_order() {
        let folder = RuleFolder::from_texts(
            "rules",
            [
                ("b/two/ruleset.rhai", ""),
                ("b/two/2-1-x.rhai", ""),
                ("b/two/10-y.rhai", ""),
                ("b/two/sub/z.rhai", ""),
                ("a/one/ruleset.rhai", ""),
                ("lib/x.rhai", ""),
            ],
        );
        let ids: Vec<String> = folder.rule_sets().into_iter().map(|id| id.0).collect();
        assert_eq!(ids, ["a/one", "b/two"]);
        assert_eq!(
            folder.scripts(&RuleSetId("b/two".into())),
            ["b/two/ruleset.rhai", "b/two/10-y.rhai", "b/two/2-1-x.rhai"]
        );
    }

    #[test]
    fn the_digest_is_over_paths_and_contents() {
        let digest = |path, text| {
            RuleFolder::from_texts("x", [(path, text)])
                .digest()
                .to_owned()
        };
        assert_eq!(digest("a.rhai", "1"), digest("a.rhai", "1"));
        assert_ne!(digest("a.rhai", "1"), digest("a.rhai", "2"));
        assert_ne!(digest("a.rhai", "1"), digest("b.rhai", "1"));
    }

    #[test]
    fn the_embedded_rules_and_the_folder_they_were_taken_from_have_one_digest() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let opened = RuleFolder::open(&folder).unwrap();
        assert_eq!(opened.digest(), RuleFolder::embedded().digest());
    }

    #[test]
    fn what_is_not_utf8_is_refused_and_a_byte_order_mark_noted() {
        let folder = RuleFolder::from_bytes(
            "rules",
            [
                ("gbk.rhai", &b"let a\n= \"\xb2\xe2\";"[..]),
                ("bom.rhai", "\u{feff}let a = 1;".as_bytes()),
            ],
        );
        let error = folder.source("gbk.rhai").unwrap_err();
        assert_eq!(error.code, Code::RulesEncoding);
        assert!(error.message.en.contains("line 2"));
        let (source, note) = folder.source("bom.rhai").unwrap();
        assert_eq!(source.text(), "let a = 1;");
        assert_eq!(note.unwrap().code, Code::RulesByteOrderMark);
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_folder_and_huge_files_are_refused() {
        let folder = std::env::temp_dir().join(format!("choucha-folder-{}", std::process::id()));
        fs::create_dir_all(folder.join("lib")).unwrap();
        fs::write(folder.join("lib/a.rhai"), "fn a() {}").unwrap();
        fs::write(folder.join(".hidden.rhai"), "x").unwrap();
        assert_eq!(RuleFolder::open(&folder).unwrap().paths().count(), 1);
        std::os::unix::fs::symlink("/etc", folder.join("out")).unwrap();
        fs::write(
            folder.join("huge.rhai"),
            vec![b' '; MAX_FILE_BYTES as usize + 1],
        )
        .unwrap();
        let codes: Vec<Code> = RuleFolder::open(&folder)
            .unwrap_err()
            .iter()
            .map(|d| d.code)
            .collect();
        assert!(codes.contains(&Code::RulesFolder) && codes.contains(&Code::RulesTooLarge));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn what_is_named_like_a_rule_and_is_no_file_is_reported_and_not_read() {
        let folder = std::env::temp_dir().join(format!("choucha-odd-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.rhai"), "let a = 1;").unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.join("b.rhai")).unwrap();
        let _other = std::os::unix::net::UnixListener::bind(folder.join("editor.sock")).unwrap();
        let problems = RuleFolder::open(&folder).unwrap_err();
        let [problem] = problems.as_slice() else {
            panic!("{problems:#?}");
        };
        assert!(
            problem
                .message
                .en
                .ends_with("b.rhai` is not a regular file")
        );
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(
            RuleFolder::open(&folder).unwrap_err()[0].code,
            Code::RulesFolder
        );
    }
}
