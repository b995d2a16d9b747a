//! Shared by the programs that measure: settings from the environment, and a Markdown table of times and ratios.

#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

/// A number of at least 1 from the environment.
pub fn number(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
        .max(1)
}

/// Measurements in nanoseconds per case, by round.
pub struct Table {
    rows: Vec<(&'static str, Vec<f64>)>,
    /// Measures only steps with this in their names.
    filter: Option<String>,
}

impl Table {
    /// An empty table that measures the steps with the filter in their names, or all steps.
    pub fn new(filter: Option<String>) -> Self {
        let rows = Vec::new();
        Table { rows, filter }
    }

    /// Does the work and adds its duration.
    pub fn time(&mut self, name: &'static str, cases: usize, work: impl FnOnce()) {
        if self
            .filter
            .as_ref()
            .is_some_and(|filter| !name.contains(filter.as_str()))
        {
            return;
        }
        let start = Instant::now();
        work();
        self.add(name, cases, start.elapsed());
    }

    /// Adds a duration spent on a number of cases.
    pub fn add(&mut self, name: &'static str, cases: usize, spent: Duration) {
        let spent = spent.as_secs_f64() * 1e9 / cases as f64;
        match self.rows.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => times.push(spent),
            None => self.rows.push((name, vec![spent])),
        }
    }

    fn of(&self, name: &str) -> &[f64] {
        let row = self.rows.iter().find(|(known, _)| *known == name);
        row.map_or(&[], |(_, times)| times)
    }

    /// The median of the rounds' ratios: both sides of each were measured close together.
    pub fn ratio(&self, of: &str, to: &str) -> f64 {
        median(
            self.of(of)
                .iter()
                .zip(self.of(to))
                .map(|(of, to)| of / to)
                .collect(),
        )
    }

    /// Prints the times and the given ratios: numerator, denominator, target.
    pub fn print(&self, ratios: &[(&str, &str, &str)]) {
        println!("| measured | a case |\n|---|---:|");
        for (name, times) in &self.rows {
            let spent = median(times.clone());
            match spent {
                0.0..1e4 => println!("| {name} | {spent:.0} ns |"),
                1e4..1e6 => println!("| {name} | {:.0} µs |", spent / 1e3),
                _ => println!("| {name} | {:.1} ms |", spent / 1e6),
            }
        }
        println!("\n| ratio | reached | target |\n|---|---:|---:|");
        for (of, to, target) in ratios {
            println!("| {of} / {to} | {:.2} | {target} |", self.ratio(of, to));
        }
    }
}

/// The median; NaN for an empty list.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
