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

impl Conditions {
    /// The same with numbers that can be computed with: a hop of at least 1 ms, a share of 0 to 1,
    /// messages that are not negative. What is no number counts as the default.
    pub fn legal(&self) -> Self {
        let usual = Self::default();
        let or = |value: f64, usual: f64| if value.is_finite() { value } else { usual };
        Self {
            clock_mhz: self.clock_mhz.filter(|mhz| mhz.is_finite()),
            hop_ms: or(self.hop_ms, usual.hop_ms).max(1.0),
            awake_share: or(self.awake_share, usual.awake_share).clamp(0.0, 1.0),
            messages_a_day: or(self.messages_a_day, usual.messages_a_day).max(0.0),
            ..self.clone()
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_made_legal() {
        let wild = Conditions {
            clock_mhz: Some(f64::NAN),
            hop_ms: 0.0,
            awake_share: 7.0,
            messages_a_day: f64::NEG_INFINITY,
            ..Conditions::default()
        };
        let legal = wild.legal();
        assert_eq!((legal.clock_mhz, legal.hop_ms), (None, 1.0));
        assert_eq!((legal.awake_share, legal.messages_a_day), (1.0, 0.0));
        let usual = Conditions::default();
        assert_eq!(usual.legal(), usual);
    }
}
