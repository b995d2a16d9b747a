//! Names of table cells.

use std::fmt;
use std::sync::Arc;

/// A cell of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CellName {
    /// The name of the sheet.
    pub sheet: Arc<str>,
    /// The row, from 0.
    pub row: u32,
    /// The column, from 0.
    pub column: u32,
}

impl CellName {
    /// Its column letters and row number: `H12`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}{}", letters(self.column), u64::from(self.row) + 1)
    }
}

/// The row and column of an address such as `H12`, both from 0.
#[must_use]
pub fn of_address(address: &str) -> Option<(u32, u32)> {
    let digits = address.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = address.split_at(digits);
    let column = letters.chars().try_fold(0_u32, |sum, c| {
        let letter = c
            .is_ascii_uppercase()
            .then(|| u32::from(c) - u32::from('A') + 1)?;
        sum.checked_mul(26)?.checked_add(letter)
    })?;
    Some((
        row.parse::<u32>().ok()?.checked_sub(1)?,
        column.checked_sub(1)?,
    ))
}

/// Prints `抽样!H12`.
impl fmt::Display for CellName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!{}", self.sheet, self.address())
    }
}

/// The letters of a column: A to Z, then AA and so on.
fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        left -= 1;
        // Below 26.
        letters.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::{letters, of_address};

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), expected);
            assert_eq!(of_address(&format!("{expected}12")), Some((11, column)));
        }
        for wrong in ["", "12", "H", "H0", "h12", "H1x", "ZZZZZZZZZZ1"] {
            assert_eq!(of_address(wrong), None, "{wrong}");
        }
    }
}
