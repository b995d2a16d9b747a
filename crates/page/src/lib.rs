//! The page for the browser, as one file: with the findings of a run ([`Report`]), or with the engine ([`workbench`]).
//!
//! Its sources are in `page/`; the build script binds them. The page loads nothing from elsewhere, and no data leaves it:
//! its content policy allows no connection.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

const BEGIN: &str = include_str!(concat!(env!("OUT_DIR"), "/begin.html"));
const END: &str = include_str!(concat!(env!("OUT_DIR"), "/end.html"));
const WORKER: &str = include_str!(concat!(env!("OUT_DIR"), "/worker.js"));

/// The text around the lines of a run that makes them a page. The lines must not contain `<`.
#[derive(Debug)]
pub struct Report {
    begin: String,
}

impl Report {
    /// A page that opens in the language with this code.
    #[must_use]
    pub fn new(lang: &str) -> Self {
        let begin = within(lang);
        Report {
            begin: format!("{begin}<script type=\"application/x-ndjson\" id=\"run\">\n"),
        }
    }

    /// The text before the lines.
    #[must_use]
    pub fn begin(&self) -> &str {
        &self.begin
    }

    /// The text after the lines.
    #[must_use]
    pub fn end(&self) -> &str {
        concat!(
            "</script>\n",
            include_str!(concat!(env!("OUT_DIR"), "/end.html"))
        )
    }
}

/// The page with the command inside, compiled for `wasm32-wasip1`.
///
/// # Errors
/// The engine cannot be compressed, which only a lack of memory could cause.
pub fn workbench(engine: &[u8]) -> std::io::Result<String> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(engine)?;
    let packed = STANDARD.encode(packed.finish()?);
    let begin = within("zh");
    Ok(format!(
        "{begin}<script type=\"text/plain\" id=\"worker\">\n{WORKER}</script>\n<script type=\"text/plain\" id=\"engine\">{packed}</script>\n{END}"
    ))
}

/// The head of the page, in a language.
fn within(lang: &str) -> String {
    let lang = match lang {
        "en" => "en",
        _ => "zh-CN",
    };
    BEGIN.replace("{{lang}}", lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_one_file_that_may_fetch_nothing() {
        let page = workbench(b"engine").unwrap();
        for report in [
            page,
            Report::new("en").begin().to_owned() + Report::new("en").end(),
        ] {
            for place in ["lang", "style", "hash", "data", "script"] {
                assert!(!report.contains(&format!("{{{{{place}}}}}")), "{place}");
            }
            assert!(report.contains("default-src 'none'"));
            for outside in ["http://", "https://", "src=\"", "@import", "url("] {
                let allowed = report.matches(outside).count();
                let namespaces = report.matches("http://www.w3.org/").count();
                assert_eq!(
                    allowed,
                    if outside == "http://" { namespaces } else { 0 },
                    "{outside}"
                );
            }
            assert!(!report.contains("\nimport ") && !report.contains("\nexport "));
        }
    }

    #[test]
    fn a_page_says_its_language() {
        assert!(Report::new("en").begin().contains("<html lang=\"en\""));
        assert!(Report::new("zh").begin().contains("<html lang=\"zh-CN\""));
    }
}
