//! From the last sample to the answer.

use crate::footprint::{Estimate, Term};
use crate::{Board, Conditions, Engine, Figure, Workload, latency as cycles};

/// Name of the part that is features; all others are the network's.
pub(super) const FEATURES: &str = "features";

/// Milliseconds of features and network at the clock that the conditions lead to.
pub(super) fn latency(work: &Workload, board: &Board, conditions: &Conditions) -> Estimate {
    let mhz = board.clock(conditions.clock_mhz);
    let part = |name: &str, cycles: Figure| {
        let ms = |cycles: f64| cycles / (mhz * 1000.0);
        let range = cycles.range();
        let source = match range {
            Some((low, high)) => {
                format!(
                    "{low:.0} to {high:.0} cycles at {mhz} MHz; {}",
                    cycles.source()
                )
            }
            None => cycles.source(),
        };
        Term::told(name, range.map(|r| (ms(r.0), ms(r.1))), "ms", source)
    };
    let core = board.core;
    let features = cycles::features(core, &work.block, instructions(work, conditions));
    let parts = vec![
        part(FEATURES, features),
        part(
            "network",
            cycles::network(core, Engine::Lampyris, &work.layers),
        ),
    ];
    Estimate::sum(
        parts,
        "ms",
        Some(conditions.hop_ms),
        "The sum at the board's clock; the limit is the time between inferences.",
    )
}

/// Instructions for the features between two inferences: frame by frame they follow the hop.
fn instructions(work: &Workload, conditions: &Conditions) -> u64 {
    let whole = work.feature_instructions as f64;
    if work.streams && work.hop_ms > 0.0 {
        (whole * conditions.hop_ms / work.hop_ms).round() as u64
    } else {
        work.feature_instructions
    }
}
