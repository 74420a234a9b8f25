//! All boards at once.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Verdict, footprint};
use crate::{BOARDS, Conditions, Workload};

/// A board in a table that compares them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Compared {
    /// Id of the board.
    pub board: String,
    /// Its name for people.
    pub name: String,
    /// Whether the model runs there.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub reason: String,
    /// Most of its flash that is used, as a share of what is left for it; `None` where unknown.
    pub flash_share: Option<f64>,
    /// Most of its RAM, likewise.
    pub ram_share: Option<f64>,
    /// Least milliseconds from a full window to a label; `None` where unknown.
    pub latency_low_ms: Option<f64>,
    /// Most milliseconds, likewise.
    pub latency_high_ms: Option<f64>,
    /// Least years on the battery; `None` where unknown.
    pub years_low: Option<f64>,
    /// Most years, likewise.
    pub years_high: Option<f64>,
}

/// A workload on every board, at its usual clock unless the conditions name one that it has.
pub fn compare(work: &Workload, conditions: &Conditions) -> Vec<Compared> {
    let on = |board: &crate::Board| {
        let fits = |mhz: &f64| board.clock(Some(*mhz)) == *mhz;
        let its = Conditions {
            board: board.id.into(),
            clock_mhz: conditions.clock_mhz.filter(fits),
            ..conditions.clone()
        };
        let f = footprint(work, board, &its);
        let years = |days: Option<f64>| days.map(|d| d / 365.25);
        Compared {
            flash_share: f.flash.share(),
            ram_share: f.ram_whole.share(),
            latency_low_ms: f.latency.low,
            latency_high_ms: f.latency.high,
            years_low: years(f.battery_life.low),
            years_high: years(f.battery_life.high),
            board: f.board,
            name: f.board_name,
            verdict: f.verdict,
            reason: f.reason,
        }
    };
    BOARDS.iter().map(on).collect()
}
