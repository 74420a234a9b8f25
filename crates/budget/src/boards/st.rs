//! Nucleo boards of STMicroelectronics. Power is the chip's: the boards carry a debugger and
//! measure the chip at a jumper.

use super::{Board, Clock, KIB, MIB};
use crate::{Core, Figure};

const NOTHING_KEPT: Figure = Figure::assumed_between(
    0.0,
    16.0 * KIB,
    "no bootloader in flash; start-up code and drivers",
);

const RAM_KEPT: Figure =
    Figure::assumed_between(0.5 * KIB, 4.0 * KIB, "statics of start-up code and drivers");

const NUCLEO: Figure =
    Figure::unknown("a Nucleo with a debugger: the chip is measured at a jumper, not the board");

const L4_WAKE: Figure = Figure::sourced(
    5.0,
    "Zephyr board documentation, nucleo_l496zg: 5 µs from Stop mode, the same family",
);

const SHORT_WAKE: Figure = Figure::assumed_between(
    5.0,
    100.0,
    "as the STM32L4's 5 µs, up to a clock that must settle",
);

pub(super) const STM32L476: Board = Board {
    id: "stm32l476",
    name: "STM32L476 Nucleo",
    chip: "STM32L476",
    core: Core::CortexM4,
    clocks: &[
        Clock {
            mhz: Figure::assumed(24.0, "a rate of the internal oscillator, without its PLL"),
            active_mw: Figure::assumed_between(
                5.0,
                7.2,
                "100 µA/MHz at 3 V (Zephyr board documentation, nucleo_l476rg), less where the \
                 core's voltage is lowered",
            ),
        },
        Clock {
            mhz: Figure::sourced(80.0, "Zephyr board documentation, nucleo_l476rg"),
            active_mw: Figure::between(
                23.1,
                33.0,
                "100 µA/MHz (Zephyr board documentation, nucleo_l476rg) at 3 V, and 7 to 10 mA \
                 measured at 3.3 V (os.mbed.com, kenjiArai, Check_DeepSleep)",
            ),
        },
    ],
    computing_whole: false,
    flash_bytes: Figure::sourced(MIB, "Zephyr board documentation, nucleo_l476rg"),
    flash_kept: NOTHING_KEPT,
    ram_bytes: Figure::sourced(
        96.0 * KIB,
        "RIOT and Zephyr board documentation: 128 KB, of which 32 KB lie apart with parity",
    ),
    ram_kept: RAM_KEPT,
    sleep_chip_uw: Figure::between(
        7.0,
        7.4,
        "2.13 to 2.23 µA in deep sleep with RAM, measured: os.mbed.com, kenjiArai, \
         Check_DeepSleep; at 3.3 V",
    ),
    sleep_board_uw: NUCLEO,
    wake_us: L4_WAKE,
    volts: Figure::assumed(3.3, "the Nucleo's own supply"),
    least_volts: Figure::sourced(
        1.71,
        "RIOT board documentation, STM32L476G-DISCO: 1.71 V to 3.6 V",
    ),
    peak_ma: Figure::sourced(
        10.0,
        "os.mbed.com, kenjiArai, Check_DeepSleep: 7 to 10 mA running",
    ),
    library: Some("thumbv7em-hard"),
    arduino: Some("STMicroelectronics:stm32:Nucleo_64"),
};

pub(super) const STM32L4R5: Board = Board {
    id: "stm32l4r5",
    name: "STM32L4R5 Nucleo",
    chip: "STM32L4R5",
    core: Core::CortexM4,
    clocks: &[
        Clock {
            mhz: Figure::sourced(70.0, "MLPerf Tiny v1.3, streaming wake word"),
            active_mw: Figure::assumed_between(
                19.3,
                22.7,
                "33 mW at 120 MHz in proportion, to the 22.7 mW of MLPerf Tiny v1.3's streaming \
                 wake word at a duty of 96 %",
            ),
        },
        Clock {
            mhz: Figure::sourced(120.0, "MLPerf Tiny v1.3 system description"),
            active_mw: Figure::sourced(
                33.0,
                "MLPerf Tiny v1.3, measured while running networks (3 V, external SMPS)",
            ),
        },
    ],
    computing_whole: false,
    flash_bytes: Figure::sourced(2.0 * MIB, "Zephyr board documentation, nucleo_l4r5zi"),
    flash_kept: NOTHING_KEPT,
    ram_bytes: Figure::sourced(640.0 * KIB, "Zephyr board documentation, nucleo_l4r5zi"),
    ram_kept: RAM_KEPT,
    sleep_chip_uw: Figure::assumed_between(
        6.0,
        20.0,
        "the STM32L476's 2.1 µA, and more for five times its RAM; the published 130 nA loses RAM",
    ),
    sleep_board_uw: NUCLEO,
    wake_us: L4_WAKE,
    volts: Figure::sourced(3.0, "MLPerf Tiny v1.3 system description"),
    least_volts: Figure::assumed(1.71, "as the STM32L476's; no document of this chip read"),
    peak_ma: Figure::sourced(
        11.0,
        "33 mW at 3 V: MLPerf Tiny v1.3, while running networks",
    ),
    library: Some("thumbv7em-hard"),
    arduino: Some("STMicroelectronics:stm32:Nucleo_144"),
};

pub(super) const STM32U575: Board = Board {
    id: "stm32u575",
    name: "STM32U575 Nucleo",
    chip: "STM32U575",
    core: Core::CortexM33,
    clocks: &[
        Clock {
            mhz: Figure::sourced(60.0, "MLPerf Tiny v1.3, streaming wake word"),
            active_mw: Figure::assumed_between(
                8.6,
                9.8,
                "23 mW at 160 MHz in proportion, to the 9.5 mW of MLPerf Tiny v1.3's streaming \
                 wake word at a duty of 97 %",
            ),
        },
        Clock {
            mhz: Figure::sourced(160.0, "Zephyr board documentation, nucleo_u575zi_q"),
            active_mw: Figure::between(
                23.0,
                24.0,
                "MLPerf Tiny v1.3, energy by time while running networks",
            ),
        },
    ],
    computing_whole: false,
    flash_bytes: Figure::sourced(2.0 * MIB, "Zephyr board documentation, nucleo_u575zi_q"),
    flash_kept: NOTHING_KEPT,
    ram_bytes: Figure::sourced(
        768.0 * KIB,
        "Zephyr and RIOT board documentation, nucleo_u575zi_q: 768 KiB in a row of 786 kB",
    ),
    ram_kept: RAM_KEPT,
    sleep_chip_uw: Figure::assumed_between(
        8.0,
        60.0,
        "4.65 to 17.5 µA in Stop 2 of the larger STM32U5A9 (SoCXin/STM32U5A9 README, from ST), at \
         1.8 to 3.3 V",
    ),
    sleep_board_uw: NUCLEO,
    wake_us: SHORT_WAKE,
    volts: Figure::assumed(3.3, "the Nucleo's own supply"),
    least_volts: Figure::assumed(1.71, "as the STM32U385's; no document of this chip read"),
    peak_ma: Figure::assumed_between(
        7.0,
        13.0,
        "24 mW at 3.3 to 1.8 V, as while running networks",
    ),
    library: Some("thumbv8m-main-dsp"),
    arduino: Some("STMicroelectronics:stm32:Nucleo_144"),
};

pub(super) const STM32U385: Board = Board {
    id: "stm32u385",
    name: "STM32U385 Nucleo",
    chip: "STM32U385",
    core: Core::CortexM33,
    clocks: &[
        Clock {
            mhz: Figure::sourced(48.0, "Zephyr board documentation, nucleo_u385rg_q"),
            active_mw: Figure::sourced(
                2.06,
                "13 µA/MHz at 3.3 V and 48 MHz, CoreMark, SMPS: Zephyr board documentation, \
                 nucleo_u385rg_q",
            ),
        },
        Clock {
            mhz: Figure::sourced(96.0, "Zephyr board documentation, nucleo_u385rg_q"),
            active_mw: Figure::between(
                5.1,
                5.9,
                "MLPerf Tiny v1.3, measured while running networks (1.8 V SMPS); 16 µA/MHz at \
                 3.3 V of Zephyr's board documentation say the same",
            ),
        },
    ],
    computing_whole: false,
    flash_bytes: Figure::sourced(MIB, "Zephyr board documentation, nucleo_u385rg_q"),
    flash_kept: NOTHING_KEPT,
    ram_bytes: Figure::sourced(256.0 * KIB, "Zephyr board documentation, nucleo_u385rg_q"),
    ram_kept: RAM_KEPT,
    sleep_chip_uw: Figure::between(
        4.0,
        14.9,
        "2.2 µA in Stop 3 to 4.5 µA in Stop 2, full SRAM: Zephyr board documentation, \
         nucleo_u385rg_q; at 1.8 to 3.3 V",
    ),
    sleep_board_uw: NUCLEO,
    wake_us: SHORT_WAKE,
    volts: Figure::sourced(1.8, "MLPerf Tiny v1.3 system description"),
    least_volts: Figure::sourced(1.71, "Zephyr board documentation, nucleo_u385rg_q"),
    peak_ma: Figure::between(
        1.6,
        3.3,
        "5.1 mW at 3.3 V to 5.9 mW at 1.8 V: MLPerf Tiny v1.3",
    ),
    library: Some("thumbv8m-main-dsp"),
    arduino: None,
};

pub(super) const STM32F411: Board = Board {
    id: "stm32f411",
    name: "STM32F411 Nucleo",
    chip: "STM32F411",
    core: Core::CortexM4,
    clocks: &[Clock {
        mhz: Figure::sourced(100.0, "Zephyr board documentation, nucleo_f411re"),
        active_mw: Figure::between(
            23.1,
            33.0,
            "7 to 10 mA measured at 3.3 V: os.mbed.com, kenjiArai, Check_DeepSleep",
        ),
    }],
    computing_whole: false,
    flash_bytes: Figure::sourced(512.0 * KIB, "Zephyr board documentation, nucleo_f411re"),
    flash_kept: NOTHING_KEPT,
    ram_bytes: Figure::sourced(128.0 * KIB, "Zephyr board documentation, nucleo_f411re"),
    ram_kept: RAM_KEPT,
    sleep_chip_uw: Figure::between(
        5445.0,
        6303.0,
        "1.65 to 1.91 mA in Mbed's deep sleep, measured: os.mbed.com, kenjiArai, \
         Check_DeepSleep; at 3.3 V; leaner software may do better",
    ),
    sleep_board_uw: NUCLEO,
    wake_us: Figure::assumed_between(10.0, 200.0, "from Stop mode, until its PLL has settled"),
    volts: Figure::assumed(3.3, "the Nucleo's own supply"),
    least_volts: Figure::sourced(1.7, "Zephyr board documentation, nucleo_f411re"),
    peak_ma: Figure::sourced(
        10.0,
        "os.mbed.com, kenjiArai, Check_DeepSleep: 7 to 10 mA running",
    ),
    library: Some("thumbv7em-hard"),
    arduino: Some("STMicroelectronics:stm32:Nucleo_64"),
};

pub(super) const STM32F446: Board = Board {
    id: "stm32f446",
    name: "STM32F446 Nucleo",
    chip: "STM32F446",
    core: Core::CortexM4,
    clocks: &[Clock {
        mhz: Figure::sourced(180.0, "Zephyr board documentation, nucleo_f446re"),
        active_mw: Figure::between(
            46.2,
            56.1,
            "14 to 17 mA measured at 3.3 V: os.mbed.com, kenjiArai, Check_DeepSleep",
        ),
    }],
    computing_whole: false,
    flash_bytes: Figure::sourced(512.0 * KIB, "Zephyr board documentation, nucleo_f446re"),
    flash_kept: NOTHING_KEPT,
    ram_bytes: Figure::sourced(128.0 * KIB, "Zephyr board documentation, nucleo_f446re"),
    ram_kept: RAM_KEPT,
    sleep_chip_uw: Figure::between(
        5511.0,
        5808.0,
        "1.67 to 1.76 mA in Mbed's deep sleep, measured: os.mbed.com, kenjiArai, \
         Check_DeepSleep; at 3.3 V; leaner software may do better",
    ),
    sleep_board_uw: NUCLEO,
    wake_us: Figure::assumed_between(10.0, 200.0, "from Stop mode, until its PLL has settled"),
    volts: Figure::assumed(3.3, "the Nucleo's own supply"),
    least_volts: Figure::sourced(1.7, "Zephyr board documentation, nucleo_f446re"),
    peak_ma: Figure::sourced(
        17.0,
        "os.mbed.com, kenjiArai, Check_DeepSleep: 14 to 17 mA running",
    ),
    library: Some("thumbv7em-hard"),
    arduino: Some("STMicroelectronics:stm32:Nucleo_64"),
};

pub(super) const STM32H743: Board = Board {
    id: "stm32h743",
    name: "STM32H743 Nucleo",
    chip: "STM32H743",
    core: Core::CortexM7,
    clocks: &[Clock {
        mhz: Figure::sourced(480.0, "Zephyr board documentation, nucleo_h743zi"),
        active_mw: Figure::unknown("no measured power of this chip computing"),
    }],
    computing_whole: false,
    flash_bytes: Figure::sourced(2.0 * MIB, "Zephyr board documentation, nucleo_h743zi"),
    flash_kept: NOTHING_KEPT,
    ram_bytes: Figure::assumed(
        512.0 * KIB,
        "of its 1 MB (Zephyr board documentation, nucleo_h743zi) the largest piece in a row",
    ),
    ram_kept: RAM_KEPT,
    sleep_chip_uw: Figure::unknown("no power asleep with RAM kept read for this chip"),
    sleep_board_uw: NUCLEO,
    wake_us: SHORT_WAKE,
    volts: Figure::assumed(3.3, "the Nucleo's own supply"),
    least_volts: Figure::sourced(1.62, "Zephyr board documentation, nucleo_h743zi"),
    peak_ma: Figure::unknown("no measured current of this chip"),
    library: Some("thumbv7em-hard"),
    arduino: Some("STMicroelectronics:stm32:Nucleo_144"),
};

pub(super) const STM32H7A3: Board = Board {
    id: "stm32h7a3",
    name: "STM32H7A3 Nucleo",
    chip: "STM32H7A3",
    core: Core::CortexM7,
    clocks: &[
        Clock {
            mhz: Figure::sourced(40.0, "MLPerf Tiny v1.3, streaming wake word"),
            active_mw: Figure::between(
                16.2,
                17.4,
                "16.2 mW on average at a duty of 93 %: MLPerf Tiny v1.3, streaming wake word",
            ),
        },
        Clock {
            mhz: Figure::sourced(280.0, "Zephyr board documentation, nucleo_h7a3zi_q"),
            active_mw: Figure::between(
                121.0,
                135.0,
                "MLPerf Tiny v1.2, energy by time while running networks",
            ),
        },
    ],
    computing_whole: false,
    flash_bytes: Figure::sourced(2.0 * MIB, "Zephyr board documentation, nucleo_h7a3zi_q"),
    flash_kept: NOTHING_KEPT,
    ram_bytes: Figure::assumed(
        1024.0 * KIB,
        "of its about 1.4 MB (Zephyr board documentation, nucleo_h7a3zi_q) the largest piece in a \
         row",
    ),
    ram_kept: RAM_KEPT,
    sleep_chip_uw: Figure::unknown("no power asleep with RAM kept read for this chip"),
    sleep_board_uw: NUCLEO,
    wake_us: SHORT_WAKE,
    volts: Figure::assumed(3.3, "the Nucleo's own supply"),
    least_volts: Figure::sourced(1.62, "Zephyr board documentation, nucleo_h7a3zi_q"),
    peak_ma: Figure::assumed_between(
        37.0,
        45.0,
        "121 to 135 mW at 3.3 to 3.0 V, as while running networks",
    ),
    library: Some("thumbv7em-hard"),
    arduino: Some("STMicroelectronics:stm32:Nucleo_144"),
};
