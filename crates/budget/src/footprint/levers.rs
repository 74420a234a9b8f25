//! What would make a year on the battery possible: each change solved for what just suffices.

use super::supply::runs_on;
use super::year::{number, range};
use super::{Change, Lever, Verdict, energy, footprint, time};
use crate::{BATTERIES, BOARDS, Battery, Board, Conditions, Figure, SENSORS, Sensor, Workload};

/// The longest time between inferences in ms that is proposed.
const LONGEST_HOP_MS: f64 = 60_000.0;
/// Steps of a search between two values: finer than what is told.
const STEPS: u32 = 50;

/// What is changed before clock, hop, gate and messages are.
struct Base {
    lever: Lever,
    text: String,
    conditions: Conditions,
}

/// The chip alone, another sensor, and both, where there are such.
fn bases(board: &Board, c: &Conditions) -> Vec<Base> {
    let (whole, chip) = (board.sleep_uw(true), board.sleep_uw(false));
    let told = |f: Figure| f.range().map_or(String::new(), |r| range(r.0, r.1));
    let mut bases = Vec::new();
    if c.whole_board && whole.1 {
        bases.push(Base {
            lever: Lever::Chip,
            text: format!(
                "the chip alone on a board of your own ({} µW asleep instead of {})",
                told(chip.0),
                told(whole.0)
            ),
            conditions: Conditions {
                whole_board: false,
                ..c.clone()
            },
        });
    }
    if let Some(other) = thriftier(c) {
        bases.push(Base {
            lever: Lever::Sensor,
            text: format!("another sensor: {}", other.name),
            conditions: Conditions {
                sensor: other.id.into(),
                ..c.clone()
            },
        });
    }
    // The last, for where neither is enough.
    if let [chip, sensor] = &bases[..] {
        bases.push(Base {
            lever: Lever::Sensor,
            text: format!("{} and {}", chip.text, sensor.text),
            conditions: Conditions {
                whole_board: false,
                ..sensor.conditions.clone()
            },
        });
    }
    bases
}

/// The sensor of the same kind that draws least under these conditions, if it draws less.
fn thriftier(c: &Conditions) -> Option<&'static Sensor> {
    let own = crate::sensor(&c.sensor)?;
    let draws = |s: &Sensor| {
        let (work, watch) = (s.active_uw.high()?, s.watching_uw.high()?);
        Some(c.awake_share * work + (1.0 - c.awake_share) * watch)
    };
    let alike = SENSORS.iter().filter(|s| s.senses == own.senses);
    let draw = |s: &&Sensor| draws(s).unwrap_or(f64::MAX);
    let best = alike.min_by(|a, b| draw(a).total_cmp(&draw(b)))?;
    (draw(&best) < draws(own)?).then_some(best)
}

/// Everything that is enough: single changes first, then pairs and threes until some are found.
pub(super) fn changes(work: &Workload, board: &Board, c: &Conditions, allowed: f64) -> Vec<Change> {
    let mut by = settings(work, board, c, allowed, "");
    for (i, base) in bases(board, c).into_iter().enumerate() {
        if i == 2 && !by.is_empty() {
            continue;
        }
        if holds(work, board, &base.conditions, allowed) {
            by.push(Change {
                lever: base.lever,
                text: base.text,
                conditions: base.conditions,
            });
        } else if by.is_empty() {
            let first = format!("{}, and ", base.text);
            by = settings(work, board, &base.conditions, allowed, &first);
        }
    }
    by.extend(other_battery(work, board, c));
    by.extend(other_board(work, board, c, allowed));
    if by.is_empty()
        && let Some(sensor) = thriftier(c)
    {
        let its = Conditions {
            sensor: sensor.id.into(),
            ..c.clone()
        };
        by.extend(
            other_board(work, board, &its, allowed).map(|change| Change {
                text: format!("{}; and another sensor: {}", change.text, sensor.name),
                ..change
            }),
        );
    }
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
        let ms = (ms / 10.0).ceil() * 10.0;
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
        if most > 0.0 {
            add(Lever::Messages, text, with_messages(most));
        }
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
        // With ease: the most that board and radio draw, too.
        let radio = crate::radio(&c.radio).filter(|_| c.messages_a_day > 0.0);
        let peaks = [Some(board.peak_ma), radio.map(|r| r.peak_ma)];
        let gives = |peak: Figure| {
            peak.high()
                .zip(b.pulse_ma.low())
                .is_some_and(|(p, most)| p <= most)
        };
        enough && b.id != c.battery && peaks.into_iter().flatten().all(gives)
    };
    let energy = |b: &&Battery| b.energy_j().unwrap_or(f64::MAX) as u64;
    let best = BATTERIES.iter().filter(fits).min_by_key(energy)?;
    Some(Change {
        lever: Lever::Battery,
        text: format!("a {} instead", best.name),
        conditions: Conditions {
            battery: best.id.into(),
            ..c.clone()
        },
    })
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
        let better = high <= allowed
            && runs_on(other, &its)
            && best.as_ref().is_none_or(|(least, _)| high < *least);
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

/// Whether the battery runs the board, and sustains what it draws.
fn holds(work: &Workload, board: &Board, c: &Conditions, allowed: f64) -> bool {
    runs_on(board, c) && average(work, board, c).is_some_and(|(_, high)| high <= allowed)
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
