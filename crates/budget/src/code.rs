//! Bytes of code that an export links, and of stack that it takes.
//!
//! # What
//! The C interface's static libraries were linked once for each operator, block and way of
//! running alone (`tests/firmware/linked.mjs`). A section belongs to all whose program holds
//! it, so a model's bytes are the sum over the sections that any of its parts belongs to.
//! `table` is docs/cost/code.csv. Stack is what examples of the C export painted in the
//! emulator, and the bound that their tests hold.

mod table;

use crate::{Core, Figure};
use table::{SHARES, USERS};

/// How far whole classifiers may be from the sum of their parts, which
/// `tests/firmware/linked.mjs` holds: a share, and bytes.
const OFF: (f64, f64) = (0.05, 256.0);

/// Bytes of stack that the exports promise to stay within: `lampyris_device::STACK_BYTES`, which
/// `lampyris-lab` compares.
pub const STACK_BYTES: u32 = 4096;

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

/// Bytes of these operators, the block and the way that it runs in that column; `None` where
/// one of them is not in the table.
fn bytes(column: usize, operators: &[&str], block: &str, way: &str) -> Option<f64> {
    let names = operators.iter().chain([&block, &way]);
    let mask = names
        .map(|name| USERS.iter().position(|user| user == name))
        .try_fold(0u64, |mask, bit| Some(mask | 1 << bit?))?;
    let shares = SHARES.iter().filter(|share| share.0 & mask != 0);
    Some(shares.map(|share| f64::from(share.1[column])).sum())
}

/// Bytes in flash of code and constants that an export links for these operators (TFLite's
/// names) and this block (its id), without the model. `streams` says whether it runs frame by
/// frame. Unknown where the table lacks the core, the block or an operator.
pub fn linked(core: Core, operators: &[&str], block: &str, streams: bool) -> Figure {
    let Some(column) = column(core) else {
        return NO_LIBRARY;
    };
    let way = match block {
        "image" => "pictures",
        _ if streams => "frames",
        _ => "windows",
    };
    let Some(bytes) = bytes(column, operators, block, way) else {
        return Figure::unknown("the block or an operator is not in docs/cost/code.csv");
    };
    Figure::Sourced {
        low: (bytes * (1.0 - OFF.0) - OFF.1).max(0.0).floor(),
        high: (bytes * (1.0 + OFF.0) + OFF.1).ceil(),
        source: "measured: the C libraries linked part by part (docs/cost/code.csv); 5 % and 256 B to either \
                 side, within which whole classifiers are tested to be",
    }
}

/// Bytes of stack that the classifier takes at its deepest: starting, features, network. From
/// what was measured of an example with this block, or of the leanest where there was none, to
/// [`STACK_BYTES`].
pub fn stack(core: Core, block: &str) -> Figure {
    let Some(column) = column(core) else {
        return NO_LIBRARY;
    };
    let own = STACK.iter().find(|row| row.0 == block);
    let least = STACK.iter().map(|row| row.1[column]).min();
    let Some(low) = own.map(|row| row.1[column]).or(least) else {
        return Figure::unknown("no stack was measured");
    };
    Figure::Sourced {
        low: low.into(),
        high: STACK_BYTES.into(),
        source: "from what examples of the export painted on an emulated core (docs/cost), at least, to the \
                 bound of 4,096 B that the tests of the exports hold",
    }
}

const NO_LIBRARY: Figure = Figure::unknown("no library of ours is built for this core");

/// Bytes of stack on Cortex-M0+, M4, M33 and RV32IMC that the C export's example reached with a
/// model of that block.
#[rustfmt::skip]
static STACK: [(&str, [u16; 4]); 4] = [
    ("spectral", [2808, 2712, 2712, 2692]),
    ("mfcc", [2948, 2800, 2800, 2768]),
    ("image", [2900, 2776, 2776, 2736]),
    ("raw", [2948, 2800, 2800, 2768]),
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
            // What the table lacks is not free.
            assert_eq!(linked(core, &["NOTHING"], "spectral", false).range(), None);
            assert_eq!(linked(core, &["ADD"], "nothing", false).range(), None);
            // A raw block may run frame by frame, too.
            assert_ne!(
                linked(core, &[], "raw", false),
                linked(core, &[], "raw", true)
            );
            // Whole motion classifiers are 24 to 33 kB of text and constants, as linked.
            assert!(softmax < 40_000.0, "{core:?}: {softmax}");
        }
        assert_eq!(linked(Core::XtensaLx7, &[], "raw", false).range(), None);
    }

    #[test]
    fn the_stack_is_the_measured_one() {
        let told = include_str!("../../../docs/cost/README.md");
        for (block, bytes) in STACK {
            let row = bytes.map(|n| format!("{},{:03}", n / 1000, n % 1000));
            let row = format!("| `{block}` | {} |", row.join(" | "));
            assert!(told.contains(&row), "docs/cost/README.md lacks {row}");
        }
        let tables = [
            (include_str!("../../../docs/cost/stack.csv"), [2, 3]),
            (include_str!("../../../docs/cost/features.csv"), [4, 4]),
        ];
        for (name, core) in CORES {
            let (low, high) = stack(core, "spectral").range().unwrap();
            assert_eq!(stack(core, "mfe").range(), Some((low, high)));
            assert_eq!(high, f64::from(STACK_BYTES));
            // A whole example goes deeper than the engine or a block alone.
            for (table, columns) in tables {
                let rows = table.lines().filter(|l| l.starts_with(&format!("{name},")));
                for row in rows {
                    let cells: Vec<&str> = row.split(',').collect();
                    for c in columns {
                        assert!(cells[c].parse::<f64>().unwrap() < low, "{row}");
                    }
                }
            }
        }
        assert_eq!(stack(Core::XtensaLx7, "raw").range(), None);
    }
}
