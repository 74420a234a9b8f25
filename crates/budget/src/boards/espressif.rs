//! Boards with chips of Espressif.

use super::{Board, Clock, KIB, MIB};
use crate::{Core, Figure};

const FLASH_KEPT: Figure = Figure::assumed_between(
    3.0 * MIB,
    3.25 * MIB,
    "ESP-IDF's usual table gives a program 1 MiB, of which its start-up code takes up to 256 KiB",
);

const RAM_KEPT: Figure = Figure::assumed_between(
    80.0 * KIB,
    200.0 * KIB,
    "cache, FreeRTOS and drivers, up to Wi-Fi and Bluetooth at work",
);

const WAKE: Figure = Figure::assumed_between(
    300.0,
    1000.0,
    "less than 1 ms from light sleep (ESP32-C3 book, chapter 12.2.2)",
);

pub(super) const ESP32C3: Board = Board {
    id: "esp32c3",
    name: "ESP32-C3",
    chip: "ESP32-C3 (no floating-point unit)",
    core: Core::Rv32Imc,
    clocks: &[
        Clock {
            mhz: Figure::sourced(10.0, "robdobson.com, November 2023"),
            active_mw: Figure::sourced(
                24.4,
                "7.4 mA at 10 MHz, radios off (robdobson.com, November 2023), at 3.3 V",
            ),
        },
        Clock {
            mhz: Figure::assumed(
                80.0,
                "half of the usual clock, as the chip divides it; no document read",
            ),
            active_mw: Figure::assumed_between(
                56.1,
                72.6,
                "17 to 22 mA running at 80 MHz, radios off, at 3.3 V, as is told of table 5-8 of the \
                 ESP32-C3 Series Datasheet, which was not readable",
            ),
        },
        Clock {
            mhz: Figure::sourced(160.0, "Zephyr board documentation, esp32c3_devkitm"),
            active_mw: Figure::assumed_between(
                75.9,
                92.4,
                "26.8 mA measured, radios off (robdobson.com, November 2023), within the 23 to 28 mA \
                 that are told of the ESP32-C3 Series Datasheet, table 5-8; at 3.3 V",
            ),
        },
    ],
    computing_whole: false,
    flash_bytes: Figure::sourced(
        4.0 * MIB,
        "Zephyr board documentation, esp32c3_devkitc: a module with 4 MB; others differ",
    ),
    flash_kept: FLASH_KEPT,
    ram_bytes: Figure::sourced(400.0 * KIB, "Zephyr board documentation, esp32c3_devkitm"),
    ram_kept: RAM_KEPT,
    sleep_chip_uw: Figure::assumed(
        429.0,
        "130 µA in light sleep at 3.3 V, as is told of table 5-9 of the ESP32-C3 Series Datasheet, \
         which was not readable",
    ),
    sleep_board_uw: Figure::sourced(
        1155.0,
        "0.35 mA in light sleep (robdobson.com, November 2023), at 3.3 V",
    ),
    wake_us: WAKE,
    volts: Figure::assumed(3.3, "the usual supply of its modules"),
    least_volts: Figure::sourced(
        3.0,
        "esp32.com forum, January 2022, ESP32-C3-WROOM-02 minimum voltage: 3.0 V in all domains",
    ),
    peak_ma: Figure::sourced(
        34.4,
        "peak of a busy loop, radios off: robdobson.com, November 2023",
    ),
    library: Some("riscv32imc"),
    arduino: Some("esp32:esp32:esp32c3"),
};

pub(super) const ESP32S3: Board = Board {
    id: "esp32s3",
    name: "ESP32-S3 (budget only)",
    chip: "ESP32-S3",
    core: Core::XtensaLx7,
    clocks: &[Clock {
        mhz: Figure::sourced(240.0, "Zephyr board documentation, esp32s3_devkitc"),
        active_mw: Figure::sourced(
            104.6,
            "31.7 mA at 3.3 V awake, the whole board, radio off: lucidar.me",
        ),
    }],
    computing_whole: true,
    flash_bytes: Figure::sourced(
        8.0 * MIB,
        "RIOT board documentation, esp32s3-devkit: 8 MB at least",
    ),
    flash_kept: Figure::assumed_between(
        7.0 * MIB,
        7.25 * MIB,
        "as on the ESP32-C3: a program has 1 MiB",
    ),
    ram_bytes: Figure::sourced(
        512.0 * KIB,
        "Zephyr board documentation, esp32s3_devkitc, without a module's own",
    ),
    ram_kept: RAM_KEPT,
    sleep_chip_uw: Figure::unknown("Espressif's data sheet was not readable"),
    sleep_board_uw: Figure::sourced(
        924.0,
        "0.28 mA between beacons in light sleep: ESP-IDF, esp32s3_light_sleep.inc; at 3.3 V",
    ),
    wake_us: WAKE,
    volts: Figure::assumed(3.3, "the usual supply of its modules"),
    least_volts: Figure::assumed(3.0, "as the ESP32-C3's; no document read"),
    peak_ma: Figure::assumed_between(
        31.7,
        60.0,
        "31.7 mA awake (lucidar.me); both cores at work draw more",
    ),
    library: None,
    arduino: Some("esp32:esp32:esp32s3"),
};
