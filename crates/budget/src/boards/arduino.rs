//! Boards of Arduino.

use super::raspberry::{RP2040_CLOCKS, RP2040_FLASH_KEPT, RP2040_LEAST, RP2040_SLEEP, RP2040_WAKE};
use super::{Board, Clock, KIB, MIB};
use crate::{Core, Figure};

/// nRF52840: its clock is fixed.
pub(super) const NRF52840_CLOCKS: &[Clock] = &[Clock {
    mhz: Figure::sourced(64.0, "PlatformIO board documentation, Nano 33 BLE"),
    active_mw: Figure::assumed(
        9.92,
        "about 52 µA/MHz at 3 V with DC/DC, as is told of Nordic's product specification, which \
         was not readable; the chip alone",
    ),
}];

pub(super) const NRF52840_SLEEP: Figure = Figure::sourced(
    4.5,
    "1.5 µA at 3 V with RAM kept: embedwise nRF52 power profiler, quoting Nordic's data sheet; \
     the chip alone",
);

pub(super) const NRF52_WAKE: Figure = Figure::assumed_between(
    3.0,
    50.0,
    "from waiting for an event with the clock of 64 MHz stopped; the product specification was \
     not readable",
);

pub(super) const NANO33BLE: Board = Board {
    id: "nano33ble",
    name: "Arduino Nano 33 BLE Sense",
    chip: "nRF52840",
    core: Core::CortexM4,
    clocks: NRF52840_CLOCKS,
    computing_whole: false,
    flash_bytes: Figure::sourced(MIB, "PlatformIO board documentation, Nano 33 BLE"),
    flash_kept: Figure::assumed_between(
        64.0 * KIB,
        176.0 * KIB,
        "a bootloader of 64 KiB and what Arduino's Mbed core links, up to about 110 KiB with \
         Bluetooth",
    ),
    ram_bytes: Figure::sourced(256.0 * KIB, "PlatformIO board documentation, Nano 33 BLE"),
    ram_kept: Figure::assumed_between(
        40.0 * KIB,
        64.0 * KIB,
        "statics, heap and stacks of Arduino's Mbed core, less without Bluetooth",
    ),
    sleep_chip_uw: NRF52840_SLEEP,
    sleep_board_uw: Figure::sourced(
        750.0,
        "about 250 µA at 3 V, the whole board, sensors off: Arduino forum 1175707, embedwise",
    ),
    wake_us: NRF52_WAKE,
    volts: Figure::assumed(3.0, "what the chip's published currents are told at"),
    least_volts: Figure::assumed(
        1.8,
        "the chip's lowest supply, fed at the 3.3 V pin; the board's regulator needs more",
    ),
    peak_ma: Figure::between(
        3.3,
        13.6,
        "chip computing (52 µA/MHz) to the whole board running Arduino's core idle (Edge Impulse \
         power blog)",
    ),
    library: Some("thumbv7em-hard"),
    arduino: Some("arduino:mbed_nano:nano33ble"),
};

pub(super) const NANORP2040: Board = Board {
    id: "nanorp2040",
    name: "Arduino Nano RP2040 Connect",
    chip: "RP2040",
    core: Core::CortexM0Plus,
    clocks: RP2040_CLOCKS,
    computing_whole: false,
    flash_bytes: Figure::sourced(
        2.0 * MIB,
        "PlatformIO board documentation, nanorp2040connect: what Arduino's linker script uses of 16 MB",
    ),
    flash_kept: RP2040_FLASH_KEPT,
    ram_bytes: Figure::sourced(264.0 * KIB, "embedded-nn guide, RP2040"),
    ram_kept: Figure::assumed_between(
        8.0 * KIB,
        64.0 * KIB,
        "little with the Pico SDK, statics, heap and stacks with Arduino's Mbed core",
    ),
    sleep_chip_uw: RP2040_SLEEP,
    sleep_board_uw: Figure::unknown(
        "nobody has told what the board with its Wi-Fi module draws asleep",
    ),
    wake_us: RP2040_WAKE,
    volts: Figure::assumed(3.3, "the board's own supply"),
    least_volts: RP2040_LEAST,
    peak_ma: Figure::unknown("nobody has told what the board with its Wi-Fi module draws"),
    library: Some("thumbv6m"),
    arduino: Some("arduino:mbed_nano:nanorp2040connect"),
};

pub(super) const UNOR4: Board = Board {
    id: "unor4",
    name: "Arduino Uno R4 Minima",
    chip: "Renesas RA4M1",
    core: Core::CortexM4,
    clocks: &[Clock {
        mhz: Figure::sourced(48.0, "Zephyr board documentation, arduino_uno_r4"),
        active_mw: Figure::unknown("no measured power of this board or of the RA4M1 computing"),
    }],
    computing_whole: false,
    flash_bytes: Figure::sourced(256.0 * KIB, "Zephyr board documentation, arduino_uno_r4"),
    flash_kept: Figure::assumed_between(
        16.0 * KIB,
        56.0 * KIB,
        "a bootloader of 16 KiB and what Arduino's Renesas core links, about 40 KiB",
    ),
    ram_bytes: Figure::sourced(32.0 * KIB, "Zephyr board documentation, arduino_uno_r4"),
    ram_kept: Figure::assumed_between(
        4.0 * KIB,
        8.0 * KIB,
        "statics of Arduino's Renesas core with its USB port",
    ),
    sleep_chip_uw: Figure::unknown("RA4M1 data sheet was not readable"),
    sleep_board_uw: Figure::unknown(
        "nobody has told what the board draws asleep; its light stays on",
    ),
    wake_us: Figure::unknown("RA4M1 data sheet was not readable"),
    volts: Figure::sourced(
        5.0,
        "Arduino data sheet, UNO R4 Minima: an operating voltage of 5 V",
    ),
    least_volts: Figure::assumed(4.5, "a 5 V board fed at its 5 V pin; not a battery board"),
    peak_ma: Figure::unknown("no measured current of this board"),
    library: Some("thumbv7em-hard"),
    arduino: Some("arduino:renesas_uno:minima"),
};

pub(super) const PORTENTAH7: Board = Board {
    id: "portentah7",
    name: "Arduino Portenta H7 (main core)",
    chip: "STM32H747, with a Cortex-M4 beside",
    core: Core::CortexM7,
    clocks: &[Clock {
        mhz: Figure::sourced(480.0, "Zephyr board documentation, arduino_portenta_h7"),
        active_mw: Figure::unknown("no measured power of this board computing"),
    }],
    computing_whole: false,
    flash_bytes: Figure::sourced(2.0 * MIB, "Zephyr board documentation, arduino_portenta_h7"),
    flash_kept: Figure::assumed_between(
        256.0 * KIB,
        1280.0 * KIB,
        "a bootloader of 256 KiB, and the half that Arduino's Mbed core leaves to the other core",
    ),
    ram_bytes: Figure::assumed(
        512.0 * KIB,
        "of its 1 MB (Zephyr board documentation, arduino_portenta_h7) the largest piece in a row",
    ),
    ram_kept: Figure::assumed_between(
        64.0 * KIB,
        160.0 * KIB,
        "statics, heap and stacks of Arduino's Mbed core",
    ),
    sleep_chip_uw: Figure::unknown("no power asleep with RAM kept read for this chip"),
    sleep_board_uw: Figure::unknown("nobody has told what the board draws asleep"),
    wake_us: Figure::unknown("no document of this chip read"),
    volts: Figure::sourced(
        3.3,
        "Arduino docs-content, Portenta H7 technical specifications",
    ),
    least_volts: Figure::assumed(3.5, "its power chip makes 3.3 V of a lithium cell"),
    peak_ma: Figure::unknown("no measured current of this board"),
    library: Some("thumbv7em-hard"),
    arduino: Some("arduino:mbed_portenta:envie_m7"),
};
