//! How a board is used: what a person can change without another model.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::info::{DEFAULT_BATTERY, DEFAULT_BOARD};

/// Where and how a model is used. Each field is a slider or a list of the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Conditions {
    /// Id of the board.
    pub board: String,
    /// Whether the whole board as bought counts while asleep, or only its chip, as on a board of
    /// one's own.
    pub whole_board: bool,
    /// Clock in MHz; `None` is the board's fastest.
    pub clock_mhz: Option<f64>,
    /// Time between inferences in ms.
    pub hop_ms: f64,
    /// Share of the inferences that are computed, 0 to 1: the others sleep behind a gate or a
    /// sensor that wakes the chip.
    pub awake_share: f64,
    /// Messages a day, on average.
    pub messages_a_day: f64,
    /// Id of the radio that sends them.
    pub radio: String,
    /// Id of the sensor.
    pub sensor: String,
    /// Id of the battery.
    pub battery: String,
}

impl Default for Conditions {
    /// The board and the battery of a new project, an inference each second, never asleep, and
    /// neither radio nor sensor.
    fn default() -> Self {
        Self {
            board: DEFAULT_BOARD.into(),
            whole_board: true,
            clock_mhz: None,
            hop_ms: 1000.0,
            awake_share: 1.0,
            messages_a_day: 0.0,
            radio: "none".into(),
            sensor: "none".into(),
            battery: DEFAULT_BATTERY.into(),
        }
    }
}
