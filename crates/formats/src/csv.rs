//! CSV: a header, a time column or a stated rate, perhaps a label and a group
//! for each row; every other numeric column is an axis.
//!
//! ```text
//! t_ms,ax (m/s2),ay (m/s2),label      time in ms, two axes with units, a label a row
//! 0,0.1,9.8,still
//! 20,0.2,9.7,still
//! ```
//!
//! `rows` cuts text into cells, `columns` decides what each column is, and
//! `clock` turns the time column into a rate or into times.

mod clock;
mod columns;
pub(crate) mod rows;

use std::fmt::Write as _;

use lampyris_dataset::{Recording, Span, label_at};

use crate::FormatError;
use crate::draft::Draft;
use columns::Columns;
use rows::{Cells, Rows};

/// What is stated about CSV files when importing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Stated<'a> {
    /// Rate of files without a time column.
    pub(crate) rate_hz: Option<f64>,
    /// Column that tells groups apart; a column called `group` does without.
    pub(crate) group_by: Option<&'a str>,
}

/// The recordings of a file: one, or one for each run of rows of one group.
///
/// # Errors
/// With line and column; see the tests for all of them.
pub(crate) fn drafts(text: &str, stated: Stated<'_>) -> Result<Vec<Draft>, FormatError> {
    let (mut rows, header) = Rows::open(text)?;
    let columns = Columns::decide(&header, &rows, stated.group_by)?;
    let mut takes: Vec<Take> = Vec::new();
    let mut cells = Vec::with_capacity(header.len());
    while let Some(line) = rows.next(&mut cells)? {
        check_width(&mut cells, header.len(), line)?;
        let group = columns.group.map(|c| cells[c].as_ref());
        let same = takes.last().is_some_and(|t| t.group.as_deref() == group);
        if !same {
            takes.push(Take::new(group));
        }
        if let Some(take) = takes.last_mut() {
            take.push(&columns, &cells, line)?;
        }
    }
    if takes.is_empty() {
        return Err(FormatError::new(
            "there is a header but no row of values",
            "after line 1",
            "export or record it again",
        ));
    }
    let many = takes.len() > 1;
    takes
        .into_iter()
        .enumerate()
        .map(|(i, take)| take.finish(&columns, stated, many.then_some(i)))
        .collect()
}

/// A comma at the end of each row is forgiven, since many loggers write one.
fn check_width(cells: &mut Cells<'_>, width: usize, line: usize) -> Result<(), FormatError> {
    if cells.len() == width + 1 && cells[width].is_empty() {
        cells.pop();
    }
    if cells.len() == width {
        return Ok(());
    }
    Err(FormatError::new(
        format!("the row has {} cells, the header {width}", cells.len()),
        format!("line {line}"),
        "give every row one cell for each column of the header",
    ))
}

/// Rows of one group, gathered column by column.
struct Take {
    group: Option<String>,
    first_line: usize,
    ticks: Vec<f64>,
    values: Vec<f32>,
    spans: Vec<Span>,
    rows: u32,
}

impl Take {
    fn new(group: Option<&str>) -> Self {
        Self {
            group: group.map(Into::into),
            first_line: 0,
            ticks: Vec::new(),
            values: Vec::new(),
            spans: Vec::new(),
            rows: 0,
        }
    }

    fn push(
        &mut self,
        columns: &Columns,
        cells: &Cells<'_>,
        line: usize,
    ) -> Result<(), FormatError> {
        if self.rows == 0 {
            self.first_line = line;
        }
        if let Some(time) = &columns.time {
            let tick: f64 = number(&cells[time.column], &time.name, line)?;
            if let Some(before) = self.ticks.last().filter(|before| tick < **before) {
                return Err(FormatError::new(
                    format!("time falls from {before} to {tick}"),
                    format!("line {line}, column \"{}\"", time.name),
                    "put each take in a file of its own, or group by the column that tells takes apart",
                ));
            }
            self.ticks.push(tick);
        }
        for axis in &columns.axes {
            let value = number::<f32>(&cells[axis.column], &axis.name, line)?;
            self.values.push(value);
        }
        if let Some(label) = columns.label.map(|c| cells[c].as_ref()) {
            match self.spans.last_mut() {
                Some(span) if span.end == self.rows && span.label == label => span.end += 1,
                _ if label.is_empty() => {}
                _ => self.spans.push(Span {
                    start: self.rows,
                    end: self.rows + 1,
                    label: label.into(),
                }),
            }
        }
        self.rows += 1;
        Ok(())
    }

    fn finish(
        self,
        columns: &Columns,
        stated: Stated<'_>,
        part: Option<usize>,
    ) -> Result<Draft, FormatError> {
        if columns.label.is_some() && self.spans.is_empty() {
            return Err(FormatError::new(
                "there is no label: the label column is empty",
                format!("from line {}", self.first_line),
                "fill the column, or remove it so that the folder or the file's name gives the label",
            ));
        }
        let mut notes = columns.notes.clone();
        let (rate_hz, times_ms) = match &columns.time {
            Some(time) => {
                let read = clock::read(&self.ticks, time).map_err(|e| {
                    let place = format!("{}, from line {}", e.place, self.first_line);
                    FormatError::new(e.what, place, e.remedy)
                })?;
                notes.extend(read.note);
                (read.rate_hz, read.times_ms)
            }
            None => match stated.rate_hz {
                Some(rate) => {
                    notes.push(format!("rate of {rate} Hz as stated when importing"));
                    (rate, None)
                }
                None => {
                    return Err(FormatError::new(
                        "there is no time column and no rate",
                        "header",
                        "name the time column t_ms, time_s or timestamp, or state the rate when importing",
                    ));
                }
            },
        };
        let axes = columns.axes.iter().map(|a| lampyris_dataset::Axis {
            name: a.name.clone(),
            unit: a.unit.clone(),
        });
        Ok(Draft {
            part: part.map(|i| match &self.group {
                Some(group) if !group.is_empty() => format!("{group} {}", i + 1),
                Some(_) | None => (i + 1).to_string(),
            }),
            label: None,
            spans: self.spans,
            group: self.group.filter(|g| !g.is_empty()),
            axes: axes.collect(),
            rate_hz,
            values: self.values,
            times_ms,
            picture: None,
            created_ms: None,
            notes,
        })
    }
}

/// A finite number, or what stands there instead.
fn number<T: std::str::FromStr + Finite>(
    cell: &str,
    column: &str,
    line: usize,
) -> Result<T, FormatError> {
    if let Ok(value) = cell.parse::<T>()
        && value.is_finite()
    {
        return Ok(value);
    }
    let (what, remedy) = if cell.is_empty() {
        (
            "a value is missing".into(),
            "fill the cell or delete the row",
        )
    } else if cell.parse::<f64>().is_ok() {
        (
            format!("the value {cell} is not a finite number"),
            "fill the cell or delete the row; only finite numbers can be learnt from",
        )
    } else if cell.contains(',') && cell.replacen(',', ".", 1).parse::<f64>().is_ok() {
        (
            format!("\"{cell}\" has a decimal comma"),
            "export with a decimal point",
        )
    } else {
        let shown: String = cell.chars().take(40).collect();
        (
            format!("\"{shown}\" is not a number"),
            "correct the cell, or remove the column if it holds words",
        )
    };
    Err(FormatError::new(
        what,
        format!("line {line}, column \"{column}\""),
        remedy,
    ))
}

trait Finite {
    fn is_finite(&self) -> bool;
}

impl Finite for f32 {
    fn is_finite(&self) -> bool {
        Self::is_finite(*self)
    }
}

impl Finite for f64 {
    fn is_finite(&self) -> bool {
        Self::is_finite(*self)
    }
}

/// A recording as CSV: `t_ms`, one column an axis with its unit in brackets,
/// `label` (empty where nothing is labelled), and `group` where there is one.
///
/// Even times are computed from the rate, so that the file reads back at the
/// same rate; numbers are written with all the digits that matter.
pub fn write(recording: &Recording) -> String {
    let meta = &recording.meta;
    let mut out = String::from("t_ms");
    for axis in &meta.axes {
        let name = match axis.unit.as_str() {
            "" => axis.name.clone(),
            unit => format!("{} ({unit})", axis.name),
        };
        let _ = write!(out, ",{}", quoted(&name));
    }
    let group = meta.group.as_deref().map(quoted);
    out.push_str(",label");
    out.push_str(if group.is_some() { ",group\n" } else { "\n" });
    for (i, row) in recording.values.chunks(meta.axes.len().max(1)).enumerate() {
        let t_ms = match &recording.times_ms {
            Some(times) => times[i],
            None => i as f64 * 1000.0 / meta.rate_hz,
        };
        let _ = write!(out, "{t_ms}");
        for value in row {
            let _ = write!(out, ",{value}");
        }
        let label = label_at(&meta.spans, i as u32).unwrap_or_default();
        let _ = write!(out, ",{}", quoted(label));
        if let Some(group) = &group {
            let _ = write!(out, ",{group}");
        }
        out.push('\n');
    }
    out
}

/// A cell with the quotes it needs.
pub(crate) fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r', ';', '\t']) || cell.trim() != cell {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.into()
    }
}

#[cfg(test)]
mod tests;
