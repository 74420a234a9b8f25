//! A workload on a board: what fits, how long it takes, what it draws.
//!
//! * `memory`: flash and RAM, each part by its name in the linked export.
//! * `time`: from the last sample to the answer.
//! * `energy`: of one inference, on average, and how long a battery lasts.
//! * `supply`: whether a battery runs the board at all.
//! * `year`: whether a year on the battery is possible; `levers`: what would make it so.
//! * `advice`: the verdict in words, and what to shrink.
//! * `compare`: all boards at once.

mod advice;
mod compare;
mod energy;
mod levers;
mod memory;
mod supply;
mod time;
mod year;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Board, Conditions, Figure, Workload};

pub use compare::{Compared, compare};
pub use year::{Change, Lever, Year};

/// One part of an estimate, as a tooltip shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Term {
    /// What it is, for example "weights".
    pub name: String,
    /// Least; `None` where unknown.
    pub low: Option<f64>,
    /// Most; `None` where unknown.
    pub high: Option<f64>,
    /// Unit of both.
    pub unit: String,
    /// Where it comes from; begins with "assumed:" or "unknown:" where it does not come from a source.
    pub source: String,
}

impl Term {
    /// A figure as a term.
    pub fn of(name: &str, figure: Figure, unit: &str) -> Self {
        Self::told(name, figure.range(), unit, figure.source())
    }

    /// A range and where it comes from.
    pub fn told(name: &str, range: Option<(f64, f64)>, unit: &str, source: String) -> Self {
        Self {
            name: name.into(),
            low: range.map(|r| r.0),
            high: range.map(|r| r.1),
            unit: unit.into(),
            source,
        }
    }

    fn counted(name: &str, bytes: u64, source: &str) -> Self {
        let bytes = bytes as f64;
        Self::told(name, Some((bytes, bytes)), "B", source.into())
    }
}

/// An estimate as a range, with all that went into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Estimate {
    /// Least; `None` where a part is unknown.
    pub low: Option<f64>,
    /// Most; `None` where a part is unknown.
    pub high: Option<f64>,
    /// Unit of both.
    pub unit: String,
    /// What the board leaves for it, in the same unit, where that is known and there is such a limit.
    pub limit: Option<f64>,
    /// What went into it.
    pub parts: Vec<Term>,
    /// How the parts make the whole, and what is not counted.
    pub note: String,
}

impl Estimate {
    /// Sum of the parts, unknown where one is.
    fn sum(parts: Vec<Term>, unit: &str, limit: Option<f64>, note: &str) -> Self {
        Self {
            low: parts.iter().map(|p| p.low).sum(),
            high: parts.iter().map(|p| p.high).sum(),
            unit: unit.into(),
            limit,
            parts,
            note: note.into(),
        }
    }

    /// Least and most, where both are known.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.low.zip(self.high)
    }

    /// The most of it, as a share of its limit.
    pub fn share(&self) -> Option<f64> {
        Some(self.high? / self.limit?)
    }
}

/// Whether a model runs on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Verdict {
    /// With room to spare.
    Fits,
    /// It fits, but over 80 % of flash or RAM is used, or slow kernels would not keep up.
    Tight,
    /// Flash or RAM is too small, or even the best kernels don't keep up.
    DoesNotFit,
    /// A figure that decides is unknown.
    Unknown,
}

/// What a model costs on a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Footprint {
    /// Id of the board.
    pub board: String,
    /// Its name for people.
    pub board_name: String,
    /// Id of the battery.
    pub battery: String,
    /// The clock in MHz that all figures hold for.
    pub clock_mhz: f64,
    /// Bytes of flash.
    pub flash: Estimate,
    /// Bytes of the export's own memory, each part by the name that the map file gives it.
    pub ram: Estimate,
    /// Bytes of all RAM that is taken: the above, the stack and a camera's picture.
    pub ram_whole: Estimate,
    /// Milliseconds from a full window to a label.
    pub latency: Estimate,
    /// Microjoules of one inference with its features.
    pub energy: Estimate,
    /// Average microwatts of chip, sensor and radio.
    pub power: Estimate,
    /// Days on the battery.
    pub battery_life: Estimate,
    /// Whether it runs there.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub reason: String,
    /// What to shrink, with numbers, where it does not fit or hardly does.
    pub shrink: Vec<String>,
    /// Whether a year on the battery is possible, and what would make it so.
    pub year: Year,
    /// What else to mind, for example a peak that the battery can't give.
    pub cautions: Vec<String>,
}

/// Puts a workload on a board.
///
/// `conditions.board` is not looked at: the board is the one given. What the conditions name
/// and no table has counts as absent: no radio, no sensor, an unknown battery. Its numbers are
/// made [`Conditions::legal`] first.
pub fn footprint(work: &Workload, board: &Board, conditions: &Conditions) -> Footprint {
    let conditions = &conditions.legal();
    let clock_mhz = board.clock(conditions.clock_mhz);
    let flash = memory::flash(work, board);
    let ram = memory::ram(work, board);
    let ram_whole = memory::ram_whole(work, board, &ram);
    let latency = time::latency(work, board, conditions);
    let energy = energy::energy(&latency, board, clock_mhz);
    let power = energy::power(work, &latency, board, conditions);
    let battery = crate::battery(&conditions.battery);
    let supply = battery.map(|b| supply::supply(b, board, conditions));
    let battery_life = energy::battery_life(&power, battery, supply.as_ref());
    let (verdict, reason) = advice::verdict(&flash, &ram_whole, &latency);
    Footprint {
        board: board.id.into(),
        board_name: board.name.into(),
        battery: conditions.battery.clone(),
        clock_mhz,
        shrink: advice::shrink(&flash, &ram, &ram_whole, &latency),
        year: year::year(work, &power, board, conditions),
        cautions: advice::cautions(work, board, conditions, &power),
        flash,
        ram,
        ram_whole,
        latency,
        energy,
        power,
        battery_life,
        verdict,
        reason,
    }
}

#[cfg(test)]
mod tests;
