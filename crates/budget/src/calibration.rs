//! Engines that are not ours: cycles a multiply-accumulate, fitted to MLPerf Tiny.
//!
//! # What
//! `cycles = Σ layers (macs · cost[class, kind] · core) + layers · LAYER`, kinds being
//! convolutions, depthwise convolutions and dense layers. `core` is 1 for Cortex-M4,
//! fitted for Cortex-M33 and M7, and for Cortex-M0+ the ratio of instructions that plain
//! loops of ours execute on both, layer by layer. The class of textbook loops is not fitted to its own
//! row: it is the scalar class and, at each tap of a convolution, the instructions for
//! finding its place. A range is `SPREAD` wide around that.
//!
//! # Parameters
//! Three costs for each of three classes and two cores: eleven, on 44 published times.
//!
//! # Source
//! The rows of [`ROWS`]. The tests fit the constants, predict each system with its own
//! rows and its engine's others on that core left out, and hold docs/latency.md to what
//! comes out.

use crate::latency::Engine;
use crate::workload::Layer;
use crate::{Core, Figure};

/// A system's published times.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Chip and engine with its version.
    pub system: &'static str,
    /// The chip's core.
    pub core: Core,
    /// Its clock.
    pub mhz: f64,
    /// The engine's class.
    pub class: Engine,
    /// Milliseconds of the tasks KWS, VWW, IC and AD.
    pub ms: [f64; 4],
    /// Round of MLPerf Tiny.
    pub round: &'static str,
}

const fn row(
    system: &'static str,
    core: Core,
    mhz: f64,
    class: Engine,
    ms: [f64; 4],
    round: &'static str,
) -> Row {
    Row {
        system,
        core,
        mhz,
        class,
        ms,
        round,
    }
}

/// MLPerf Tiny's closed division on general-purpose Cortex-M.
#[rustfmt::skip]
pub static ROWS: [Row; 12] = [
    row("STM32L4R5, TFLM reference", Core::CortexM4, 120.0, Engine::Reference, [182.0, 601.0, 704.0, 10.1], "v0.5"),
    row("STM32L4R5, microTVM", Core::CortexM4, 120.0, Engine::Scalar, [144.0, 337.0, 389.0, 11.7], "v1.0"),
    row("STM32L4R5, microTVM + CMSIS-NN", Core::CortexM4, 120.0, Engine::CmsisNn, [99.8, 301.0, 390.0, 8.6], "v1.0"),
    row("STM32L4R5, Plumerai", Core::CortexM4, 120.0, Engine::Vendor, [47.8, 98.8, 168.0, 4.1], "v1.1"),
    row("STM32L4R5, X-CUBE-AI 10.2", Core::CortexM4, 120.0, Engine::Vendor, [43.4, 89.4, 166.0, 4.8], "v1.3"),
    row("STM32L4R5, X-CUBE-AI 9", Core::CortexM4, 120.0, Engine::Vendor, [43.2, 88.9, 165.0, 5.3], "v1.2"),
    row("nRF5340, microTVM + CMSIS-NN", Core::CortexM33, 128.0, Engine::CmsisNn, [76.1, 232.0, 316.0, 6.3], "v1.0"),
    row("STM32U575, X-CUBE-AI 10.2", Core::CortexM33, 160.0, Engine::Vendor, [29.0, 59.3, 109.0, 3.2], "v1.3"),
    row("STM32U385, X-CUBE-AI 10.2", Core::CortexM33, 96.0, Engine::Vendor, [48.3, 98.7, 182.0, 5.4], "v1.3"),
    row("STM32H7A3, X-CUBE-AI 9", Core::CortexM7, 280.0, Engine::Vendor, [11.3, 23.8, 40.8, 1.23], "v1.2"),
    row("STM32F746, Plumerai", Core::CortexM7, 216.0, Engine::Vendor, [17.7, 34.1, 62.9, 1.7], "v1.1"),
    row("STM32G0B1, HALE", Core::CortexM0Plus, 64.0, Engine::Scalar, [475.0, 1414.0, 1522.0, 40.9], "v1.2"),
];

/// High over low of every range; chosen once, for all rows.
const SPREAD: f64 = 2.9;

/// Cycles of a layer beside its loops: bakeNN's net of 576 multiply-accumulates in three
/// layers takes 3,786 to 8,706 cycles on a Cortex-M, of which about this is left.
const LAYER: f64 = 1_000.0;

/// Cycles for a value of a layer without multiply-accumulates: a load, two steps, a
/// store. None of the four tasks has enough of them to tell.
const VALUE: f64 = 5.0;

/// Instructions that finding its place takes at each tap of a convolution, in what GCC
/// 12.2 with `-O2` makes of tests/firmware/textbook.c for Cortex-M4.
const TAP: f64 = 30.0;

/// Cycles an instruction in such loops: the middle of [`crate::latency::cycles_per_instruction`].
const PER_INSTRUCTION: f64 = 1.47;

/// Instructions of the same plain loops on Cortex-M0+ and on Cortex-M4, our own before either
/// core had kernels of its own, counted as docs/cost/README.md says: for convolutions,
/// depthwise convolutions and dense layers, so many for a multiply-accumulate, for a row of the
/// kernel at each output, and for an output.
const PLAIN: [[[f64; 3]; 3]; 2] = [
    [
        [10.96, 161.8, 183.0],
        [50.53, 0.0, 0.0],
        [10.84, 0.0, 214.9],
    ],
    [
        [6.018, 116.8, 110.4],
        [35.65, 0.0, 0.0],
        [5.962, 0.0, 116.3],
    ],
];

/// The same for a value of a layer without weights: an addition's.
const PLAIN_VALUE: [f64; 2] = [364.0, 198.3];

/// And for what is beside the loops of a layer.
const PLAIN_LAYER: f64 = 400.0;

/// Cycles a multiply-accumulate on Cortex-M4: convolution, depthwise, dense.
type Costs = [f64; 3];

/// What is fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fit {
    scalar: Costs,
    cmsis_nn: Costs,
    vendor: Costs,
    /// Cortex-M33's cycles for each of Cortex-M4's.
    m33: f64,
    /// Cortex-M7's.
    m7: f64,
}

/// Fitted to all rows.
const FITTED: Fit = Fit {
    scalar: [4.09, 25.8, 5.34],
    cmsis_nn: [3.74, 10.9, 3.65],
    vendor: [1.58, 2.27, 2.11],
    m33: 0.868,
    m7: 0.634,
};

/// Which cost a layer has.
fn kind(operator: &str) -> Option<usize> {
    match operator {
        "CONV_2D" | "TRANSPOSE_CONV" => Some(0),
        "DEPTHWISE_CONV_2D" => Some(1),
        "FULLY_CONNECTED" => Some(2),
        _ => None,
    }
}

/// Cycles on that core for each of Cortex-M4's.
fn core_ratio(fit: &Fit, core: Core, layer: &Layer) -> Option<f64> {
    match core {
        Core::CortexM4 => Some(1.0),
        Core::CortexM33 => Some(fit.m33),
        Core::CortexM7 => Some(fit.m7),
        Core::CortexM0Plus => Some(plain(0, layer) / plain(1, layer)),
        Core::Rv32Imc | Core::XtensaLx7 => None,
    }
}

/// Instructions of a layer in plain loops, on one of the two cores of [`PLAIN`].
fn plain(core: usize, layer: &Layer) -> f64 {
    let [macs, outputs, reads] = [layer.macs, layer.outputs, layer.reads].map(|n| n as f64);
    let loops = match kind(&layer.operator) {
        Some(kind) => {
            let [mac, row, output] = PLAIN[core][kind];
            mac * macs + row * outputs * layer.rows.max(1) as f64 + output * outputs
        }
        None => PLAIN_VALUE[core] * reads.max(outputs),
    };
    loops + PLAIN_LAYER
}

/// Cycles of a layer.
fn layer_cycles(fit: &Fit, core: Core, class: Engine, layer: &Layer) -> Option<f64> {
    let costs = match class {
        Engine::Lampyris => return None,
        Engine::Reference | Engine::Scalar => &fit.scalar,
        Engine::CmsisNn => &fit.cmsis_nn,
        Engine::Vendor => &fit.vendor,
    };
    let [macs, outputs, reads] = [layer.macs, layer.outputs, layer.reads].map(|n| n as f64);
    let loops = match kind(&layer.operator) {
        Some(kind) => macs * costs[kind],
        None => reads.max(outputs) * VALUE,
    };
    // Kernels are taken to be square where their rows alone are known.
    let textbook = class == Engine::Reference && kind(&layer.operator) == Some(0);
    let taps = if textbook {
        (layer.rows as f64 * layer.rows as f64 * outputs).min(macs)
    } else {
        0.0
    };
    let ratio = core_ratio(fit, core, layer)?;
    Some((loops + taps * TAP * PER_INSTRUCTION) * ratio + LAYER)
}

/// Cycles of a network, in the middle of the range.
fn cycles(fit: &Fit, core: Core, class: Engine, layers: &[Layer]) -> Option<f64> {
    layers
        .iter()
        .map(|layer| layer_cycles(fit, core, class, layer))
        .sum()
}

/// A range of [`SPREAD`] with that in its middle.
fn range(middle: f64) -> (f64, f64) {
    (middle / SPREAD.sqrt(), middle * SPREAD.sqrt())
}

/// Cycles of the network with an engine of that class. Unknown on cores that no published
/// result leads to, and for SIMD classes on a core that has no such instructions.
pub fn predicted(core: Core, class: Engine, layers: &[Layer]) -> Figure {
    if core == Core::CortexM0Plus && matches!(class, Engine::CmsisNn | Engine::Vendor) {
        return Figure::Unknown {
            why: "this core has no SIMD instructions, and the best known engine on it is a scalar one",
        };
    }
    match cycles(&FITTED, core, class, layers).map(range) {
        Some((low, high)) => Figure::Assumed {
            low,
            high,
            why: "fitted to MLPerf Tiny v0.5 to v1.3; with its own row left out, every published \
                  time lies within such a range (docs/latency.md)",
        },
        None => Figure::Unknown {
            why: "nobody published an int8 network on this core",
        },
    }
}

#[cfg(test)]
mod tests;
