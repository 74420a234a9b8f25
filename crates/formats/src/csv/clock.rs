//! A time column into a rate, or into times where readings came unevenly.

use crate::FormatError;
use crate::draft::tidy_rate;

use super::columns::TimeColumn;

/// What the time column says.
#[derive(Debug, PartialEq)]
pub(super) struct Clock {
    pub(super) rate_hz: f64,
    /// Milliseconds from the first reading; `None` where they come evenly.
    pub(super) times_ms: Option<Vec<f64>>,
    /// Said where the unit had to be guessed.
    pub(super) note: Option<String>,
}

/// Units of time with the step that is plausible between two readings, in that
/// unit: each stands for 5 Hz to 5 kHz, so the ranges don't overlap.
const PLAUSIBLE: [(&str, f64, f64, f64); 4] = [
    ("seconds", 1000.0, 0.0002, 0.2),
    ("milliseconds", 1.0, 0.2, 200.0),
    ("microseconds", 1e-3, 200.0, 200_000.0),
    ("nanoseconds", 1e-6, 200_000.0, 200_000_000.0),
];

/// Readings this close to an even grid, in periods, are even.
const EVEN: f64 = 0.01;

pub(super) fn read(ticks: &[f64], time: &TimeColumn) -> Result<Clock, FormatError> {
    let place = || format!("column \"{}\"", time.name);
    let (Some(first), Some(last)) = (ticks.first(), ticks.last()) else {
        return Err(no_rate("there is no time", place()));
    };
    if ticks.len() < 2 {
        return Err(no_rate("one row tells no rate", place()));
    }
    let step = (last - first) / (ticks.len() - 1) as f64;
    if step <= 0.0 {
        return Err(no_rate("all times are the same", place()));
    }
    let (unit_ms, note) = match time.unit_ms {
        Some(unit_ms) => (unit_ms, None),
        None => {
            let (name, unit_ms, ..) = PLAUSIBLE
                .into_iter()
                .find(|(_, _, above, to)| step > *above && step <= *to)
                .ok_or_else(|| {
                    FormatError::new(
                        format!("a mean step of {step} fits no unit of time"),
                        place(),
                        "name the column with its unit: t_ms, t_s or t_us",
                    )
                })?;
            let note = format!("\"{}\" taken as {name} (mean step {step:.4})", time.name);
            (unit_ms, Some(note))
        }
    };
    let rate_hz = 1000.0 / (step * unit_ms);
    if is_even(ticks, *first, step) {
        return Ok(Clock {
            rate_hz: tidy_rate(rate_hz),
            times_ms: None,
            note,
        });
    }
    let times = ticks.iter().map(|t| (t - first) * unit_ms);
    Ok(Clock {
        rate_hz,
        times_ms: Some(times.collect()),
        note,
    })
}

fn no_rate(what: &str, place: String) -> FormatError {
    FormatError::new(
        what,
        place,
        "record for longer, or remove the column and state the rate when importing",
    )
}

/// Whether all readings lie on an even grid but for rounding: whole numbers may
/// be off by one where a step is at least two, others by a hundredth of a step.
fn is_even(ticks: &[f64], first: f64, step: f64) -> bool {
    let whole = step >= 2.0 && ticks.iter().all(|t| t.fract() == 0.0);
    let slack = if whole {
        f64::max(1.0, EVEN * step)
    } else {
        EVEN * step
    };
    ticks
        .iter()
        .enumerate()
        .all(|(i, t)| (t - first - i as f64 * step).abs() <= slack)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn column(unit_ms: Option<f64>) -> TimeColumn {
        TimeColumn {
            column: 0,
            name: "t".into(),
            unit_ms,
        }
    }

    fn every(step: f64) -> Vec<f64> {
        (0..100).map(|i| 5.0 * step + f64::from(i) * step).collect()
    }

    #[test]
    fn units_by_plausibility() {
        for (step, rate, name) in [
            (0.02, 50.0, "seconds"),
            (20.0, 50.0, "milliseconds"),
            (1.0, 1000.0, "milliseconds"),
            (0.1, 10.0, "seconds"),
            (20_000.0, 50.0, "microseconds"),
            (1e7, 100.0, "nanoseconds"),
        ] {
            let clock = read(&every(step), &column(None)).unwrap();
            assert_eq!(clock.rate_hz, rate, "step {step}");
            assert!(clock.note.unwrap().contains(&format!("as {name}")));
            assert_eq!(clock.times_ms, None);
        }
        assert!(read(&every(1e9), &column(None)).is_err());
    }

    #[test]
    fn a_stated_unit_is_believed() {
        let clock = read(&every(20.0), &column(Some(1000.0))).unwrap();
        assert_eq!((clock.rate_hz, clock.note), (0.05, None));
    }

    #[test]
    fn rounding_to_milliseconds_is_even() {
        let ticks: Vec<f64> = (0..1040)
            .map(|i| (f64::from(i) * 9.615384615).round())
            .collect();
        let clock = read(&ticks, &column(Some(1.0))).unwrap();
        // 1039 periods are 9990.38 ms and end on 9990: off by 4 in 100,000.
        assert_eq!(clock.times_ms, None, "rounding is no unevenness");
        assert!((clock.rate_hz - 104.0).abs() < 0.01, "{}", clock.rate_hz);
    }

    #[test]
    fn uneven_readings_keep_their_times() {
        let clock = read(&[100.0, 106.0, 114.0, 130.0], &column(Some(1.0))).unwrap();
        assert_eq!(clock.times_ms, Some(vec![0.0, 6.0, 14.0, 30.0]));
        assert_eq!(clock.rate_hz, 100.0);
    }

    #[test]
    fn no_rate_from_nothing() {
        assert!(
            read(&[5.0], &column(None))
                .unwrap_err()
                .what
                .contains("one row")
        );
        assert!(
            read(&[5.0, 5.0], &column(None))
                .unwrap_err()
                .what
                .contains("the same")
        );
    }
}
