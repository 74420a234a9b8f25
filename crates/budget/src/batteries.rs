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
    /// Name for people.
    pub name: &'static str,
    /// Charge in mAh, new.
    pub charge_mah: Figure,
    /// Nominal voltage in V.
    pub volts: Figure,
    /// Share of the nominal energy that is left after cutoff voltage and ageing, 0 to 1.
    pub usable: Figure,
    /// Current in mA that it can give in short pulses.
    pub pulse_ma: Figure,
}

/// All batteries.
pub static BATTERIES: &[Battery] = &[Battery {
    id: "cr2032",
    name: "CR2032 coin cell",
    charge_mah: Figure::sourced(225.0, "embeddedcomputing.com, January 2025"),
    volts: Figure::sourced(3.0, "nominal voltage of a lithium coin cell"),
    usable: Figure::assumed(0.8, "at least 20 % is lost to cutoff voltage and ageing"),
    pulse_ma: Figure::sourced(
        6.8,
        "Energizer, pulses of 2 s, quoted by embeddedcomputing.com, January 2025",
    ),
}];

impl Battery {
    /// Every figure with its name and its unit.
    pub fn figures(&self) -> [(&'static str, &'static str, Figure); 4] {
        [
            ("charge", "mAh", self.charge_mah),
            ("voltage", "V", self.volts),
            ("usable share", "", self.usable),
            ("pulses", "mA", self.pulse_ma),
        ]
    }

    /// Nominal energy in J: charge times voltage. `None` where either is unknown.
    pub fn energy_j(&self) -> Option<f64> {
        Some(self.charge_mah.range()?.0 * 3.6 * self.volts.range()?.0)
    }

    /// Energy in J that can be counted on.
    pub fn usable_j(&self) -> Option<f64> {
        Some(self.energy_j()? * self.usable.range()?.0)
    }

    /// Average power in µW that the usable energy sustains for that many years.
    pub fn sustains_uw(&self, years: f64) -> Option<f64> {
        Some(self.usable_j()? / (years * YEAR_S) * 1e6)
    }
}

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
        // Of which 80 % can be counted on.
        let usable_uw = cell.sustains_uw(1.0).expect("known");
        assert!((usable_uw - 61.6).abs() < 0.05, "{usable_uw}");
    }

    #[test]
    fn every_figure_says_where_it_comes_from() {
        for b in BATTERIES {
            for (name, _, figure) in b.figures() {
                assert!(!figure.text().is_empty(), "{}: {name}", b.id);
            }
        }
    }
}
