//! Boards, one row each. A new board is one row in its maker's file and its name in [`BOARDS`].

mod arduino;
mod espressif;
mod nordic;
mod raspberry;
mod st;

use serde::Serialize;

use crate::{Core, Figure};

/// A clock that a board can run at, and what it draws while computing.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Clock {
    /// Its rate in MHz.
    pub mhz: Figure,
    /// Power in mW while computing at it.
    pub active_mw: Figure,
}

/// A board, or a chip with what it needs around it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Board {
    /// Short name for settings and links.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Its chip.
    pub chip: &'static str,
    /// The chip's core.
    pub core: Core,
    /// Clocks with known power, slowest first. The last is the usual one.
    pub clocks: &'static [Clock],
    /// Whether the clocks' power is the whole board's; the chip's alone otherwise.
    pub computing_whole: bool,
    /// Flash in bytes.
    pub flash_bytes: Figure,
    /// Bytes of flash that bootloader, radio and board support keep.
    pub flash_kept: Figure,
    /// RAM in bytes.
    pub ram_bytes: Figure,
    /// Bytes of RAM that radio and board support keep.
    pub ram_kept: Figure,
    /// Power in µW of the chip asleep with RAM kept.
    pub sleep_chip_uw: Figure,
    /// Power in µW of the whole board asleep with RAM kept.
    pub sleep_board_uw: Figure,
    /// Microseconds from sleep to the first instruction.
    pub wake_us: Figure,
    /// Supply voltage in V that powers were told or computed at.
    pub volts: Figure,
    /// Least voltage in V that it runs from, at the pin that a battery would feed.
    pub least_volts: Figure,
    /// Largest current in mA that it draws itself, its radio silent.
    pub peak_ma: Figure,
    /// The export's library for it, as its folder is called; `None` where there is none.
    pub library: Option<&'static str>,
    /// Its name in Arduino's tools, where it has one.
    pub arduino: Option<&'static str>,
}

/// All boards, in the order that a list shows them.
pub static BOARDS: &[Board] = &[
    arduino::NANO33BLE,
    arduino::NANORP2040,
    arduino::UNOR4,
    arduino::PORTENTAH7,
    nordic::MICROBIT2,
    nordic::XIAO52840,
    nordic::NRF5340DK,
    raspberry::PICO,
    raspberry::PICO2,
    st::STM32L476,
    st::STM32L4R5,
    st::STM32U575,
    st::STM32U385,
    st::STM32F411,
    st::STM32F446,
    st::STM32H743,
    st::STM32H7A3,
    espressif::ESP32C3,
    espressif::ESP32S3,
];

const KIB: f64 = 1024.0;
const MIB: f64 = 1024.0 * 1024.0;

impl Board {
    /// Every figure with its name and its unit.
    pub fn figures(&self) -> Vec<(String, &'static str, Figure)> {
        let mut all = Vec::new();
        let fastest = self.clocks.len() - 1;
        for (i, clock) in self.clocks.iter().enumerate().rev() {
            let at = match clock.mhz.low() {
                Some(mhz) if i < fastest => format!(" at {mhz} MHz"),
                _ => String::new(),
            };
            all.push((format!("clock{at}"), "MHz", clock.mhz));
            all.push((format!("power while computing{at}"), "mW", clock.active_mw));
        }
        let rest = [
            ("flash", "B", self.flash_bytes),
            ("flash that the board keeps", "B", self.flash_kept),
            ("RAM", "B", self.ram_bytes),
            ("RAM that the board keeps", "B", self.ram_kept),
            ("power asleep, chip", "µW", self.sleep_chip_uw),
            ("power asleep, whole board", "µW", self.sleep_board_uw),
            ("time to wake", "µs", self.wake_us),
            ("voltage", "V", self.volts),
            ("least voltage", "V", self.least_volts),
            ("largest current", "mA", self.peak_ma),
        ];
        all.extend(rest.map(|(name, unit, figure)| (name.into(), unit, figure)));
        all
    }

    /// The clocks that it can run at in MHz, slowest first.
    pub fn clocks_mhz(&self) -> Vec<f64> {
        self.clocks.iter().filter_map(|c| c.mhz.low()).collect()
    }

    /// The clock in MHz that a wish leads to: the nearest of those in its row, the slower of two
    /// that are as near, the fastest without a wish.
    pub fn clock(&self, wish: Option<f64>) -> f64 {
        let clocks = self.clocks_mhz();
        let fastest = clocks.last().copied().unwrap_or(1.0);
        let Some(wish) = wish.filter(|mhz| mhz.is_finite()) else {
            return fastest;
        };
        let far = |mhz: &f64| (mhz - wish).abs();
        let nearest = clocks.iter().min_by(|a, b| far(a).total_cmp(&far(b)));
        nearest.copied().unwrap_or(fastest)
    }

    /// Power in mW while computing at a clock in MHz that is in its row.
    pub fn active_mw(&self, clock_mhz: f64) -> Figure {
        let its = self.clocks.iter().find(|c| c.mhz.low() == Some(clock_mhz));
        its.map_or(
            Figure::unknown("the board has no such clock in its row"),
            |c| c.active_mw,
        )
    }

    /// What it sleeps at, and whether that is the whole board: the chip alone counts where the
    /// board's own figure is unknown.
    pub fn sleep_uw(&self, whole_board: bool) -> (Figure, bool) {
        match self.sleep_board_uw {
            known if whole_board && known.range().is_some() => (known, true),
            _ => (self.sleep_chip_uw, false),
        }
    }
}

#[cfg(test)]
mod tests;
