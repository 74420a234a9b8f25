//! What was counted in the emulator, as small tables: instructions of a layer from its
//! shape, and those of a block's features beside Cortex-M4's.
//!
//! `tests/firmware/fit.mjs` fits the first to docs/cost/instructions.csv and makes the
//! second of docs/cost/features.csv; it prints the rows below. Tests here hold both
//! against those tables.

use crate::Core;
use crate::workload::Layer;

/// Instructions of an operator's layers: so many for each of four counts, and [`LAYER`].
struct Cost {
    operator: &'static str,
    /// For a multiply-accumulate.
    mac: f32,
    /// For a row of the kernel, at each output.
    row: f32,
    /// For a value written.
    output: f32,
    /// For a value read.
    read: f32,
}

/// Instructions of a layer beside its loops: the session's own steps.
const LAYER: f64 = 400.0;

/// The operators of a core that were counted.
pub(super) struct Costs(&'static [Cost]);

const fn cost(operator: &'static str, mac: f32, row: f32, output: f32, read: f32) -> Cost {
    Cost {
        operator,
        mac,
        row,
        output,
        read,
    }
}

impl Costs {
    /// Instructions of that layer. An operator that was not counted costs what a convolution
    /// does where it multiplies and accumulates, and for each value what an addition does
    /// elsewhere, the dearest of those without weights or exponentials.
    pub(super) fn instructions(&self, layer: &Layer) -> f64 {
        let of = |operator: &str| self.0.iter().find(|c| c.operator == operator);
        let alike = || of("CONV_2D").filter(|_| layer.macs > 0);
        let own = of(&layer.operator).or_else(alike);
        let [macs, outputs, reads] = [layer.macs, layer.outputs, layer.reads].map(|n| n as f64);
        LAYER
            + match own {
                Some(c) => {
                    f64::from(c.mac) * macs
                        + f64::from(c.row) * outputs * layer.rows.max(1) as f64
                        + f64::from(c.output) * outputs
                        + f64::from(c.read) * reads
                }
                None => {
                    let add = of("ADD");
                    add.map_or(0.0, |c| f64::from(c.output)) * reads.max(outputs)
                }
            }
    }
}

/// What layers cost on the core; `None` where no library of ours is built for it.
pub(super) fn costs(core: Core) -> Option<Costs> {
    Some(Costs(match core {
        Core::CortexM0Plus => &M0_PLUS,
        Core::CortexM4 | Core::CortexM7 => &M4,
        Core::CortexM33 => &M33,
        Core::Rv32Imc => &RV32,
        Core::XtensaLx7 => return None,
    }))
}

/// A block's id, and the core's instructions for each of Cortex-M4's with the block's
/// default settings: least, and most with the costliest counted settings.
type Block = (&'static str, f32, f32);

/// Instructions for each of Cortex-M4's with the block's default settings, least and
/// most; of an unknown block from the least to the most of all.
pub(super) fn features(core: Core, block: &str) -> Option<(f64, f64)> {
    let rows: &[Block] = match core {
        Core::CortexM0Plus => &M0_PLUS_FEATURES,
        Core::CortexM4 | Core::CortexM7 => &M4_FEATURES,
        Core::CortexM33 => &M33_FEATURES,
        Core::Rv32Imc => &RV32_FEATURES,
        Core::XtensaLx7 => return None,
    };
    let known = rows.iter().any(|row| row.0 == block);
    let own = rows.iter().filter(|row| !known || row.0 == block);
    own.map(|row| (f64::from(row.1), f64::from(row.2)))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

static M0_PLUS: [Cost; 11] = [
    cost("ADD", 0.0, 0.0, 363.5, 0.0),
    cost("AVERAGE_POOL_2D", 0.0, 0.0, 232.6, 16.48),
    cost("CONV_2D", 4.064, 1.982, 99.38, 0.0),
    cost("DEPTHWISE_CONV_2D", 19.77, 0.0, 0.0, 0.0),
    cost("FULLY_CONNECTED", 4.466, 0.0, 117.8, 0.0),
    cost("MAX_POOL_2D", 0.0, 0.0, 146.4, 25.65),
    cost("MEAN", 0.0, 0.0, 0.0, 61.24),
    cost("MUL", 0.0, 0.0, 175.4, 0.0),
    cost("PAD", 0.0, 0.0, 12.84, 0.0),
    cost("RESHAPE", 0.0, 0.0, 0.0, 0.5225),
    cost("SOFTMAX", 0.0, 0.0, 0.0, 1093.0),
];

static M4: [Cost; 11] = [
    cost("ADD", 0.0, 0.0, 198.0, 0.0),
    cost("AVERAGE_POOL_2D", 0.0, 0.0, 100.2, 14.03),
    cost("CONV_2D", 1.476, 1.395, 38.07, 0.0),
    cost("DEPTHWISE_CONV_2D", 7.75, 0.0, 0.0, 0.0),
    cost("FULLY_CONNECTED", 1.96, 0.0, 42.64, 0.0),
    cost("MAX_POOL_2D", 0.0, 0.0, 115.0, 21.07),
    cost("MEAN", 0.0, 0.0, 0.0, 43.84),
    cost("MUL", 0.0, 0.0, 101.3, 0.0),
    cost("PAD", 0.0, 0.0, 8.627, 0.0),
    cost("RESHAPE", 0.0, 0.0, 0.0, 0.0),
    cost("SOFTMAX", 0.0, 0.0, 0.0, 446.2),
];

static M33: [Cost; 11] = [
    cost("ADD", 0.0, 0.0, 198.0, 0.0),
    cost("AVERAGE_POOL_2D", 0.0, 0.0, 98.35, 14.03),
    cost("CONV_2D", 1.476, 1.395, 38.02, 0.0),
    cost("DEPTHWISE_CONV_2D", 7.742, 0.0, 0.0, 0.0),
    cost("FULLY_CONNECTED", 1.961, 0.0, 42.67, 0.0),
    cost("MAX_POOL_2D", 0.0, 0.0, 115.0, 21.07),
    cost("MEAN", 0.0, 0.0, 0.0, 43.84),
    cost("MUL", 0.0, 0.0, 101.3, 0.0),
    cost("PAD", 0.0, 0.0, 8.619, 0.0),
    cost("RESHAPE", 0.0, 0.0, 0.0, 0.0),
    cost("SOFTMAX", 0.0, 0.0, 0.0, 446.2),
];

static RV32: [Cost; 11] = [
    cost("ADD", 0.0, 0.0, 209.1, 0.0),
    cost("AVERAGE_POOL_2D", 0.0, 0.0, 122.3, 11.54),
    cost("CONV_2D", 3.645, 1.283, 87.41, 0.0),
    cost("DEPTHWISE_CONV_2D", 16.53, 0.0, 0.0, 0.0),
    cost("FULLY_CONNECTED", 4.201, 0.0, 95.79, 0.0),
    cost("MAX_POOL_2D", 0.0, 0.0, 147.1, 19.66),
    cost("MEAN", 0.0, 0.0, 0.0, 43.29),
    cost("MUL", 0.0, 0.0, 106.4, 0.0),
    cost("PAD", 0.0, 0.0, 9.206, 0.0),
    cost("RESHAPE", 0.0, 0.0, 0.0, 0.0),
    cost("SOFTMAX", 0.0, 0.0, 0.0, 530.3),
];

static M0_PLUS_FEATURES: [Block; 7] = [
    ("spectral", 21.28, 40.31),
    ("statistics", 25.44, 25.44),
    ("raw", 8.624, 8.624),
    ("mfcc", 37.48, 43.66),
    ("mfe", 37.45, 37.74),
    ("spectrogram", 28.2, 37.55),
    ("image", 1.279, 1.656),
];

static M4_FEATURES: [Block; 7] = [
    ("spectral", 1.0, 1.241),
    ("statistics", 1.0, 1.0),
    ("raw", 1.0, 1.0),
    ("mfcc", 1.0, 1.636),
    ("mfe", 1.0, 1.0),
    ("spectrogram", 1.0, 1.0),
    ("image", 1.0, 1.0),
];

static M33_FEATURES: [Block; 7] = [
    ("spectral", 1.007, 1.247),
    ("statistics", 0.9976, 0.9976),
    ("raw", 0.9955, 0.9955),
    ("mfcc", 1.05, 1.688),
    ("mfe", 1.051, 1.055),
    ("spectrogram", 1.036, 1.044),
    ("image", 0.9559, 1.019),
];

static RV32_FEATURES: [Block; 7] = [
    ("spectral", 12.19, 23.27),
    ("statistics", 13.68, 13.68),
    ("raw", 5.43, 5.43),
    ("mfcc", 21.74, 24.31),
    ("mfe", 21.6, 21.92),
    ("spectrogram", 15.95, 21.8),
    ("image", 0.8018, 1.176),
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

    fn core(name: &str) -> Core {
        CORES.iter().find(|c| c.0 == name).unwrap().1
    }

    #[test]
    fn every_counted_network_is_predicted() {
        let table = include_str!("../../../../docs/cost/instructions.csv");
        let mut sum = 0.0;
        let mut networks = 0;
        for row in table.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            let number = |at: usize| cells[at].parse::<u64>().unwrap_or(1);
            let counted = number(8) as f64;
            let costs = costs(core(cells[0])).unwrap();
            if cells[2] == "total" {
                let error = sum / counted - 1.0;
                // What has no weights is there for its one operator.
                if cells[4] != "0" {
                    let name = (cells[0], cells[1]);
                    assert!(error.abs() < super::super::FIT, "{name:?}: {error:+.3}");
                    networks += 1;
                }
                sum = 0.0;
                continue;
            }
            let predicted = costs.instructions(&Layer {
                operator: cells[3].into(),
                macs: number(4),
                outputs: number(5),
                reads: number(6),
                rows: number(7),
            });
            sum += predicted;
            // A softmax depends on its values, and is nothing beside a network's weights.
            let error = (predicted / counted - 1.0).abs();
            let bound = if cells[4] == "0" { 0.4 } else { 0.32 };
            assert!(error < bound, "{row}: {predicted}");
        }
        assert_eq!((networks, sum), (32, 0.0));
    }

    #[test]
    fn every_block_is_within_its_range() {
        let table = include_str!("../../../../docs/cost/features.csv");
        let rows = || {
            table
                .lines()
                .skip(1)
                .map(|l| l.split(',').collect::<Vec<_>>())
        };
        // Cases that have the signal of their block's default settings.
        let same = ["spectral_signed", "spectral_filtered", "mfcc_relative"];
        for row in rows() {
            let id = row[1].split('_').next().unwrap();
            let (low, high) = features(core(row[0]), id).unwrap();
            let case = if same.contains(&row[1]) { id } else { row[1] };
            let m4 = rows()
                .find(|r| r[0] == "Cortex-M4" && r[1] == case)
                .unwrap();
            let ratio = row[6].parse::<f64>().unwrap() / m4[6].parse::<f64>().unwrap();
            // Four digits are kept, and a count may move by a hundredth.
            assert!(
                low * 0.99 <= ratio && ratio <= high * 1.01,
                "{row:?}: {low} {high}"
            );
        }
    }

    #[test]
    fn what_was_not_counted_costs_what_the_dearest_does() {
        let layer = |operator: &str, macs| Layer {
            operator: operator.into(),
            macs,
            outputs: 100,
            reads: 100,
            rows: 1,
        };
        for (_, core) in CORES {
            let costs = costs(core).unwrap();
            let of = |operator| costs.instructions(&layer(operator, 0));
            let weighs = |operator| costs.instructions(&layer(operator, 10_000));
            assert!(weighs("TRANSPOSE_CONV") == weighs("CONV_2D"));
            assert!(of("NOTHING") == of("ADD") && of("NOTHING") < of("SOFTMAX"));
            assert!(of("RESHAPE") < of("MEAN") && of("MEAN") < of("NOTHING"));
        }
    }
}
