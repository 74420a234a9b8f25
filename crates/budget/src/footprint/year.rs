//! Whether a year on the battery is possible, in words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::supply::{Supply, supply};
use super::{Estimate, levers};
use crate::{Board, Conditions, Workload};

/// What can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Lever {
    /// A slower clock.
    Clock,
    /// Fewer windows awake, behind a gate or a sensor that wakes the chip.
    Gate,
    /// More time between inferences.
    Hop,
    /// Fewer messages a day.
    Messages,
    /// The chip alone, on a board of one's own.
    Chip,
    /// Another sensor of the same kind.
    Sensor,
    /// Another battery.
    Battery,
    /// Another board.
    Board,
}

/// A change that makes a year possible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Change {
    /// What is changed.
    pub lever: Lever,
    /// What it takes, as the end of "It takes …".
    pub text: String,
    /// The conditions with that change.
    pub conditions: Conditions,
}

/// A year on the battery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Year {
    /// Whether it lasts a year: `None` where that depends on what is not known exactly, or not
    /// known at all.
    pub possible: Option<bool>,
    /// Average power in µW that the battery sustains for a year; `None` where unknown.
    pub allowed_uw: Option<f64>,
    /// The answer in a sentence or two.
    pub text: String,
    /// Changes, each of which makes it possible for certain: single ones, and where none of clock,
    /// hop, gate and messages is enough, with the chip alone or with another sensor.
    pub by: Vec<Change>,
}

/// Whether a year is possible, and what would make it so.
pub(super) fn year(work: &Workload, power: &Estimate, board: &Board, c: &Conditions) -> Year {
    let battery = crate::battery(&c.battery);
    let allowed = battery.and_then(|b| b.sustains_uw(1.0));
    let (Some(battery), Some(allowed), Some((low, high))) = (battery, allowed, power.range())
    else {
        let missing: Vec<&str> = power
            .parts
            .iter()
            .filter(|p| p.low.is_none())
            .map(|p| p.name.as_str())
            .collect();
        let what = if missing.is_empty() {
            "the battery".into()
        } else {
            missing.join(", ")
        };
        return Year {
            possible: None,
            allowed_uw: allowed,
            text: format!("Unknown, because this is not known: {what}."),
            by: Vec::new(),
        };
    };
    let draws = range(low, high);
    let name = battery.name;
    let start = format!(
        "A year on a {name} allows {} µW on average",
        number(allowed)
    );
    let supply = supply(battery, board, c);
    let (cannot, first) = match &supply {
        Supply::Runs => (false, String::new()),
        Supply::Perhaps(why, _) => (false, format!(" {why}")),
        Supply::Not(why) => (true, format!(" {why}")),
    };
    if high <= allowed && supply == Supply::Runs {
        return Year {
            possible: Some(true),
            allowed_uw: Some(allowed),
            text: format!("Yes. {start}, and this draws {draws} µW."),
            by: Vec::new(),
        };
    }
    let possible = (low > allowed || cannot).then_some(false);
    let by = levers::changes(work, board, c, allowed);
    let answer = match possible {
        Some(_) => "No",
        None => "Perhaps",
    };
    let takes = match &by[..] {
        [] => {
            let known = power
                .parts
                .iter()
                .filter_map(|p| Some((p, p.low?, p.high?)));
            let most = known.max_by(|a, b| a.1.total_cmp(&b.1));
            let why = most.filter(|(_, low, _)| *low > allowed);
            let why = why.map(|(p, low, high)| {
                let draws = range(low, high);
                format!("; the largest part of it, {}, is {draws} µW", p.name)
            });
            format!(
                "Nothing here makes it last a year for certain{}.",
                why.unwrap_or_default()
            )
        }
        [one] => format!("It takes {}.", one.text),
        all => {
            let all: Vec<&str> = all.iter().map(|change| change.text.as_str()).collect();
            format!("Any one of these is enough: {}.", all.join("; "))
        }
    };
    Year {
        possible,
        allowed_uw: Some(allowed),
        text: format!("{answer}.{first} {start}, and this draws {draws} µW. {takes}"),
        by,
    }
}

/// A number with as many digits as it needs.
pub(super) fn number(value: f64) -> String {
    let digits = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').into()
    } else {
        text
    }
}

/// A range, or one number where both would read the same.
pub(super) fn range(low: f64, high: f64) -> String {
    let (a, b) = (number(low), number(high));
    if a == b { a } else { format!("{a} to {b}") }
}
