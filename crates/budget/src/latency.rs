//! Cycles of a network and of its features on a core, as ranges.
//!
//! For our own engine they are executed instructions, counted layer by layer in an
//! emulator (`counted`), times published cycles an instruction of that core. For other
//! engines, classes of which MLPerf Tiny has results, see [`crate::calibration`].
//! docs/latency.md has both beside what is known.

mod counted;

use crate::calibration;
use crate::workload::Layer;
use crate::{Core, Figure};

/// What runs a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Ours, as exported.
    Lampyris,
    /// Loops as a textbook has them: TFLite Micro's reference kernels.
    Reference,
    /// Good code without SIMD instructions: microTVM's own kernels, HALE on Cortex-M0+.
    Scalar,
    /// CMSIS-NN called by a compiler that was made for other processors: microTVM with CMSIS-NN.
    CmsisNn,
    /// The best known: X-CUBE-AI, Plumerai.
    Vendor,
}

/// How far the fit of [`counted`] may be from what was counted, over a whole network; the
/// tests hold it.
const FIT: f64 = 0.17;

/// Instructions that our engine executes for these layers; `None` on a core that no
/// library of ours is built for. On Cortex-M7, which runs Cortex-M4's code, they are
/// Cortex-M4's.
pub fn instructions(core: Core, layers: &[Layer]) -> Option<f64> {
    let costs = counted::costs(core)?;
    Some(layers.iter().map(|layer| costs.instructions(layer)).sum())
}

/// Cycles an instruction takes on average in our loops.
pub fn cycles_per_instruction(core: Core) -> Figure {
    match core {
        Core::CortexM0Plus => Figure::Assumed {
            low: 1.4,
            high: 2.2,
            why: "Arm's instruction timings (loads, stores and taken branches 2, calls 3, others 1) by our \
                  own mix of instructions give 1.48 to 1.55; high: half as much again for flash wait states",
        },
        Core::CortexM4 => Figure::Assumed {
            low: 1.2,
            high: 1.8,
            why: "1.5 to 1.8 is MLPerf Tiny's time for CMSIS-NN on an STM32L4R5 at 120 MHz over its \
                  instructions, counted likewise; low: no wait states, and loads behind one another",
        },
        Core::CortexM33 => Figure::Assumed {
            low: 1.1,
            high: 1.5,
            why: "1.2 to 1.4 is MLPerf Tiny's time for CMSIS-NN on an nRF5340 over its instructions, \
                  counted likewise; 0.1 more to either side",
        },
        Core::CortexM7 => Figure::Assumed {
            low: 0.65,
            high: 1.35,
            why: "Cortex-M4's, times 0.54 to 0.75: the cycles of the same engines on both cores \
                  (MLPerf Tiny v1.1 to v1.3, X-CUBE-AI and Plumerai)",
        },
        Core::Rv32Imc => Figure::Assumed {
            low: 1.1,
            high: 2.2,
            why: "nobody published an int8 network on this core: one instruction a cycle at best; high: \
                  two more cycles at each taken branch and load of our own mix, and misses of its cache",
        },
        Core::XtensaLx7 => Figure::Unknown {
            why: "no library of ours is built for this core",
        },
    }
}

/// Cycles of the network on the core.
pub fn network(core: Core, engine: Engine, layers: &[Layer]) -> Figure {
    if engine != Engine::Lampyris {
        return calibration::predicted(core, engine, layers);
    }
    let count = instructions(core, layers);
    times(core, count.map(|n| (n * (1.0 - FIT), n * (1.0 + FIT))))
}

/// Cycles of the features that a Cortex-M4 with a floating-point unit takes that many
/// instructions for, by the block's id: the core's own instructions for the same work.
pub fn features(core: Core, block: &str, m4_instructions: u64) -> Figure {
    let m4 = m4_instructions as f64;
    let ratio = counted::features(core, block);
    times(core, ratio.map(|(low, high)| (m4 * low, m4 * high)))
}

/// Instructions times cycles an instruction.
fn times(core: Core, instructions: Option<(f64, f64)>) -> Figure {
    let cycles = cycles_per_instruction(core);
    match (cycles.range(), instructions) {
        (Some(each), Some(count)) => Figure::Assumed {
            low: count.0 * each.0,
            high: count.1 * each.1,
            why: cycles.text(),
        },
        _ => Figure::Unknown { why: cycles.text() },
    }
}
