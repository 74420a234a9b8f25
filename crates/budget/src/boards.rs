//! Boards, one row each. A new board is one row here and nothing else.
//!
//! Cycles a multiply-accumulate come from MLPerf Tiny results (clock divided by
//! throughput and by multiply-accumulates): the low end is the best known dense
//! network (the task "AD"), the high end plain portable kernels.

use serde::Serialize;

use crate::Figure;

/// A board, or a chip with what it needs around it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Board {
    /// Short name for settings and links.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Chip and core.
    pub core: &'static str,
    /// Clock in MHz that all other figures hold for.
    pub clock_mhz: Figure,
    /// Flash in bytes.
    pub flash_bytes: Figure,
    /// RAM in bytes.
    pub ram_bytes: Figure,
    /// Cycles a multiply-accumulate of a dense layer.
    pub cycles_per_mac: Figure,
    /// Cycles a layer, whatever its size.
    pub cycles_per_layer: Figure,
    /// Cycles for each instruction that a Cortex-M4 with a floating-point unit takes for
    /// the features.
    pub cycles_per_feature_instruction: Figure,
    /// Power in mW while computing.
    pub active_mw: Figure,
    /// Power in µW while asleep with RAM kept.
    pub sleep_uw: Figure,
    /// Supply voltage in V that powers were told or computed at.
    pub volts: Figure,
}

impl Board {
    /// Every figure with its name and its unit.
    pub fn figures(&self) -> [(&'static str, &'static str, Figure); 9] {
        [
            ("clock", "MHz", self.clock_mhz),
            ("flash", "B", self.flash_bytes),
            ("RAM", "B", self.ram_bytes),
            ("multiply-accumulate", "cycles", self.cycles_per_mac),
            ("layer", "cycles", self.cycles_per_layer),
            (
                "feature instruction",
                "cycles",
                self.cycles_per_feature_instruction,
            ),
            ("power while computing", "mW", self.active_mw),
            ("power while asleep", "µW", self.sleep_uw),
            ("voltage", "V", self.volts),
        ]
    }
}

const KIB: f64 = 1024.0;
const MIB: f64 = 1024.0 * 1024.0;

const M4_MACS: Figure = Figure::Sourced {
    low: 1.8,
    high: 9.6,
    source: "MLPerf Tiny, STM32L4R5: Plumerai v1.1 (AD) to TFLM reference kernels v0.5 (VWW)",
};

const SMALL_LAYERS: Figure = Figure::Assumed {
    low: 900.0,
    high: 2000.0,
    why: "bakeNN's net of 576 multiply-accumulates takes 3,786 to 8,706 cycles on a Cortex-M; \
          what multiply-accumulates don't explain, over three layers",
};

const HARDWARE_FLOAT: Figure = Figure::Assumed {
    low: 1.0,
    high: 3.0,
    why: "1 to 1.8 cycles an instruction, and up to 1.6 times as many instructions with a \
          block's costliest settings (docs/cost)",
};

const SOFTWARE_FLOAT: Figure = Figure::Assumed {
    low: 5.0,
    high: 80.0,
    why: "no floating-point unit: 5 to 44 times the instructions of a Cortex-M4 with one, by block \
          and settings (docs/cost), at 1 to 1.8 cycles each",
};

/// All boards, in the order that a list shows them.
pub static BOARDS: &[Board] = &[
    Board {
        id: "nano33ble",
        name: "Arduino Nano 33 BLE Sense",
        core: "nRF52840, Cortex-M4F",
        clock_mhz: Figure::sourced(64.0, "PlatformIO board documentation"),
        flash_bytes: Figure::sourced(MIB, "PlatformIO board documentation"),
        ram_bytes: Figure::sourced(256.0 * KIB, "PlatformIO board documentation"),
        cycles_per_mac: M4_MACS,
        cycles_per_layer: SMALL_LAYERS,
        cycles_per_feature_instruction: HARDWARE_FLOAT,
        active_mw: Figure::sourced(
            9.92,
            "about 52 µA/MHz at 3 V with DC/DC, 155 pJ a cycle (public design notes quoting \
             Nordic); the chip alone",
        ),
        sleep_uw: Figure::Sourced {
            low: 4.5,
            high: 750.0,
            source: "from 1.5 µA at 3 V (the chip alone, RAM kept) to 250 µA (the whole board, \
                     sensors off; Arduino forum 1175707, embedwise)",
        },
        volts: Figure::sourced(3.0, "public design notes quoting Nordic"),
    },
    Board {
        id: "stm32l4r5",
        name: "STM32L4R5 Nucleo",
        core: "STM32L4R5, Cortex-M4F",
        clock_mhz: Figure::sourced(120.0, "MLPerf Tiny v1.3"),
        flash_bytes: Figure::sourced(2.0 * MIB, "Zephyr board documentation"),
        ram_bytes: Figure::sourced(640.0 * KIB, "Zephyr board documentation"),
        cycles_per_mac: M4_MACS,
        cycles_per_layer: SMALL_LAYERS,
        cycles_per_feature_instruction: HARDWARE_FLOAT,
        active_mw: Figure::sourced(
            33.0,
            "MLPerf Tiny v1.3, measured while running networks (3 V, external SMPS)",
        ),
        sleep_uw: Figure::assumed(
            6.0,
            "a typical sleep of this family with RAM kept; the published 130 nA standby loses RAM",
        ),
        volts: Figure::sourced(3.0, "MLPerf Tiny v1.3"),
    },
    Board {
        id: "stm32u385",
        name: "STM32U385",
        core: "STM32U385, Cortex-M33",
        clock_mhz: Figure::sourced(96.0, "MLPerf Tiny v1.3"),
        flash_bytes: Figure::sourced(MIB, "MLPerf Tiny v1.3 system description"),
        ram_bytes: Figure::sourced(256.0 * KIB, "MLPerf Tiny v1.3 system description"),
        cycles_per_mac: Figure::Assumed {
            low: 2.0,
            high: 9.6,
            why: "low: MLPerf Tiny v1.3, X-CUBE-AI 10.2 (AD); high: nobody published plain \
                  portable kernels on this core, so the Cortex-M4's",
        },
        cycles_per_layer: SMALL_LAYERS,
        cycles_per_feature_instruction: HARDWARE_FLOAT,
        active_mw: Figure::Sourced {
            low: 5.1,
            high: 5.9,
            source: "MLPerf Tiny v1.3, measured while running networks (1.8 V SMPS)",
        },
        sleep_uw: Figure::assumed(
            6.0,
            "a typical sleep of this family with RAM kept; not published for this part",
        ),
        volts: Figure::sourced(1.8, "MLPerf Tiny v1.3"),
    },
    Board {
        id: "pico",
        name: "Raspberry Pi Pico",
        core: "RP2040, Cortex-M0+ (no floating-point unit)",
        clock_mhz: Figure::sourced(133.0, "embedded-nn guide"),
        flash_bytes: Figure::sourced(2.0 * MIB, "embedded-nn guide (external flash)"),
        ram_bytes: Figure::sourced(264.0 * KIB, "embedded-nn guide"),
        cycles_per_mac: Figure::Assumed {
            low: 9.9,
            high: 25.0,
            why: "low: MLPerf Tiny v1.2, STM32G0B1 (the same core), Bosch HALE (AD); high: that \
                  times 4.6/1.8, the Cortex-M4's ratio of TFLM reference to best known",
        },
        cycles_per_layer: SMALL_LAYERS,
        cycles_per_feature_instruction: SOFTWARE_FLOAT,
        active_mw: Figure::unknown("no measured power of this chip computing"),
        sleep_uw: Figure::Sourced {
            low: 2970.0,
            high: 4950.0,
            source: "0.9 to 1.5 mA at 3.3 V in light sleep, the whole board (MicroPython commit \
                     b004e7e, Adafruit deep-sleep guide)",
        },
        volts: Figure::assumed(3.3, "the board's own supply"),
    },
    Board {
        id: "esp32c3",
        name: "ESP32-C3",
        core: "RISC-V RV32IMC (no floating-point unit)",
        clock_mhz: Figure::sourced(160.0, "robdobson.com, 2023"),
        flash_bytes: Figure::unknown("differs between modules; no source read"),
        ram_bytes: Figure::unknown("no source read"),
        cycles_per_mac: Figure::unknown("no published int8 result on this core"),
        cycles_per_layer: Figure::unknown("no published int8 result on this core"),
        cycles_per_feature_instruction: SOFTWARE_FLOAT,
        active_mw: Figure::sourced(
            88.4,
            "26.8 mA in a busy loop (robdobson.com, 2023) at 3.3 V",
        ),
        sleep_uw: Figure::sourced(
            1155.0,
            "0.35 mA in light sleep (robdobson.com, 2023) at 3.3 V",
        ),
        volts: Figure::assumed(3.3, "the usual supply of its modules"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_says_where_it_comes_from() {
        for board in BOARDS {
            for (name, unit, figure) in board.figures() {
                assert!(
                    !unit.is_empty() && figure.text().len() > 10,
                    "{}: {name}",
                    board.id
                );
                if let Some((low, high)) = figure.range() {
                    assert!(
                        low > 0.0 && low <= high && high.is_finite(),
                        "{}: {name}",
                        board.id
                    );
                }
            }
        }
    }

    #[test]
    fn ids_are_unique_and_plain() {
        for (i, board) in BOARDS.iter().enumerate() {
            assert!(
                board
                    .id
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            );
            assert!(BOARDS[..i].iter().all(|b| b.id != board.id));
            assert!(crate::board(board.id).is_some());
        }
        assert!(crate::board("none").is_none());
    }
}
