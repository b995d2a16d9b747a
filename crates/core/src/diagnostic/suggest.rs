//! The nearest valid name for an invalid one.

/// The candidate a person most likely meant by `word`, if one is near enough to be worth showing.
///
/// Near enough means a Jaro-Winkler similarity of at least 0.8, or for words of up to four characters (as most Chinese
/// labels are) at most one character added, dropped, changed or swapped.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    // The comparison is quadratic in the length; no valid name is longer.
    if length == 0 || length > 200 {
        return None;
    }
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let similarity = strsim::jaro_winkler(word, candidate);
        let near = if length <= 4 {
            strsim::osa_distance(word, candidate) <= 1 && length > 1 || similarity > 0.9
        } else {
            similarity >= 0.8
        };
        if near && best.is_none_or(|(other, _)| similarity > other) {
            best = Some((similarity, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        let names = ["posted_on", "received_on", "检验结论", "出具日期"];
        assert_eq!(nearest("postd_on", names), Some("posted_on"));
        assert_eq!(nearest("检验结伦", names), Some("检验结论"));
        assert_eq!(nearest("zebra", names), None);
        assert_eq!(nearest("", names), None);
    }
}
