//! Bytes of code that an export links, and of stack that it takes.
//!
//! # What
//! The C interface's static libraries were linked once for each operator, block and way of
//! running alone (`tests/firmware/linked.mjs`). A section belongs to all whose program holds
//! it, so a model's bytes are the sum over the sections that any of its parts belongs to.
//! `table` is docs/cost/code.csv. Stack is docs/cost/stack.csv and features.csv, painted and
//! searched in the emulator.

mod table;

use crate::{Core, Figure};
use table::{SHARES, USERS};

/// How far whole classifiers may be from the sum of their parts, which
/// `tests/firmware/linked.mjs` holds: a share, and bytes.
const OFF: (f64, f64) = (0.05, 256.0);

/// What a classifier takes around the engine and the block, and an interrupt's frame with
/// floating-point registers: added to what was measured.
const STACK_MARGIN: f64 = 1024.0;

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

/// The ways of running that a block's classifier may have.
fn ways(block: &str) -> &'static [&'static str] {
    match block {
        "image" => &["pictures"],
        "mfcc" | "mfe" | "spectrogram" => &["frames", "windows"],
        _ => &["windows"],
    }
}

/// Bytes of one way in that column; what the libraries don't know counts nothing.
fn bytes(column: usize, operators: &[&str], block: &str, way: &str) -> f64 {
    let used = |name: &str| operators.contains(&name) || name == block || name == way;
    let mask = USERS.iter().enumerate().fold(0u64, |mask, (bit, name)| {
        mask | u64::from(used(name)) << bit
    });
    let shares = SHARES.iter().filter(|share| share.0 & mask != 0);
    shares.map(|share| f64::from(share.1[column])).sum()
}

/// Bytes in flash of code and constants that an export links for these operators (TFLite's
/// names) and this block (its id), without the model. A sound block is counted window by
/// window and frame by frame, since the hop decides which.
pub fn linked(core: Core, operators: &[&str], block: &str) -> Figure {
    let Some(column) = column(core) else {
        return Figure::Unknown {
            why: "no library of ours is built for this core",
        };
    };
    let all = ways(block)
        .iter()
        .map(|way| bytes(column, operators, block, way));
    let (low, high) = all.fold((f64::INFINITY, 0.0_f64), |(low, high), b| {
        (low.min(b), high.max(b))
    });
    Figure::Sourced {
        low: (low * (1.0 - OFF.0) - OFF.1).max(0.0).floor(),
        high: (high * (1.0 + OFF.0) + OFF.1).ceil(),
        source: "measured: the C libraries linked part by part (docs/cost/code.csv), 5 % and 256 B to either side",
    }
}

/// Bytes of stack that the classifier takes at its deepest: starting, features, network.
pub fn stack(core: Core, block: &str) -> Figure {
    let Some(column) = column(core) else {
        return Figure::Unknown {
            why: "no library of ours is built for this core",
        };
    };
    let own = STACK
        .iter()
        .filter(|row| row.0 == block || row.0.is_empty());
    let deepest = own.map(|row| f64::from(row.1[column])).fold(0.0, f64::max);
    Figure::Sourced {
        low: deepest,
        high: deepest + STACK_MARGIN,
        source: "measured: the deepest of engine and block (docs/cost); high: 1,024 B more for the \
                 classifier around them and an interrupt",
    }
}

/// Bytes of stack on Cortex-M0+, M4, M33 and RV32IMC: the engine's, then each block's.
#[rustfmt::skip]
static STACK: [(&str, [u16; 4]); 8] = [
    ("", [996, 912, 912, 824]),
    ("spectral", [700, 516, 476, 616]),
    ("statistics", [348, 280, 280, 264]),
    ("raw", [220, 160, 160, 148]),
    ("mfcc", [772, 608, 600, 632]),
    ("mfe", [612, 464, 456, 456]),
    ("spectrogram", [636, 496, 488, 472]),
    ("image", [416, 364, 352, 356]),
];

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
            let high =
                |operators: &[&str], block| linked(core, operators, block).range().unwrap().1;
            let dense = high(&["FULLY_CONNECTED"], "spectral");
            let softmax = high(&["FULLY_CONNECTED", "SOFTMAX"], "spectral");
            let conv = high(&["FULLY_CONNECTED", "SOFTMAX", "CONV_2D"], "spectral");
            let unknown = high(&["FULLY_CONNECTED", "NOTHING"], "spectral");
            assert!(
                dense < softmax && softmax < conv,
                "{dense} {softmax} {conv}"
            );
            assert_eq!(dense, unknown);
            // Whole motion classifiers are 27 to 36 kB of text and constants, as linked.
            assert!(softmax < 40_000.0, "{core:?}: {softmax}");
        }
        assert_eq!(linked(Core::XtensaLx7, &[], "raw").range(), None);
    }

    #[test]
    fn the_stack_is_the_measured_one() {
        let features = include_str!("../../../docs/cost/features.csv");
        let engine = include_str!("../../../docs/cost/stack.csv");
        let deepest = |text: &str, core: &str, block: &str, columns: &[usize]| {
            let rows = text.lines().map(|l| l.split(',').collect::<Vec<_>>());
            let own = rows.filter(|r| r[0] == core && r[1].starts_with(block));
            own.flat_map(|r| columns.iter().map(move |c| r[*c].parse::<u16>().unwrap()))
                .max()
                .unwrap()
        };
        for (name, core) in CORES {
            let column = column(core).unwrap();
            for (block, bytes) in STACK {
                let measured = if block.is_empty() {
                    deepest(engine, name, "", &[2, 3])
                } else {
                    deepest(features, name, block, &[4])
                };
                // What `make test` holds: a hundredth or 16 bytes.
                assert!(bytes[column].abs_diff(measured) <= 16, "{name} {block}");
            }
            let (low, high) = stack(core, "mfcc").range().unwrap();
            assert!(high - low == STACK_MARGIN && low >= 800.0);
        }
    }
}
