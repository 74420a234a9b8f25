//! Boards with chips of Nordic Semiconductor, but Arduino's.

use super::arduino::{NRF52_WAKE, NRF52840_CLOCKS, NRF52840_SLEEP};
use super::{Board, Clock, KIB, MIB};
use crate::{Core, Figure};

pub(super) const MICROBIT2: Board = Board {
    id: "microbit2",
    name: "BBC micro:bit v2",
    chip: "nRF52833",
    core: Core::CortexM4,
    clocks: &[Clock {
        mhz: Figure::sourced(64.0, "PlatformIO board documentation, nRF52833"),
        active_mw: Figure::assumed(
            9.92,
            "as the nRF52840 (52 µA/MHz at 3 V): the same core and the same process; the chip alone",
        ),
    }],
    computing_whole: false,
    flash_bytes: Figure::sourced(512.0 * KIB, "PlatformIO board documentation, nRF52833"),
    flash_kept: Figure::assumed_between(
        0.0,
        200.0 * KIB,
        "nothing when programmed bare; SoftDevice, bootloader and CODAL otherwise",
    ),
    ram_bytes: Figure::sourced(128.0 * KIB, "PlatformIO board documentation, nRF52833"),
    ram_kept: Figure::assumed_between(
        0.0,
        24.0 * KIB,
        "nothing when programmed bare; SoftDevice, stacks and statics of CODAL otherwise",
    ),
    sleep_chip_uw: Figure::assumed(
        4.5,
        "as the nRF52840 (1.5 µA at 3 V), with half the RAM to keep",
    ),
    sleep_board_uw: Figure::unknown(
        "nobody has told what the board with its interface chip draws in deep sleep",
    ),
    wake_us: NRF52_WAKE,
    volts: Figure::assumed(3.0, "two alkaline cells, as the kit has them"),
    least_volts: Figure::assumed(
        1.8,
        "lights go on from about 1.8 V: reuk.co.uk, measured on the first micro:bit",
    ),
    peak_ma: Figure::assumed_between(
        3.3,
        30.0,
        "the chip computing to the whole board with its interface chip awake",
    ),
    library: Some("thumbv7em-hard"),
    arduino: Some("sandeepmistry:nRF5:BBCmicrobitV2"),
};

pub(super) const XIAO52840: Board = Board {
    id: "xiao52840",
    name: "Seeed XIAO nRF52840 Sense",
    chip: "nRF52840",
    core: Core::CortexM4,
    clocks: NRF52840_CLOCKS,
    computing_whole: false,
    flash_bytes: Figure::sourced(MIB, "PlatformIO board documentation, nRF52840"),
    flash_kept: Figure::sourced(
        MIB - 811_008.0,
        "PlatformIO board file, Seeed XIAO BLE Sense: 811,008 bytes are left of 1 MiB",
    ),
    ram_bytes: Figure::sourced(256.0 * KIB, "PlatformIO board documentation, nRF52840"),
    ram_kept: Figure::sourced(
        256.0 * KIB - 237_568.0,
        "PlatformIO board file, Seeed XIAO BLE Sense: 237,568 bytes are left of 256 KiB",
    ),
    sleep_chip_uw: NRF52840_SLEEP,
    sleep_board_uw: Figure::between(
        12.6,
        17.7,
        "4.2 µA idle, the whole board, measured: Seeed forum 270801; at 3.0 to 4.2 V",
    ),
    wake_us: NRF52_WAKE,
    volts: Figure::assumed(3.0, "what the chip's published currents are told at"),
    least_volts: Figure::assumed(
        1.8,
        "the chip's lowest supply, fed at the 3.3 V pin; the battery pads need more",
    ),
    peak_ma: Figure::assumed_between(3.3, 8.0, "chip computing, and a sensor and a light beside"),
    library: Some("thumbv7em-hard"),
    arduino: Some("Seeeduino:nrf52:xiaonRF52840Sense"),
};

pub(super) const NRF5340DK: Board = Board {
    id: "nrf5340dk",
    name: "Nordic nRF5340 DK",
    chip: "nRF5340, application core",
    core: Core::CortexM33,
    clocks: &[
        Clock {
            mhz: Figure::assumed(
                64.0,
                "half of the highest clock, as the chip divides it; no document read",
            ),
            active_mw: Figure::unknown("Nordic's nRF5340 product specification was not readable"),
        },
        Clock {
            mhz: Figure::sourced(
                128.0,
                "Zephyr board documentation, nrf5340dk; MLPerf Tiny v1.0",
            ),
            active_mw: Figure::unknown("Nordic's nRF5340 product specification was not readable"),
        },
    ],
    computing_whole: false,
    flash_bytes: Figure::sourced(
        MIB,
        "Zephyr, nrf5340_cpuapp_qkaa.dtsi: 1024 KiB of the application core",
    ),
    flash_kept: Figure::assumed_between(
        0.0,
        256.0 * KIB,
        "nothing when programmed bare; a bootloader and TF-M otherwise",
    ),
    ram_bytes: Figure::sourced(
        512.0 * KIB,
        "Zephyr, nrf5340_cpuapp_qkaa.dtsi: 512 KiB of the application core",
    ),
    ram_kept: Figure::assumed_between(
        0.0,
        128.0 * KIB,
        "nothing when programmed bare; memory shared with the network core, and TF-M, otherwise",
    ),
    sleep_chip_uw: Figure::unknown("Nordic's nRF5340 product specification was not readable"),
    sleep_board_uw: Figure::unknown("a development kit with a debugger: not made to sleep"),
    wake_us: Figure::unknown("Nordic's nRF5340 product specification was not readable"),
    volts: Figure::sourced(
        3.0,
        "Nordic Infocenter, nRF5340 current consumption: supply of its scenarios",
    ),
    least_volts: Figure::assumed(1.8, "as the nRF52840's; no document read"),
    peak_ma: Figure::unknown("Nordic's nRF5340 product specification was not readable"),
    library: Some("thumbv8m-main-dsp"),
    arduino: None,
};
