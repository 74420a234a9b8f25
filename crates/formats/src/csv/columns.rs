//! What each column of a CSV file is, decided by its name and a look at its
//! first rows.

use crate::FormatError;

use super::rows::{Cells, Rows};

/// Rows that are looked at to tell numbers from words.
const LOOK_AHEAD: usize = 16;

const LABELS: [&str; 3] = ["label", "class", "activity"];
const COUNTERS: [&str; 7] = ["", "index", "idx", "row", "#", "sample", "unnamed: 0"];
const TIMES: [&str; 6] = [
    "t",
    "time",
    "timestamp",
    "time stamp",
    "elapsed",
    "time_elapsed",
];

/// Milliseconds in a unit of time, by its names.
const TIME_UNITS: [(&[&str], f64); 4] = [
    (&["s", "sec", "secs", "second", "seconds"], 1000.0),
    (
        &[
            "ms",
            "msec",
            "milli",
            "millis",
            "millisecond",
            "milliseconds",
        ],
        1.0,
    ),
    (
        &["us", "µs", "usec", "micros", "microsecond", "microseconds"],
        1e-3,
    ),
    (&["ns", "nanos", "nanosecond", "nanoseconds"], 1e-6),
];

/// The time column.
#[derive(Debug, PartialEq)]
pub(super) struct TimeColumn {
    pub(super) column: usize,
    /// As in the header.
    pub(super) name: String,
    /// Milliseconds in one unit, where the name says so.
    pub(super) unit_ms: Option<f64>,
}

/// A column of readings.
#[derive(Debug, PartialEq)]
pub(super) struct AxisColumn {
    pub(super) column: usize,
    pub(super) name: String,
    pub(super) unit: String,
}

/// What each column is.
#[derive(Debug, PartialEq)]
pub(super) struct Columns {
    pub(super) time: Option<TimeColumn>,
    pub(super) label: Option<usize>,
    pub(super) group: Option<usize>,
    pub(super) axes: Vec<AxisColumn>,
    /// What was left out.
    pub(super) notes: Vec<String>,
}

impl Columns {
    pub(super) fn decide(
        header: &Cells<'_>,
        rows: &Rows<'_>,
        group_by: Option<&str>,
    ) -> Result<Self, FormatError> {
        check_names(header)?;
        let numeric = numeric_columns(header.len(), rows);
        let mut out = Self {
            time: time_column(header),
            label: None,
            group: None,
            axes: Vec::new(),
            notes: Vec::new(),
        };
        let mut left_out = Vec::new();
        for (column, cell) in header.iter().enumerate() {
            let lower = cell.to_ascii_lowercase();
            let is_time = out.time.as_ref().is_some_and(|t| t.column == column);
            let is_group = match group_by {
                Some(name) => name == cell.as_ref(),
                None => lower == "group",
            };
            if is_group && out.group.is_none() {
                out.group = Some(column);
            } else if is_time {
                continue;
            } else if out.label.is_none() && LABELS.contains(&lower.as_str()) {
                out.label = Some(column);
            } else if COUNTERS.contains(&lower.as_str())
                || time_unit(&lower).is_some()
                || !numeric[column]
            {
                // The nameless column after a last comma is nothing to tell of.
                if !cell.is_empty() {
                    left_out.push(format!("\"{cell}\""));
                }
            } else {
                let (name, unit) = name_and_unit(cell);
                out.axes.push(AxisColumn {
                    column,
                    name: name.into(),
                    unit: unit.into(),
                });
            }
        }
        if !left_out.is_empty() {
            out.notes
                .push(format!("columns left out: {}", left_out.join(", ")));
        }
        out.check(header)?;
        Ok(out)
    }

    fn check(&self, header: &Cells<'_>) -> Result<(), FormatError> {
        if self.axes.is_empty() {
            let remedy = if header.len() == 1 {
                "separate columns by a comma, a semicolon or a tab, and give at least one column of readings"
            } else {
                "give at least one column of readings, such as x"
            };
            return Err(FormatError::new(
                "no column holds readings",
                format!("header \"{}\"", header.join(",")),
                remedy,
            ));
        }
        for (i, axis) in self.axes.iter().enumerate() {
            if self.axes[..i].iter().any(|a| a.name == axis.name) {
                return Err(twice(&axis.name));
            }
        }
        Ok(())
    }
}

fn twice(name: &str) -> FormatError {
    FormatError::new(
        format!("two columns are called \"{name}\""),
        "header",
        "give each column a name of its own",
    )
}

fn check_names(header: &Cells<'_>) -> Result<(), FormatError> {
    if header.iter().all(|cell| cell.parse::<f64>().is_ok()) {
        return Err(FormatError::new(
            "there is no header: the first line holds only numbers",
            "line 1",
            "add a first line with the columns' names, for example t_ms,x,y,z",
        ));
    }
    for (i, cell) in header.iter().enumerate() {
        if !cell.is_empty() && header[..i].contains(cell) {
            return Err(twice(cell));
        }
    }
    Ok(())
}

/// Columns where one of the first rows holds a number; a wrong cell further
/// down is then told as such, and not taken for a column of words.
fn numeric_columns(width: usize, rows: &Rows<'_>) -> Vec<bool> {
    let mut numeric = vec![false; width];
    let mut ahead = rows.clone();
    let mut cells = Vec::new();
    for seen in 0..LOOK_AHEAD {
        // What is wrong with a row is told when it is read for good.
        if ahead.next(&mut cells).ok().flatten().is_none() {
            // Of no rows nothing is known.
            return if seen == 0 {
                vec![true; width]
            } else {
                numeric
            };
        }
        for (numeric, cell) in numeric.iter_mut().zip(&cells) {
            *numeric |= looks_numeric(cell);
        }
    }
    numeric
}

/// A number, also one with a decimal comma: that deserves its own message.
fn looks_numeric(cell: &str) -> bool {
    cell.parse::<f64>().is_ok()
        || (cell.contains(',') && cell.replacen(',', ".", 1).parse::<f64>().is_ok())
}

/// The first time column that says its unit, else the first of all.
fn time_column(header: &Cells<'_>) -> Option<TimeColumn> {
    let times = || {
        header.iter().enumerate().filter_map(|(column, cell)| {
            time_unit(&cell.to_ascii_lowercase()).map(|unit_ms| TimeColumn {
                column,
                name: cell.to_string(),
                unit_ms,
            })
        })
    };
    times()
        .find(|t| t.unit_ms.is_some())
        .or_else(|| times().next())
}

/// `None`: no name of a time. `Some(None)`: a time of an unsaid unit.
fn time_unit(lower: &str) -> Option<Option<f64>> {
    let unit_ms = |name: &str| {
        TIME_UNITS
            .iter()
            .find(|(names, _)| names.contains(&name))
            .map(|(_, ms)| *ms)
    };
    let (name, unit) = name_and_unit(lower);
    if !unit.is_empty() {
        return TIMES.contains(&name).then(|| unit_ms(unit));
    }
    if TIMES.contains(&name) {
        return Some(None);
    }
    // A lone "s" or "ms" is more likely something else than "millis" is.
    if name.len() > 3
        && let Some(ms) = unit_ms(name)
    {
        return Some(Some(ms));
    }
    if let Some(unit) = name.strip_suffix("_elapsed").and_then(unit_ms) {
        return Some(Some(unit));
    }
    let (stem, unit) = name.rsplit_once(['_', ' ', '-'])?;
    let unit = unit_ms(unit)?;
    TIMES.contains(&stem).then_some(Some(unit))
}

/// `accx (m/s2)` and `accx [m/s2]` into name and unit.
fn name_and_unit(cell: &str) -> (&str, &str) {
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((name, unit)) = cell.strip_suffix(close).and_then(|c| c.rsplit_once(open))
            && !name.trim().is_empty()
        {
            return (name.trim(), unit.trim());
        }
    }
    (cell, "")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn decide(text: &str, group_by: Option<&str>) -> Result<Columns, FormatError> {
        let (rows, header) = Rows::open(text).unwrap();
        Columns::decide(&header, &rows, group_by)
    }

    #[test]
    fn times_and_their_units() {
        for (name, unit) in [
            ("t", None),
            ("timestamp", None),
            ("t_ms", Some(1.0)),
            ("time_s", Some(1000.0)),
            ("time (s)", Some(1000.0)),
            ("timestamp [us]", Some(1e-3)),
            ("timestamp_ns", Some(1e-6)),
            ("millis", Some(1.0)),
            ("seconds_elapsed", Some(1000.0)),
        ] {
            assert_eq!(time_unit(name), Some(unit), "{name}");
        }
        for name in ["x", "ms", "temperature", "t1", "accx (m/s2)", "rise_s"] {
            assert_eq!(time_unit(name), None, "{name}");
        }
    }

    #[test]
    fn roles() {
        let c = decide("T_ms,ax (m/s2),note,Label,who\n0,1,hm,a,Al\n", Some("who")).unwrap();
        assert_eq!(c.time.unwrap().column, 0);
        assert_eq!((c.label, c.group), (Some(3), Some(4)));
        assert_eq!(
            (c.axes[0].name.as_str(), c.axes[0].unit.as_str()),
            ("ax", "m/s2")
        );
        assert_eq!(c.notes, ["columns left out: \"note\""]);
    }

    #[test]
    fn of_two_times_the_one_with_a_unit() {
        let c = decide("time,seconds_elapsed,x\n1,2,3\n", None).unwrap();
        assert_eq!(c.time.unwrap().name, "seconds_elapsed");
        assert_eq!(c.notes, ["columns left out: \"time\""]);
        assert_eq!(c.axes.len(), 1);
    }

    #[test]
    fn headers_that_go_wrong() {
        let told = |text| decide(text, None).unwrap_err().to_string();
        assert!(told("0,1\n2,3\n").contains("no header"));
        assert!(told("t,x,x\n0,1,2\n").contains("two columns are called \"x\""));
        assert!(told("t,x (g),x [g]\n0,1,2\n").contains("two columns are called \"x\""));
        assert!(told("t_ms,label\n0,a\n").contains("no column holds readings"));
        assert!(told("t x y\n0 1 2\n").contains("separate columns by"));
    }
}
