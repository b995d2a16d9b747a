//! What the reader of old workbooks makes room for, counted on their records before it does.
//!
//! An old workbook is a stream of records. The first run of them, the workbook's own, says where the sheets begin and holds
//! the texts that cells share; a text may be named by any number of cells, and a run by any number of sheets, and the reader
//! copies both each time.

use std::ops::Range;

/// What the reader makes room for by the area of a sheet: the cells as it meets them, spread out, and their formulas.
pub(super) const SPREAD: u64 = 96;

/// What it keeps of a cell or a text, beside the text itself.
const EACH: u64 = 48;

/// A character of a text becomes no more bytes than this.
const WIDEST: u64 = 3;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const SHEET: u16 = 0x0085;
const NAME: u16 = 0x0018;
const SHARED: u16 = 0x00FC;
const CONTINUED: u16 = 0x003C;
const SIZE: u16 = 0x0200;
const FORMULA: u16 = 0x0006;
const RESULT: u16 = 0x0207;
const SHARED_TEXT: u16 = 0x00FD;
const TEXT: u16 = 0x0204;
const RICH_TEXT: u16 = 0x00D6;
const NUMBERS: u16 = 0x00BD;
const MERGED: u16 = 0x00E5;
const CELLS: [u16; 3] = [0x0203, 0x0205, 0x027E];

/// The bytes a stream of records comes to once it is read; as many as there can be, where sheets share their records.
pub(super) fn kept(stream: &[u8]) -> u64 {
    let mut shared: Vec<u64> = Vec::new();
    let mut begins: Vec<usize> = Vec::new();
    let mut longest_name = 0;
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut is_shared = false;
    let mut steps = 0;
    let globals = Records::from(stream, 0);
    for (kind, data) in globals {
        steps += 1;
        match kind {
            SHARED => (parts, is_shared) = (vec![data.clone()], true),
            CONTINUED if is_shared => parts.push(data.clone()),
            SHEET => begins.extend(number(stream, data.start, 4)),
            NAME => {
                let length = stream.get(data.start + 3).copied().unwrap_or_default();
                longest_name = longest_name.max(u64::from(length));
            }
            _ => {}
        }
        is_shared &= matches!(kind, SHARED | CONTINUED);
    }
    Shared { stream, parts }.lengths(&mut shared);
    let mut total: u64 = shared.iter().map(|length| length + EACH).sum();
    // Sheets have records of their own: together no more than there are.
    let mut left = stream.len() / 4 + 1 - steps.min(stream.len() / 4);
    for begin in begins {
        let mut sheet = Sheet::default();
        for (kind, data) in Records::from(stream, begin) {
            let Some(fewer) = left.checked_sub(1) else {
                return u64::MAX;
            };
            left = fewer;
            sheet.record(stream, kind, &data, &shared, longest_name);
        }
        total = total.saturating_add(
            sheet
                .bytes
                .saturating_add(sheet.area().saturating_mul(SPREAD)),
        );
    }
    total
}

/// The records of one run, without those of charts within it.
struct Records<'s> {
    stream: &'s [u8],
    at: usize,
    /// How many runs are open.
    depth: usize,
}

impl<'s> Records<'s> {
    fn from(stream: &'s [u8], at: usize) -> Self {
        Records {
            stream,
            at,
            depth: 0,
        }
    }
}

impl Iterator for Records<'_> {
    type Item = (u16, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16::try_from(number(self.stream, self.at, 2)?).ok()?;
        let start = self.at.checked_add(4)?;
        let end = start.checked_add(number(self.stream, self.at + 2, 2)?)?;
        self.at = end;
        match kind {
            BEGIN => self.depth += 1,
            END if self.depth <= 1 => return None,
            END => self.depth -= 1,
            _ => {}
        }
        Some((kind, start..end.min(self.stream.len())))
    }
}

/// What the records of a sheet come to.
#[derive(Default)]
struct Sheet {
    bytes: u64,
    claimed: u64,
    /// The first and last row and column that hold something.
    filled: Option<[u64; 4]>,
}

impl Sheet {
    fn record(
        &mut self,
        stream: &[u8],
        kind: u16,
        data: &Range<usize>,
        shared: &[u64],
        longest_name: u64,
    ) {
        let length = data.len() as u64;
        let place = || {
            let row = number(stream, data.start, 2)? as u64;
            let column = number(stream, data.start + 2, 2)? as u64;
            Some((row, column))
        };
        let (mut last, bytes) = match kind {
            SIZE => {
                self.claimed = self.claimed.max(claimed(stream, data));
                return;
            }
            MERGED => {
                self.bytes += 2 * length;
                return;
            }
            RESULT => {
                self.bytes += EACH + WIDEST * length;
                return;
            }
            SHARED_TEXT => {
                let at = number(stream, data.start + 6, 4).unwrap_or(usize::MAX);
                (None, shared.get(at).copied().unwrap_or_default())
            }
            TEXT | RICH_TEXT => (None, WIDEST * length),
            FORMULA => (None, length * (8 + WIDEST * longest_name / 4)),
            NUMBERS => {
                let end = number(stream, data.end.saturating_sub(2), 2);
                (end.map(|end| end as u64), length * EACH / 6)
            }
            kind if CELLS.contains(&kind) => (None, 0),
            _ => return,
        };
        self.bytes = self.bytes.saturating_add(EACH + bytes);
        if let Some((row, column)) = place() {
            let last = last.take().unwrap_or(column).max(column);
            let [top, bottom, left, right] = self.filled.unwrap_or([row, row, column, last]);
            self.filled = Some([
                top.min(row),
                bottom.max(row),
                left.min(column),
                right.max(last),
            ]);
        }
    }

    fn area(&self) -> u64 {
        let area = self.filled.map_or(0, |[top, bottom, left, right]| {
            (bottom - top + 1).saturating_mul(right - left + 1)
        });
        area.max(self.claimed)
    }
}

/// The area that a sheet says it has: rows as 32 bits, or 16 in the oldest workbooks, columns as 16.
fn claimed(stream: &[u8], data: &Range<usize>) -> u64 {
    let at = |offset: usize, size| number(stream, data.start + offset, size).map(|n| n as u64);
    let (rows, columns) = match data.len() {
        14.. => (at(0, 4).zip(at(4, 4)), at(8, 2).zip(at(10, 2))),
        _ => (at(0, 2).zip(at(2, 2)), at(4, 2).zip(at(6, 2))),
    };
    let length = |(first, end): (u64, u64)| end.saturating_sub(first) + 1;
    rows.map_or(0, length)
        .saturating_mul(columns.map_or(0, length))
}

/// The texts that cells share: one after the other, over the borders of the records that hold them.
struct Shared<'s> {
    stream: &'s [u8],
    parts: Vec<Range<usize>>,
}

impl Shared<'_> {
    /// Adds how many bytes each text may become, as far as they can be made out.
    fn lengths(&self, into: &mut Vec<u64>) {
        let mut parts = self.parts.iter().cloned();
        // The first record begins with two counts.
        let Some(mut part) = parts.next() else {
            return;
        };
        part.start = (part.start + 8).min(part.end);
        loop {
            if part.is_empty() {
                match parts.next() {
                    Some(next) => part = next,
                    None => return,
                }
                continue;
            }
            let Some(characters) = number(self.stream, part.start, 2) else {
                return;
            };
            let flags = self.stream.get(part.start + 2).copied().unwrap_or_default();
            let mut at = part.start + 3;
            let mut take = |size: usize| {
                let taken = number(self.stream, at, size).unwrap_or_default();
                at += size;
                taken
            };
            let runs = if flags & 8 != 0 { take(2) } else { 0 };
            let more = if flags & 4 != 0 { take(4) } else { 0 };
            into.push(WIDEST * characters as u64);
            part.start = at.min(part.end);
            // A text that goes on in the next record says there again how wide its characters are.
            let (mut left, mut wide) = (characters, flags & 1 != 0);
            while left > 0 {
                let size = if wide { 2 } else { 1 };
                let here = left.min(part.len() / size);
                left -= here;
                part.start += here * size;
                if left > 0 {
                    let Some(next) = parts.next() else {
                        return;
                    };
                    part = next;
                    wide = self
                        .stream
                        .get(part.start)
                        .is_some_and(|flags| flags & 1 != 0);
                    part.start = (part.start + 1).min(part.end);
                }
            }
            let mut skipped = runs.saturating_mul(4).saturating_add(more);
            while skipped > 0 {
                let here = skipped.min(part.len());
                skipped -= here;
                part.start += here;
                if skipped > 0 {
                    let Some(next) = parts.next() else {
                        return;
                    };
                    part = next;
                }
            }
        }
    }
}

/// A number of so many bytes, the lowest first.
fn number(stream: &[u8], at: usize, size: usize) -> Option<usize> {
    let bytes = stream.get(at..at.checked_add(size)?)?;
    Some(
        bytes
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | usize::from(*byte)),
    )
}
