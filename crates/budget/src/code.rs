//! Bytes of code that an export links, and of stack that it takes.
//!
//! # What
//! The C interface's static libraries were linked once for each operator, block and way of
//! running alone (`tests/firmware/linked.mjs`). A section belongs to all whose program holds
//! it, so a model's bytes are the sum over the sections that any of its parts belongs to.
//! `table` is docs/cost/code.csv. Stack is painted and searched in the emulator.

mod table;

use crate::{Core, Figure};
use table::{SHARES, USERS};

/// How far whole classifiers may be from the sum of their parts, which
/// `tests/firmware/linked.mjs` holds: a share, and bytes.
const OFF: (f64, f64) = (0.05, 256.0);

/// Bytes of stack that no classifier goes beyond: `lampyris_device::STACK_BYTES`.
pub const STACK_BOUND: f64 = 4096.0;

/// Bytes of stack that the C export of the starter's motion model paints on Cortex-M0+, M4,
/// M33 and RV32IMC, as `tests/exports` prints them.
const STARTS: [f64; 4] = [2800.0, 2720.0, 2720.0, 2676.0];

/// The column of the tables that a core's bytes are in.
fn column(core: Core) -> Option<usize> {
    match core {
        Core::CortexM0Plus => Some(0),
        // The same library serves Cortex-M7.
        Core::CortexM4 | Core::CortexM7 => Some(1),
        Core::CortexM33 => Some(2),
        Core::Rv32Imc => Some(3),
        Core::XtensaLx7 => None,
    }
}

/// Bytes in flash of code and constants that an export links for these operators (TFLite's
/// names) and this block (its id), without the model. `streams`: frame by frame, each once.
/// Unknown where the table lacks an operator or the block.
pub fn linked(core: Core, operators: &[&str], block: &str, streams: bool) -> Figure {
    let Some(column) = column(core) else {
        return Figure::Unknown {
            why: "no library of ours is built for this core",
        };
    };
    let way = match block {
        "image" => "pictures",
        _ if streams => "frames",
        _ => "windows",
    };
    let parts = || operators.iter().copied().chain([block, way]);
    let bit = |name: &str| USERS.iter().position(|user| *user == name);
    if parts().any(|name| bit(name).is_none()) {
        return Figure::Unknown {
            why: "an operator or the signal block was not measured (docs/cost/code.csv)",
        };
    }
    let mask = parts()
        .filter_map(bit)
        .fold(0u64, |mask, bit| mask | 1 << bit);
    // What belongs to everything has every bit.
    let shares = SHARES.iter().filter(|share| share.0 & mask != 0);
    let bytes: f64 = shares.map(|share| f64::from(share.1[column])).sum();
    Figure::Sourced {
        low: (bytes * (1.0 - OFF.0) - OFF.1).max(0.0).floor(),
        high: (bytes * (1.0 + OFF.0) + OFF.1).ceil(),
        source: "measured: the C libraries linked part by part (docs/cost/code.csv), 5 % and 256 B to either side",
    }
}

/// Bytes of stack that a classifier takes at its deepest, which is its start: from what the C
/// export of a motion model paints on this core to the bound that every export is held to.
pub fn stack(core: Core) -> Figure {
    let Some(column) = column(core) else {
        return Figure::Unknown {
            why: "no library of ours is built for this core",
        };
    };
    Figure::Sourced {
        low: STARTS[column],
        high: STACK_BOUND,
        source: "measured: what the C export of a motion model paints; high: the bound of 4,096 B that \
                 the tests of exports hold for every model (docs/cost)",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const CORES: [(&str, Core); 4] = [
        ("Cortex-M0+", Core::CortexM0Plus),
        ("Cortex-M4", Core::CortexM4),
        ("Cortex-M33", Core::CortexM33),
        ("RV32IMC", Core::Rv32Imc),
    ];

    #[test]
    fn the_table_is_the_measured_one() {
        let text = include_str!("../../../docs/cost/code.csv");
        let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split(',').collect()).collect();
        assert_eq!(rows[0][1..], CORES.map(|c| c.0));
        assert_eq!(rows.len() - 1, SHARES.len());
        for (row, (mask, bytes)) in rows[1..].iter().zip(&SHARES) {
            let of = |name: &str| 1u64 << USERS.iter().position(|u| *u == name).unwrap();
            assert_eq!(row[0].split(' ').map(of).sum::<u64>(), *mask, "{}", row[0]);
            let told: Vec<u16> = row[1..].iter().map(|n| n.parse().unwrap()).collect();
            assert_eq!(told, bytes, "{}", row[0]);
        }
    }

    #[test]
    fn parts_only_add() {
        for (_, core) in CORES {
            let high = |operators: &[&str], block| {
                linked(core, operators, block, false).range().unwrap().1
            };
            let dense = high(&["FULLY_CONNECTED"], "spectral");
            let softmax = high(&["FULLY_CONNECTED", "SOFTMAX"], "spectral");
            let conv = high(&["FULLY_CONNECTED", "SOFTMAX", "CONV_2D"], "spectral");
            assert!(
                dense < softmax && softmax < conv,
                "{dense} {softmax} {conv}"
            );
            let unknown = linked(core, &["FULLY_CONNECTED", "NOTHING"], "spectral", false);
            assert_eq!(unknown.range(), None);
            // Whole motion classifiers are 24 to 33 kB of text and constants, as linked.
            assert!(softmax < 40_000.0, "{core:?}: {softmax}");
        }
        assert_eq!(linked(Core::XtensaLx7, &[], "raw", true).range(), None);
    }

    #[test]
    fn the_stack_reaches_from_what_was_measured_to_the_bound() {
        for (name, core) in CORES {
            let (low, high) = stack(core).range().unwrap();
            assert!(low < high && high == STACK_BOUND, "{name}");
        }
        assert_eq!(stack(Core::XtensaLx7).range(), None);
    }
}
