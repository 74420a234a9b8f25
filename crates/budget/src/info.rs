//! The tables as a face lists them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{BATTERIES, BOARDS, Battery, Board, Term};

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
    /// Clock in MHz, where known.
    pub clock_mhz: Option<f64>,
    /// Flash in bytes, where known.
    pub flash_bytes: Option<f64>,
    /// RAM in bytes, where known.
    pub ram_bytes: Option<f64>,
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

/// Ids of all boards.
pub fn board_ids() -> Vec<&'static str> {
    BOARDS.iter().map(|b| b.id).collect()
}

/// Ids of all batteries.
pub fn battery_ids() -> Vec<&'static str> {
    BATTERIES.iter().map(|b| b.id).collect()
}

fn board_info(board: &Board) -> BoardInfo {
    let least = |figure: crate::Figure| figure.range().map(|r| r.0);
    BoardInfo {
        id: board.id.into(),
        name: board.name.into(),
        core: board.core.into(),
        clock_mhz: least(board.clock_mhz),
        flash_bytes: least(board.flash_bytes),
        ram_bytes: least(board.ram_bytes),
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
    }

    #[test]
    fn what_is_unknown_is_listed_as_such() {
        let boards = boards();
        let c3 = boards.iter().find(|b| b.id == "esp32c3");
        let c3 = c3.expect("it is in the table");
        assert_eq!(c3.ram_bytes, None);
        assert!(c3.figures.iter().any(|f| f.source.starts_with("unknown:")));
        assert_eq!(c3.figures.len(), 9);
    }
}
