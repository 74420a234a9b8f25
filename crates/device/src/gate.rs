//! The wake-on-event gate: is anything happening?
//!
//! Each reading costs two additions, a multiplication and a subtraction an axis. The
//! signal is cut into *stretches* of a 32nd of a window. A stretch is an event where the
//! mean square around the signal's mean, summed over the axes, reaches the level squared;
//! it counts from the very reading that makes it so. The mean is that of the last
//! half-window or so, so that gravity or a microphone's offset is no event.

use lampyris_dsp::block::clean;

use crate::decision::{Gate, readings};

/// A window has so many stretches…
const STRETCHES: usize = 32;
/// …and the mean follows with the time constant of so many.
const FOLLOW: f32 = 16.0;

/// Values that the gate keeps of each axis: its mean, and the sum of the stretch.
pub(crate) const VALUES: usize = 2;

/// What the gate knows, but for the means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    /// Readings in a stretch.
    stretch: usize,
    /// The sum of squares from which a stretch is an event; infinite where the gate is off.
    limit: f32,
    /// Readings for which an event keeps the gate open.
    hold: usize,
    /// Readings of this stretch so far, and the sum of their squares.
    seen: usize,
    power: f32,
    /// Stretches that the mean rests on, at most [`FOLLOW`]; 0 before the first reading.
    known: f32,
    /// Readings for which the gate is still open.
    open: usize,
    /// Whether the signal is followed even where the gate is off.
    follows: bool,
}

impl Watch {
    /// A gate for windows of so many samples.
    pub(crate) fn new(gate: Gate, window: usize, rate_hz: f32) -> Self {
        let stretch = (window / STRETCHES).max(1);
        // An event leaves the window only after as many readings as the window has.
        let hold = readings(gate.hold_ms, rate_hz) as usize;
        Self {
            stretch,
            limit: if gate.level > 0.0 {
                gate.level * gate.level * stretch as f32
            } else {
                f32::INFINITY
            },
            hold: window.saturating_add(hold),
            seen: 0,
            power: 0.0,
            known: 0.0,
            open: 0,
            follows: false,
        }
    }

    /// The same with another level and hold time; what was learnt of the signal stays.
    pub(crate) fn change(&mut self, gate: Gate, window: usize, rate_hz: f32) {
        let Self { limit, hold, .. } = Self::new(gate, window, rate_hz);
        (self.limit, self.hold) = (limit, hold);
    }

    /// Follows the signal from now on even where the gate is off.
    pub(crate) fn follow(&mut self) {
        self.follows = true;
    }

    /// The mean square, so far, of the stretch that the last reading belongs to: the gate
    /// is opened by the reading that brings it to the level squared.
    pub(crate) fn power(&self) -> f32 {
        self.power / self.stretch as f32
    }

    /// Forgets the signal.
    pub(crate) fn reset(&mut self) {
        (self.seen, self.power, self.known, self.open) = (0, 0.0, 0.0, 0);
    }

    /// Takes a reading; `state` holds [`VALUES`] an axis and is this gate's alone.
    pub(crate) fn take(&mut self, reading: &[f32], state: &mut [f32]) {
        if self.limit == f32::INFINITY && !self.follows {
            return;
        }
        // Only now, so that the last stretch's power could be asked for.
        if self.seen >= self.stretch {
            let share = 1.0 / (self.known * self.stretch as f32);
            for [mean, sum] in state.as_chunks_mut().0 {
                *mean += *sum * share;
                *sum = 0.0;
            }
            self.known = (self.known + 1.0).min(FOLLOW);
            (self.seen, self.power) = (0, 0.0);
        }
        let axes = || reading.iter().map(|x| clean(*x));
        if self.known == 0.0 {
            for ([mean, sum], x) in state.as_chunks_mut().0.iter_mut().zip(axes()) {
                (*mean, *sum) = (x, 0.0);
            }
            self.known = 1.0;
        }
        for ([mean, sum], x) in state.as_chunks_mut().0.iter_mut().zip(axes()) {
            let around = x - *mean;
            *sum += around;
            self.power += around * around;
        }
        self.open = if self.power >= self.limit {
            self.hold
        } else {
            self.open.saturating_sub(1)
        };
        self.seen += 1;
    }

    /// Whether a window that ends with this reading is to be computed.
    pub(crate) fn awake(&self) -> bool {
        self.open > 0 || self.limit == f32::INFINITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// For each reading, whether the gate is open; a window of 64 at 100 Hz.
    fn open(level: f32, hold_ms: u32, signal: impl Iterator<Item = f32>) -> Vec<bool> {
        let mut watch = Watch::new(Gate { level, hold_ms }, 64, 100.0);
        let mut state = [f32::NAN; VALUES];
        signal
            .map(|x| {
                watch.take(&[x], &mut state);
                watch.awake()
            })
            .collect()
    }

    #[test]
    fn opens_at_once_and_for_as_long_as_a_window_holds_the_event() {
        // One reading of 3 in a stretch of 2 (100 and 101): a mean square of 4.5.
        let signal = |i: usize| if i == 100 { 12.0 } else { 9.0 };
        for (level, hold_ms, last) in [(2.0, 0, Some(164)), (2.0, 50, Some(169)), (2.2, 0, None)] {
            let open = open(level, hold_ms, (0..300).map(signal));
            let expected: Vec<bool> = (0..300)
                .map(|i| last.is_some_and(|last| (100..=last).contains(&i)))
                .collect();
            assert_eq!(open, expected, "{level} {hold_ms}");
        }
    }

    #[test]
    fn a_new_rest_is_rest_after_a_while() {
        // From 0 to 10 and to stay: the mean needs about two windows to follow.
        let open = open(1.0, 0, (0..600).map(|i| if i < 50 { 0.0 } else { 10.0 }));
        assert!(!open[49] && open[50] && open[100]);
        assert!(!open[500]);
    }

    #[test]
    fn off_is_always_open() {
        assert!(open(0.0, 0, (0..100).map(|_| 0.0)).into_iter().all(|x| x));
    }

    /// The largest strength of a swing of 1 at 1 Hz in windows of a second at 50 Hz, once
    /// the mean is settled.
    fn strongest(watch: &mut Watch) -> f32 {
        let mut state = [0.0; VALUES];
        let mut most = 0.0f32;
        for i in 0..500 {
            let x = (i as f32 * core::f32::consts::TAU / 50.0).sin();
            watch.take(&[9.81 + x], &mut state);
            if i >= 400 {
                most = most.max(watch.power());
            }
        }
        most.sqrt()
    }

    #[test]
    fn the_power_is_what_opens() {
        let gate = |level| Gate { level, hold_ms: 0 };
        let opens = |level| {
            let mut watch = Watch::new(gate(level), 50, 50.0);
            strongest(&mut watch);
            // The last event leaves the window within 50 readings.
            watch.awake()
        };
        // A slow swing counts in full: its mean over half a window is no part of it.
        let found = strongest(&mut Watch::new(gate(100.0), 50, 50.0));
        assert!(found > 0.9 && found < 1.4, "{found}");
        assert!(opens(found * 0.999) && !opens(found * 1.001), "{found}");
        // Off, it is told to whoever asks for it, and to nobody else.
        let mut off = Watch::new(gate(0.0), 50, 50.0);
        assert_eq!(strongest(&mut off), 0.0);
        off.follow();
        assert_eq!(strongest(&mut off), found);
        off.change(gate(0.0), 50, 50.0);
        off.reset();
        assert_eq!(strongest(&mut off), found);
        assert!(off.awake());
    }

    #[test]
    fn all_axes_count_together() {
        let gate = Gate {
            level: 4.5,
            hold_ms: 0,
        };
        let mut watch = Watch::new(gate, 32, 100.0);
        let mut state = [0.0; 2 * VALUES];
        watch.take(&[0.0, 0.0], &mut state);
        watch.take(&[3.0, 3.0], &mut state);
        assert!(!watch.awake(), "3² + 3² is less than 4.5²");
        watch.reset();
        watch.take(&[0.0, 0.0], &mut state);
        watch.take(&[3.0, 4.0], &mut state);
        assert!(watch.awake());
    }

    #[test]
    fn strange_readings_do_no_lasting_harm() {
        let strange = [f32::NAN, f32::INFINITY, f32::MAX, -f32::MAX];
        let signal = strange.into_iter().chain((0..20_000).map(|_| 1.0));
        let open = open(0.5, 0, signal);
        assert!(open[3]);
        assert!(!open[19_000]);
    }
}
