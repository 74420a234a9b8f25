//! Whether a year on the battery is possible, and which single change would make it so.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Estimate, Verdict, energy, footprint, time};
use crate::{BATTERIES, BOARDS, Battery, Board, Conditions, Workload};

/// The longest time between inferences in ms that is proposed.
const LONGEST_HOP_MS: f64 = 60_000.0;
/// Steps of a search between two values: finer than what is told.
const STEPS: u32 = 50;

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
    /// Another battery.
    Battery,
    /// Another board.
    Board,
}

/// A single change that makes a year possible.
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
    /// Changes, each of which alone makes it possible for certain. Where the whole board draws too
    /// much asleep they hold for its chip alone.
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
    if high <= allowed {
        return Year {
            possible: Some(true),
            allowed_uw: Some(allowed),
            text: format!("Yes. {start}, and this draws {draws} µW."),
            by: Vec::new(),
        };
    }
    let possible = (low > allowed).then_some(false);
    let by = changes(work, board, c, allowed);
    let answer = match possible {
        Some(_) => "No",
        None => "Perhaps",
    };
    let takes = if by.is_empty() {
        "No single change makes it last a year.".into()
    } else {
        let all: Vec<&str> = by.iter().map(|change| change.text.as_str()).collect();
        format!("It takes {}.", all.join(", or "))
    };
    Year {
        possible,
        allowed_uw: Some(allowed),
        text: format!("{answer}. {start}, and this draws {draws} µW. {takes}"),
        by,
    }
}

/// Everything that alone is enough.
fn changes(work: &Workload, board: &Board, c: &Conditions, allowed: f64) -> Vec<Change> {
    let mut by = settings(work, board, c, allowed, "");
    let alone = Conditions {
        whole_board: false,
        ..c.clone()
    };
    let (whole, chip) = (board.sleep_uw(true), board.sleep_uw(false));
    if c.whole_board && whole.1 {
        let own = "the chip alone on a board of your own";
        if holds(work, board, &alone, allowed) {
            let told = |f: crate::Figure| f.range().map_or(String::new(), |r| range(r.0, r.1));
            by.push(Change {
                lever: Lever::Chip,
                text: format!(
                    "{own}: {} µW asleep instead of {}",
                    told(chip.0),
                    told(whole.0)
                ),
                conditions: alone,
            });
        } else if by.is_empty() {
            by = settings(work, board, &alone, allowed, &format!("{own}, and "));
        }
    }
    by.extend(other_battery(work, board, c));
    by.extend(other_board(work, board, c, allowed));
    by
}

/// Clock, gate, hop and messages, each solved for what just suffices.
fn settings(
    work: &Workload,
    board: &Board,
    c: &Conditions,
    allowed: f64,
    first: &str,
) -> Vec<Change> {
    let enough = |c: &Conditions| holds(work, board, c, allowed);
    let mut by = Vec::new();
    let mut add = |lever, text: String, conditions: Conditions| {
        if enough(&conditions) {
            by.push(Change {
                lever,
                text: format!("{first}{text}"),
                conditions,
            });
        }
    };
    let now = board.clock(c.clock_mhz);
    let slower = board
        .clocks_mhz()
        .into_iter()
        .rev()
        .filter(|mhz| *mhz < now);
    let with_clock = |mhz: f64| Conditions {
        clock_mhz: Some(mhz),
        ..c.clone()
    };
    let in_time = |c: &Conditions| {
        let ms = time::latency(work, board, c).high;
        ms.is_some_and(|ms| ms <= c.hop_ms)
    };
    let mut slower = slower.map(with_clock);
    if let Some(conditions) = slower.find(|c| enough(c) && in_time(c)) {
        let mhz = number(conditions.clock_mhz.unwrap_or(now));
        let text = format!("a clock of {mhz} MHz instead of {}", number(now));
        add(Lever::Clock, text, conditions);
    }
    let with_share = |share: f64| Conditions {
        awake_share: share,
        ..c.clone()
    };
    if let Some(share) = edge(c.awake_share, 0.0, |share| enough(&with_share(share))) {
        // Down to a tenth of a percent.
        let share = (share * 1000.0).floor() / 1000.0;
        let text = format!(
            "a gate or a sensor that wakes it, for at most {} % of the windows",
            number(share * 100.0)
        );
        if share > 0.0 {
            add(Lever::Gate, text, with_share(share));
        }
    }
    let with_hop = |hop_ms: f64| Conditions {
        hop_ms,
        ..c.clone()
    };
    if let Some(ms) = edge(c.hop_ms, LONGEST_HOP_MS, |ms| enough(&with_hop(ms))) {
        let ms = (ms / 100.0).ceil() * 100.0;
        let text = format!(
            "an inference each {} s instead of {}",
            number(ms / 1000.0),
            number(c.hop_ms / 1000.0)
        );
        add(Lever::Hop, text, with_hop(ms));
    }
    let with_messages = |messages_a_day: f64| Conditions {
        messages_a_day,
        ..c.clone()
    };
    if c.messages_a_day > 0.0
        && let Some(most) = edge(c.messages_a_day, 0.0, |n| enough(&with_messages(n)))
    {
        let most = most.floor();
        let text = format!(
            "at most {most} messages a day instead of {}",
            number(c.messages_a_day)
        );
        add(Lever::Messages, text, with_messages(most));
    }
    by
}

/// The smallest battery that lasts a year, gives the current and the voltage.
fn other_battery(work: &Workload, board: &Board, c: &Conditions) -> Option<Change> {
    let fits = |b: &&Battery| {
        let its = Conditions {
            battery: b.id.into(),
            ..c.clone()
        };
        let enough = b
            .sustains_uw(1.0)
            .is_some_and(|allowed| holds(work, board, &its, allowed));
        let current = board.peak_ma.high().zip(b.pulse_ma.low());
        enough
            && current.is_none_or(|(peak, pulse)| peak <= pulse)
            && reaches(b, board) != Some(false)
    };
    let energy = |b: &&Battery| b.energy_j().unwrap_or(f64::MAX) as u64;
    let best = BATTERIES.iter().filter(fits).min_by_key(energy)?;
    Some(Change {
        lever: Lever::Battery,
        text: format!("a {} instead of the battery chosen", best.name),
        conditions: Conditions {
            battery: best.id.into(),
            ..c.clone()
        },
    })
}

/// Whether a battery's nominal voltage is enough for a board.
pub(super) fn reaches(battery: &Battery, board: &Board) -> Option<bool> {
    Some(battery.volts.low()? >= board.least_volts.high()?)
}

/// The board that draws least of those that it runs on for a year.
fn other_board(work: &Workload, board: &Board, c: &Conditions, allowed: f64) -> Option<Change> {
    let mut best: Option<(f64, Change)> = None;
    for other in BOARDS.iter().filter(|b| b.id != board.id) {
        let its = Conditions {
            board: other.id.into(),
            clock_mhz: None,
            ..c.clone()
        };
        let Some((_, high)) = average(work, other, &its) else {
            continue;
        };
        let better = high <= allowed && best.as_ref().is_none_or(|(least, _)| high < *least);
        if !better || !runs(work, other, &its) {
            continue;
        }
        let whole = other.sleep_uw(c.whole_board).1;
        let text = format!(
            "another board: {}{}, {} µW on average at most",
            other.name,
            if whole { "" } else { " (its chip alone)" },
            number(high)
        );
        let change = Change {
            lever: Lever::Board,
            text,
            conditions: its,
        };
        best = Some((high, change));
    }
    best.map(|(_, change)| change)
}

/// Whether a workload fits a board and keeps up there; without the question for a year.
fn runs(work: &Workload, board: &Board, c: &Conditions) -> bool {
    // A battery of no name ends the question before it is asked of other boards again.
    let c = Conditions {
        battery: String::new(),
        ..c.clone()
    };
    let verdict = footprint(work, board, &c).verdict;
    matches!(verdict, Verdict::Fits | Verdict::Tight)
}

/// Average power in µW under some conditions.
fn average(work: &Workload, board: &Board, c: &Conditions) -> Option<(f64, f64)> {
    let latency = time::latency(work, board, c);
    energy::power(work, &latency, board, c).range()
}

fn holds(work: &Workload, board: &Board, c: &Conditions, allowed: f64) -> bool {
    average(work, board, c).is_some_and(|(_, high)| high <= allowed)
}

/// The value nearest to `from` that is enough, between there and `to`; `None` where even that
/// is not. What is enough stays so towards `to`.
fn edge(from: f64, to: f64, enough: impl Fn(f64) -> bool) -> Option<f64> {
    if !enough(to) {
        return None;
    }
    let (mut not, mut yes) = (from, to);
    for _ in 0..STEPS {
        let middle = (not + yes) / 2.0;
        if enough(middle) {
            yes = middle;
        } else {
            not = middle;
        }
    }
    Some(yes)
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
