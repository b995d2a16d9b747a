//! The user's language: `--lang`, else the locale's, else Chinese.

use std::ffi::OsString;

use choucha_core::lang::Lang;

/// The language for these arguments and locales. It is needed before the arguments are parsed, since help and usage errors
/// use it too; the parser reports an invalid `--lang`.
pub(super) fn choose(arguments: &[OsString], locales: &[String]) -> Lang {
    asked(arguments).unwrap_or_else(|| of_locale(locales))
}

fn asked(arguments: &[OsString]) -> Option<Lang> {
    let mut words = arguments
        .iter()
        .skip(1)
        .map(|word| word.to_str().unwrap_or_default())
        .take_while(|word| *word != "--");
    let mut found = None;
    while let Some(word) = words.next() {
        let value = match word {
            "--lang" => words.next(),
            _ => word.strip_prefix("--lang="),
        };
        found = value.and_then(named).or(found);
    }
    found
}

/// The language of a code.
pub(super) fn named(code: &str) -> Option<Lang> {
    [Lang::Zh, Lang::En]
        .into_iter()
        .find(|lang| lang.code() == code)
}

/// English if the first locale that names a language names English. `C` and `POSIX` name none.
fn of_locale(locales: &[String]) -> Lang {
    let language = locales
        .iter()
        .map(|locale| {
            locale
                .split(['-', '_', '.', '@'])
                .next()
                .unwrap_or_default()
        })
        .find(|language| !matches!(*language, "" | "C" | "POSIX"));
    match language {
        Some(language) if language.eq_ignore_ascii_case("en") => Lang::En,
        _ => Lang::Zh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_asked_for_else_the_locales_else_chinese() {
        for (arguments, locales, expected) in [
            ("choucha audit x", "", Lang::Zh),
            ("choucha audit x", "C", Lang::Zh),
            ("choucha audit x", "POSIX", Lang::Zh),
            ("choucha audit x", "C.UTF-8 en-US", Lang::En),
            ("choucha audit x", "en-GB", Lang::En),
            ("choucha audit x", "zh-CN en-US", Lang::Zh),
            ("choucha audit x", "fr-FR", Lang::Zh),
            ("choucha audit x --lang en", "zh-CN", Lang::En),
            ("choucha --lang=zh audit x", "en-US", Lang::Zh),
            ("choucha audit --lang fr", "en-US", Lang::En),
            ("choucha audit --lang", "", Lang::Zh),
            ("choucha audit -- --lang=en", "", Lang::Zh),
        ] {
            let words: Vec<OsString> = arguments.split(' ').map(OsString::from).collect();
            let locales: Vec<String> = locales.split(' ').map(str::to_owned).collect();
            assert_eq!(
                choose(&words, &locales),
                expected,
                "{arguments} {locales:?}"
            );
        }
    }
}
