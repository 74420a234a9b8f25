//! Boards of Raspberry Pi.

use super::{Board, Clock, KIB, MIB};
use crate::{Core, Figure};

pub(super) const RP2040_CLOCKS: &[Clock] = &[
    Clock {
        mhz: Figure::sourced(
            15.0,
            "nhasbun/pico_power_saving README: the lowest that ran",
        ),
        active_mw: Figure::between(
            22.5,
            27.5,
            "4.5 to 5.5 mA at 5 V, the whole board, underclocked: nhasbun/pico_power_saving README",
        ),
    },
    Clock {
        mhz: Figure::sourced(133.0, "embedded-nn guide, RP2040"),
        active_mw: Figure::assumed_between(
            80.0,
            130.0,
            "about 100 mW idle, the whole board (jeffgeerling.com, August 2024), and about 20 mA \
             waiting (rp-rs/rp-hal on GitHub, Going into dormant state); computing was not measured",
        ),
    },
];

pub(super) const RP2040_FLASH_KEPT: Figure = Figure::assumed_between(
    0.25 * KIB,
    100.0 * KIB,
    "a boot block of 256 bytes, and what an Arduino core links",
);

pub(super) const RP2040_RAM_KEPT: Figure = Figure::assumed_between(
    4.0 * KIB,
    20.0 * KIB,
    "stacks and statics of the Pico SDK, with its USB port",
);

pub(super) const RP2040_SLEEP: Figure = Figure::sourced(
    594.0,
    "180 µA dormant: Raspberry Pi forum 1894043 (July 2021), on the data sheet; at 3.3 V",
);

pub(super) const RP2040_WAKE: Figure = Figure::assumed_between(
    100.0,
    2000.0,
    "a crystal must start again after its deepest sleep; not measured",
);

pub(super) const RP2040_LEAST: Figure = Figure::assumed(
    1.8,
    "the board's converter makes 3.3 V of 1.8 to 5.5 V; 1.8 V was fed in an element14 thread \
     (52777)",
);

pub(super) const PICO: Board = Board {
    id: "pico",
    name: "Raspberry Pi Pico",
    chip: "RP2040 (no floating-point unit)",
    core: Core::CortexM0Plus,
    clocks: RP2040_CLOCKS,
    computing_whole: true,
    flash_bytes: Figure::sourced(2.0 * MIB, "embedded-nn guide, RP2040 (external flash)"),
    flash_kept: RP2040_FLASH_KEPT,
    ram_bytes: Figure::sourced(264.0 * KIB, "embedded-nn guide, RP2040"),
    ram_kept: RP2040_RAM_KEPT,
    sleep_chip_uw: RP2040_SLEEP,
    sleep_board_uw: Figure::between(
        2970.0,
        4950.0,
        "0.9 to 1.5 mA at 3.3 V in light sleep, the whole board: MicroPython commit b004e7e, \
         Adafruit deep-sleep guide",
    ),
    wake_us: RP2040_WAKE,
    volts: Figure::assumed(3.3, "the board's own supply"),
    least_volts: RP2040_LEAST,
    peak_ma: Figure::assumed_between(
        24.0,
        40.0,
        "80 to 130 mW at 3.3 V, as while computing; both cores and pins may draw more",
    ),
    library: Some("thumbv6m"),
    arduino: Some("rp2040:rp2040:rpipico"),
};

pub(super) const PICO2: Board = Board {
    id: "pico2",
    name: "Raspberry Pi Pico 2",
    chip: "RP2350",
    core: Core::CortexM33,
    clocks: &[Clock {
        mhz: Figure::sourced(
            150.0,
            "jeffgeerling.com, August 2024: base clock of the RP2350",
        ),
        active_mw: Figure::assumed_between(
            60.0,
            110.0,
            "about 80 mW idle, the whole board (jeffgeerling.com, August 2024); computing was not \
             measured",
        ),
    }],
    computing_whole: true,
    flash_bytes: Figure::sourced(
        4.0 * MIB,
        "Zephyr board documentation, rpi_pico2 (external flash)",
    ),
    flash_kept: RP2040_FLASH_KEPT,
    ram_bytes: Figure::sourced(
        520.0 * KIB,
        "jeffgeerling.com, August 2024: SRAM of the RP2350",
    ),
    ram_kept: RP2040_RAM_KEPT,
    sleep_chip_uw: Figure::unknown("RP2350 data sheet was not readable"),
    sleep_board_uw: Figure::assumed_between(
        150.0,
        600.0,
        "below 50 µA at 3 V, the whole board in its lowest state (gigazine, 2024-09-06); keeping \
         the RAM costs more, which nobody has told",
    ),
    wake_us: RP2040_WAKE,
    volts: Figure::assumed(3.3, "the board's own supply"),
    least_volts: RP2040_LEAST,
    peak_ma: Figure::assumed_between(
        18.0,
        35.0,
        "60 to 110 mW at 3.3 V, as while computing; both cores and pins may draw more",
    ),
    library: Some("thumbv8m-main-dsp"),
    arduino: Some("rp2040:rp2040:rpipico2"),
};
