//! When a model's scores become a label, and when a label is an event.
//!
//! ```text
//! scores of a window ─▶ average of the last `smoothing` windows ─▶ best one, ≥ threshold? ─▶ label
//! label, other than before, not "none of these", ≥ suppress_ms after the last event ─▶ fires
//! ```
//!
//! Source: `RecognizeCommands` of TFLite Micro's micro_speech and Edge Impulse's performance
//! calibration, which share this form: mean over recent windows, threshold, suppression,
//! and no second event while the same label stays on top.

use crate::error::ChipError;

/// Most milliseconds that a time of a [`Decision`] may have: an hour.
pub const MAX_MS: u32 = 3_600_000;

/// When a label is given, and when it is an event. May be changed while a model runs:
/// [`crate::Classifier::set_decision`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// Windows whose outputs are averaged, at least 1.
    pub smoothing: u8,
    /// 0 … 1: a label is given only where its averaged score reaches this.
    pub threshold: f32,
    /// Milliseconds after an event in which there is no other, at most [`MAX_MS`].
    pub suppress_ms: u32,
    /// What must be heard or felt before anything is computed.
    pub gate: Gate,
}

/// The wake-on-event gate: windows in which nothing happens are not computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gate {
    /// Root mean square around the mean, of all axes together and in their unit (for
    /// sound: 1 is full scale), from which a stretch of the signal counts as an event.
    /// 0 switches the gate off: every window is computed.
    pub level: f32,
    /// Milliseconds for which windows are computed although the event has left them,
    /// at most [`MAX_MS`]. A window that holds a part of an event always is.
    pub hold_ms: u32,
}

impl Gate {
    /// No gate: every window is computed.
    pub const OFF: Self = Self {
        level: 0.0,
        hold_ms: 0,
    };
}

impl Default for Decision {
    /// The best label of each window on its own, and no gate.
    fn default() -> Self {
        Self {
            smoothing: 1,
            threshold: 0.0,
            suppress_ms: 0,
            gate: Gate::OFF,
        }
    }
}

impl Decision {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`ChipError::Field`] with the name of the first field outside its range.
    pub fn check(&self) -> Result<(), ChipError> {
        let level = self.gate.level;
        let fields = [
            ("smoothing", self.smoothing > 0),
            ("threshold", self.threshold >= 0.0 && self.threshold <= 1.0),
            ("suppress_ms", self.suppress_ms <= MAX_MS),
            ("gate level", level.is_finite() && level >= 0.0),
            ("gate hold_ms", self.gate.hold_ms <= MAX_MS),
        ];
        match fields.iter().find(|(_, good)| !good) {
            Some((name, _)) => Err(ChipError::Field(name)),
            None => Ok(()),
        }
    }
}

/// Readings in so many milliseconds, to the nearest.
pub(crate) fn readings(ms: u32, rate_hz: f32) -> u32 {
    // `as` saturates.
    libm::roundf(ms as f32 * rate_hz / 1000.0) as u32
}

/// Which labels have fired, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Firing {
    /// The label of the last event, for as long as a label is given without a break.
    held: Option<usize>,
    /// Readings since the last event; as many as there can be before the first.
    since: u32,
}

impl Firing {
    pub(crate) const START: Self = Self {
        held: None,
        since: u32::MAX,
    };

    /// A reading has passed.
    pub(crate) fn pass(&mut self) {
        self.since = self.since.saturating_add(1);
    }

    /// Whether this window's label, `None` also for "none of these", is an event, where
    /// events are at least `suppress` readings apart.
    ///
    /// A label fires once for as long as it stays. One that comes too soon fires when the
    /// time is over, if it is still there.
    pub(crate) fn decide(&mut self, label: Option<usize>, suppress: u32) -> bool {
        if label.is_none() {
            self.held = None;
        }
        let fires = label.is_some() && label != self.held && self.since >= suppress;
        if fires {
            *self = Self {
                held: label,
                since: 0,
            };
        }
        fires
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// Which of these windows fire, ten readings apart.
    fn fired(labels: &[Option<usize>], suppress: u32) -> Vec<usize> {
        let mut firing = Firing::START;
        let mut fired = Vec::new();
        for (window, label) in labels.iter().enumerate() {
            (0..10).for_each(|_| firing.pass());
            if firing.decide(*label, suppress) {
                fired.push(window);
            }
        }
        fired
    }

    #[test]
    fn a_label_fires_once_while_it_stays() {
        let a = Some(0);
        assert_eq!(fired(&[a, a, a, None, a, a], 0), [0, 4]);
        assert_eq!(fired(&[None, a, Some(1), a], 0), [1, 2, 3]);
    }

    #[test]
    fn suppression_delays_what_stays_and_drops_what_goes() {
        let (a, b) = (Some(0), Some(1));
        // 30 readings are three windows.
        assert_eq!(fired(&[a, b, b, b, b], 30), [0, 3]);
        assert_eq!(fired(&[a, b, None, None, a], 30), [0, 4]);
        assert_eq!(fired(&[a, None, a, a, a], 30), [0, 3]);
        // A flicker to another label is no second event of the first.
        assert_eq!(fired(&[a, b, a, a, a], 30), [0]);
    }

    #[test]
    fn times_become_readings() {
        assert_eq!(readings(1500, 16_000.0), 24_000);
        assert_eq!(readings(250, 62.5), 16);
        assert_eq!(readings(MAX_MS, 1e6), 3_600_000_000);
        assert_eq!(readings(MAX_MS, f32::MAX), u32::MAX);
    }

    #[test]
    fn fields_have_their_ranges() {
        let good = Decision::default();
        assert_eq!(good.check(), Ok(()));
        let gate = |level, hold_ms| Decision {
            gate: Gate { level, hold_ms },
            ..good
        };
        let suppress_ms = MAX_MS + 1;
        for (bad, name) in [
            (
                Decision {
                    smoothing: 0,
                    ..good
                },
                "smoothing",
            ),
            (
                Decision {
                    threshold: -0.1,
                    ..good
                },
                "threshold",
            ),
            (
                Decision {
                    threshold: 1.1,
                    ..good
                },
                "threshold",
            ),
            (
                Decision {
                    threshold: f32::NAN,
                    ..good
                },
                "threshold",
            ),
            (
                Decision {
                    suppress_ms,
                    ..good
                },
                "suppress_ms",
            ),
            (gate(-1.0, 0), "gate level"),
            (gate(f32::NAN, 0), "gate level"),
            (gate(f32::INFINITY, 0), "gate level"),
            (gate(0.1, MAX_MS + 1), "gate hold_ms"),
        ] {
            assert_eq!(bad.check(), Err(ChipError::Field(name)));
        }
    }
}
