//! The tables as a face lists them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{BATTERIES, BOARDS, Battery, Board, RADIOS, SENSORS, Term};

/// The board of a new project.
pub const DEFAULT_BOARD: &str = "nano33ble";
/// The battery of a new project.
pub const DEFAULT_BATTERY: &str = "cr2032";

/// A board in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BoardInfo {
    /// Short name for settings and links.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Chip and core.
    pub core: String,
    /// Fastest clock in MHz, where known.
    pub clock_mhz: Option<f64>,
    /// All clocks in MHz that it can be set to, slowest first.
    pub clocks_mhz: Vec<f64>,
    /// Flash in bytes, where known.
    pub flash_bytes: Option<f64>,
    /// RAM in bytes, where known.
    pub ram_bytes: Option<f64>,
    /// Folder of the library in the export for C; `None` where there is none.
    pub library: Option<String>,
    /// Name in Arduino's tools, where it has one.
    pub arduino: Option<String>,
    /// Every figure with its source.
    pub figures: Vec<Term>,
}

/// A battery in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BatteryInfo {
    /// Short name for settings and links.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Energy in J that can be counted on, where known.
    pub usable_j: Option<f64>,
    /// Average power in µW that it sustains for a year, where known.
    pub year_uw: Option<f64>,
    /// Every figure with its source.
    pub figures: Vec<Term>,
}

/// A radio or a sensor in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PartInfo {
    /// Short name for settings and links.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Every figure with its source.
    pub figures: Vec<Term>,
}

/// All boards, in the order of the table.
pub fn boards() -> Vec<BoardInfo> {
    BOARDS.iter().map(board_info).collect()
}

/// All batteries, in the order of the table.
pub fn batteries() -> Vec<BatteryInfo> {
    BATTERIES.iter().map(battery_info).collect()
}

/// All radios, in the order of the table; the first is none.
pub fn radios() -> Vec<PartInfo> {
    let info = |r: &crate::Radio| part_info(r.id, r.name, &r.figures());
    RADIOS.iter().map(info).collect()
}

/// All sensors, in the order of the table; the first is none.
pub fn sensors() -> Vec<PartInfo> {
    let info = |s: &crate::Sensor| part_info(s.id, s.name, &s.figures());
    SENSORS.iter().map(info).collect()
}

/// Ids of all boards.
pub fn board_ids() -> Vec<&'static str> {
    BOARDS.iter().map(|b| b.id).collect()
}

/// Ids of all batteries.
pub fn battery_ids() -> Vec<&'static str> {
    BATTERIES.iter().map(|b| b.id).collect()
}

/// Ids of all radios.
pub fn radio_ids() -> Vec<&'static str> {
    RADIOS.iter().map(|r| r.id).collect()
}

/// Ids of all sensors.
pub fn sensor_ids() -> Vec<&'static str> {
    SENSORS.iter().map(|s| s.id).collect()
}

fn part_info(id: &str, name: &str, figures: &[(&str, &str, crate::Figure)]) -> PartInfo {
    PartInfo {
        id: id.into(),
        name: name.into(),
        figures: figures
            .iter()
            .map(|(name, unit, figure)| Term::of(name, *figure, unit))
            .collect(),
    }
}

fn board_info(board: &Board) -> BoardInfo {
    let clocks_mhz = board.clocks_mhz();
    BoardInfo {
        id: board.id.into(),
        name: board.name.into(),
        core: format!("{}, {}", board.chip, board.core.name()),
        clock_mhz: clocks_mhz.last().copied(),
        clocks_mhz,
        flash_bytes: board.flash_bytes.low(),
        ram_bytes: board.ram_bytes.low(),
        library: board.library.map(str::to_owned),
        arduino: board.arduino.map(str::to_owned),
        figures: board
            .figures()
            .iter()
            .map(|(name, unit, figure)| Term::of(name, *figure, unit))
            .collect(),
    }
}

fn battery_info(battery: &Battery) -> BatteryInfo {
    BatteryInfo {
        id: battery.id.into(),
        name: battery.name.into(),
        usable_j: battery.usable_j(),
        year_uw: battery.sustains_uw(1.0),
        figures: battery
            .figures()
            .iter()
            .map(|(name, unit, figure)| Term::of(name, *figure, unit))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_in_the_tables() {
        assert!(board_ids().contains(&DEFAULT_BOARD));
        assert!(battery_ids().contains(&DEFAULT_BATTERY));
        assert_eq!((radio_ids()[0], sensor_ids()[0]), ("none", "none"));
        let c = crate::Conditions::default();
        assert!(
            radio_ids().contains(&c.radio.as_str()) && sensor_ids().contains(&c.sensor.as_str())
        );
    }

    #[test]
    fn what_is_unknown_is_listed_as_such() {
        let boards = boards();
        let s3 = boards.iter().find(|b| b.id == "esp32s3");
        let s3 = s3.expect("it is in the table");
        assert_eq!(s3.library, None);
        assert!(s3.figures.iter().any(|f| f.source.starts_with("unknown:")));
        assert_eq!(s3.figures.len(), 12);
        assert_eq!(s3.clocks_mhz, [240.0]);
    }
}
