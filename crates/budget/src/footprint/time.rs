//! From the last sample to the answer.

use crate::footprint::{Estimate, Term};
use crate::{Board, Conditions, Core, Figure, Workload};

/// Name of the part that is features; all others are the network's.
pub(super) const FEATURES: &str = "features";

/// Cycles of the network on a core: by multiply-accumulates and by layers.
fn network(core: Core, work: &Workload) -> Figure {
    let [mac, layer, _] = cycles(core);
    let both = mac.range().zip(layer.range());
    let (macs, layers) = (work.macs() as f64, work.layers.len() as f64);
    match both {
        Some((mac_range, layer)) => Figure::Assumed {
            low: macs * mac_range.0 + layers * layer.0,
            high: macs * mac_range.1 + layers * layer.1,
            why: mac.text(),
        },
        None => Figure::unknown(mac.text()),
    }
}

/// Cycles of features that a Cortex-M4 takes that many instructions for.
fn features(core: Core, instructions: f64) -> Figure {
    let [.., each] = cycles(core);
    match each.range() {
        Some((low, high)) => Figure::Assumed {
            low: instructions * low,
            high: instructions * high,
            why: each.text(),
        },
        None => each,
    }
}

/// Cycles a multiply-accumulate, a layer, and an instruction of the features, by core.
fn cycles(core: Core) -> [Figure; 3] {
    const M4: Figure = Figure::between(
        1.8,
        9.6,
        "MLPerf Tiny, STM32L4R5: Plumerai v1.1 (AD) to TFLM reference kernels v0.5 (VWW)",
    );
    const M33: Figure = Figure::assumed_between(
        1.9,
        9.6,
        "low: MLPerf Tiny v1.3, X-CUBE-AI 10.2 on STM32U575 (AD); high: nobody published plain \
         portable kernels on this core, so the Cortex-M4's",
    );
    const M7: Figure = Figure::assumed_between(
        0.9,
        6.0,
        "low: MLPerf Tiny v1.2, X-CUBE-AI 9 on STM32H7A3 (VWW); high: plain portable kernels of \
         the Cortex-M4, by two instructions a cycle where they pair",
    );
    const M0: Figure = Figure::assumed_between(
        9.9,
        25.0,
        "low: MLPerf Tiny v1.2, STM32G0B1 (the same core), Bosch HALE (AD); high: that times \
         4.6/1.8, the Cortex-M4's ratio of TFLM reference to best known",
    );
    const LAYER: Figure = Figure::assumed_between(
        900.0,
        2000.0,
        "bakeNN's net of 576 multiply-accumulates takes 3,786 to 8,706 cycles on a Cortex-M; \
         what multiply-accumulates don't explain, over three layers",
    );
    const HARD: Figure = Figure::assumed_between(
        1.0,
        3.0,
        "1 to 1.8 cycles an instruction, and up to 1.6 times as many instructions with a \
         block's costliest settings (docs/cost)",
    );
    const SOFT: Figure = Figure::assumed_between(
        5.0,
        80.0,
        "no floating-point unit: 5 to 44 times the instructions of a Cortex-M4 with one, by block \
         and settings (docs/cost), at 1 to 1.8 cycles each",
    );
    const NOBODY: Figure = Figure::unknown("no published int8 result on this core");
    match core {
        Core::CortexM4 => [M4, LAYER, HARD],
        Core::CortexM33 => [M33, LAYER, HARD],
        Core::CortexM7 => [M7, LAYER, HARD],
        Core::CortexM0Plus => [M0, LAYER, SOFT],
        Core::Rv32Imc => [NOBODY, NOBODY, SOFT],
        Core::XtensaLx7 => [NOBODY; 3],
    }
}

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
    let parts = vec![
        part(
            FEATURES,
            features(board.core, instructions(work, conditions)),
        ),
        part("network", network(board.core, work)),
    ];
    Estimate::sum(
        parts,
        "ms",
        Some(conditions.hop_ms),
        "The sum at the board's clock; the limit is the time between inferences.",
    )
}

/// Instructions for the features between two inferences: frame by frame they follow the hop.
fn instructions(work: &Workload, conditions: &Conditions) -> f64 {
    let whole = work.feature_instructions as f64;
    if work.streams && work.hop_ms > 0.0 {
        whole * conditions.hop_ms / work.hop_ms
    } else {
        whole
    }
}
