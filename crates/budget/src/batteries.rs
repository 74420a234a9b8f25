//! Batteries, one row each.

use serde::Serialize;

use crate::Figure;

/// Seconds in a year of 365.25 days.
pub const YEAR_S: f64 = 365.25 * 86_400.0;

/// A battery that a board may run on.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Battery {
    /// Short name for settings and links.
    pub id: &'static str,
    /// Name for people, after "a".
    pub name: &'static str,
    /// Charge in mAh, new.
    pub charge_mah: Figure,
    /// Nominal voltage in V.
    pub volts: Figure,
    /// Voltage in V at which it counts as empty.
    pub least_volts: Figure,
    /// Share of the nominal energy that can be had before that, 0 to 1.
    pub usable: Figure,
    /// Share of the nominal energy that it loses by itself in a year, 0 to 1.
    pub self_discharge: Figure,
    /// Current in mA that it can give all the time.
    pub continuous_ma: Figure,
    /// Current in mA that it can give in short pulses.
    pub pulse_ma: Figure,
}

impl Battery {
    /// Every figure with its name and its unit.
    pub fn figures(&self) -> [(&'static str, &'static str, Figure); 7] {
        [
            ("charge", "mAh", self.charge_mah),
            ("voltage", "V", self.volts),
            ("empty at", "V", self.least_volts),
            ("usable share", "", self.usable),
            ("self-discharge", "a year", self.self_discharge),
            ("current all the time", "mA", self.continuous_ma),
            ("pulses", "mA", self.pulse_ma),
        ]
    }

    /// Nominal energy in J: charge times voltage. `None` where either is unknown.
    pub fn energy_j(&self) -> Option<f64> {
        Some(self.charge_mah.low()? * 3.6 * self.volts.low()?)
    }

    /// Energy in J that can be counted on if it is used at once.
    pub fn usable_j(&self) -> Option<f64> {
        Some(self.energy_j()? * self.usable.low()?)
    }

    /// Energy in J that it loses by itself in a year, at most.
    fn lost_j(&self) -> Option<f64> {
        Some(self.energy_j()? * self.self_discharge.high()?)
    }

    /// Average power in µW that it sustains for that many years, its own loss taken off.
    pub fn sustains_uw(&self, years: f64) -> Option<f64> {
        let left = self.usable_j()? - self.lost_j()? * years;
        Some((left / (years * YEAR_S) * 1e6).max(0.0))
    }

    /// Days that it lasts at an average power in µW: the usable energy over that power and
    /// its own loss, both steady.
    pub fn days(&self, power_uw: f64) -> Option<f64> {
        let watt = power_uw * 1e-6 + self.lost_j()? / YEAR_S;
        (watt > 0.0).then_some(())?;
        Some(self.usable_j()? / watt / 86_400.0)
    }
}

const AT_ONCE: Figure = Figure::assumed(0.8, "at least 20 % is lost to cutoff voltage and ageing");

const ALKALINE_LOSS: Figure = Figure::assumed_between(
    0.02,
    0.06,
    "makers' 5 to 10 years on the shelf, to 0.5 % a month (Hindawi, jre 2024/2329261, table 3)",
);

const LIPO_LOSS: Figure = Figure::between(
    0.12,
    0.6,
    "1 to 2 % a month, and 3 % for the protection circuit: hdp-power.com, self-discharge",
);

const LIPO_EMPTY: Figure = Figure::sourced(
    3.0,
    "Adafruit product 1578: its protection cuts out at 3.0 V",
);

const LIPO_VOLTS: Figure = Figure::sourced(3.7, "Adafruit product 1578: 3.7 V");

const LIPO_USABLE: Figure = Figure::assumed(0.85, "down to 3.0 V, and after some hundred charges");

/// All batteries.
pub static BATTERIES: &[Battery] = &[
    Battery {
        id: "cr2032",
        name: "CR2032 coin cell",
        charge_mah: Figure::sourced(225.0, "embeddedcomputing.com, January 2025"),
        volts: Figure::sourced(3.0, "embeddedcomputing.com, January 2025: nominal voltage"),
        least_volts: Figure::sourced(2.0, "Wikipedia, CR2032 battery: cutoff voltage"),
        usable: AT_ONCE,
        self_discharge: Figure::between(
            0.01,
            0.015,
            "Rayovac, specialty batteries: about 1.5 % a year; antiuav.net, CR2032: about 1 %",
        ),
        continuous_ma: Figure::between(
            0.19,
            0.2,
            "Energizer and Panasonic, quoted by embeddedcomputing.com, January 2025",
        ),
        pulse_ma: Figure::sourced(
            6.8,
            "Energizer, pulses of 2 s, quoted by embeddedcomputing.com, January 2025",
        ),
    },
    Battery {
        id: "aaa2",
        name: "pair of AAA cells",
        charge_mah: Figure::between(900.0, 1155.0, "encyc.org, AAA battery: alkaline"),
        volts: Figure::sourced(3.0, "encyc.org, AAA battery: 1.5 V each"),
        least_volts: Figure::assumed(1.8, "0.9 V each, where they are nearly empty"),
        usable: AT_ONCE,
        self_discharge: ALKALINE_LOSS,
        continuous_ma: Figure::assumed(100.0, "a tenth of the charge an hour"),
        pulse_ma: Figure::assumed(500.0, "alkaline cells of this size light torches"),
    },
    Battery {
        id: "aa2",
        name: "pair of AA cells",
        charge_mah: Figure::between(
            2850.0,
            2900.0,
            "Energizer E91 at 25 mA: lygte-info.dk, comparison of AA battery chemistries",
        ),
        volts: Figure::sourced(
            3.0,
            "lygte-info.dk, comparison of AA battery chemistries: 1.5 V each",
        ),
        least_volts: Figure::assumed(1.8, "0.9 V each, where they are nearly empty"),
        usable: AT_ONCE,
        self_discharge: ALKALINE_LOSS,
        continuous_ma: Figure::sourced(
            500.0,
            "lygte-info.dk, comparison of AA battery chemistries: still 1,400 mAh at 500 mA",
        ),
        pulse_ma: Figure::sourced(1000.0, "PowerStream, AA tests: alkaline cells at 1 A"),
    },
    Battery {
        id: "lipo100",
        name: "LiPo cell of 100 mAh",
        charge_mah: Figure::assumed(100.0, "as printed on it"),
        volts: LIPO_VOLTS,
        least_volts: LIPO_EMPTY,
        usable: LIPO_USABLE,
        self_discharge: LIPO_LOSS,
        continuous_ma: Figure::assumed(100.0, "its charge in an hour"),
        pulse_ma: Figure::assumed(200.0, "twice its charge in an hour"),
    },
    Battery {
        id: "lipo500",
        name: "LiPo cell of 500 mAh",
        charge_mah: Figure::sourced(500.0, "Adafruit product 1578"),
        volts: LIPO_VOLTS,
        least_volts: LIPO_EMPTY,
        usable: LIPO_USABLE,
        self_discharge: LIPO_LOSS,
        continuous_ma: Figure::assumed(500.0, "its charge in an hour"),
        pulse_ma: Figure::assumed(1000.0, "twice its charge in an hour"),
    },
    Battery {
        id: "lipo1200",
        name: "LiPo cell of 1200 mAh",
        charge_mah: Figure::sourced(1200.0, "manuals.plus, Adafruit 1200 mAh battery, LP-503562"),
        volts: LIPO_VOLTS,
        least_volts: LIPO_EMPTY,
        usable: LIPO_USABLE,
        self_discharge: LIPO_LOSS,
        continuous_ma: Figure::assumed(1200.0, "its charge in an hour"),
        pulse_ma: Figure::assumed(2400.0, "twice its charge in an hour"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_on_a_coin_cell_is_77_microwatts() {
        let cell = crate::battery("cr2032").expect("it is in the table");
        let energy = cell.energy_j().expect("both figures are known");
        assert!((energy - 2430.0).abs() < 1e-9);
        let power_uw = energy / YEAR_S * 1e6;
        assert!((power_uw - 77.0).abs() < 0.05, "{power_uw}");
        let current_ua = power_uw / 3.0;
        assert!((current_ua - 25.7).abs() < 0.05, "{current_ua}");
        // At 1 mW it is empty in 28 days.
        assert!((energy / 1e-3 / 86_400.0 - 28.1).abs() < 0.05);
        // Of which 80 % can be counted on, less what it loses by itself.
        let usable_uw = cell.sustains_uw(1.0).expect("known");
        assert!(
            (usable_uw - 77.0 * (0.8 - 0.015)).abs() < 0.05,
            "{usable_uw}"
        );
        // Both ways to ask say the same.
        let days = cell.days(usable_uw).expect("known");
        assert!((days - 365.25).abs() < 1e-6, "{days}");
    }

    #[test]
    fn what_loses_its_charge_lasts_no_longer_than_that() {
        for b in BATTERIES {
            let idle = b.days(0.0).expect("all figures are known");
            assert!(
                idle > 300.0 && idle < 100.0 * 365.25,
                "{}: {idle} days",
                b.id
            );
            assert!(b.least_volts.high() < b.volts.low(), "{}", b.id);
            assert!(b.continuous_ma.low() <= b.pulse_ma.low(), "{}", b.id);
        }
        // What is lost in ten years leaves nothing of a LiPo cell.
        let lipo = crate::battery("lipo500").expect("it is in the table");
        assert_eq!(lipo.sustains_uw(10.0), Some(0.0));
    }
}
