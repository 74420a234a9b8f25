//! More training windows from the same recordings: turned in space, louder or softer,
//! faster or slower, earlier or later, with other noise around them, as a person would
//! do it the next time.
//!
//! Only training windows are varied; validation and test windows stay as recorded.
//! Each variation is drawn from a generator of its own, seeded by the recording, the
//! window, the copy, the epoch and the training seed, so that it does not depend on what
//! else there is. What can be done to samples is done to samples, in this order:
//!
//! 1. `shift` and `stretch` say where the window is read from, and how fast;
//! 2. `rotate` turns it;
//! 3. `background` mixes noise of the user's own into it;
//! 4. `gain` makes all of it louder or softer;
//! 5. `jitter` adds the noise of a poorer sensor.
//!
//! `mask` then blanks features out. Each is one file; what is set to 0 is off. Pictures
//! have variations of their own: `picture`.

mod background;
mod gain;
mod jitter;
mod mask;
pub(crate) mod picture;
mod rotate;
mod shift;
mod stretch;

use oorandom::Rand32;

use crate::settings::AugmentSettings;

pub(crate) use mask::mask;

/// Where a variation comes from; equal sources give equal variations.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The recording's id.
    pub recording: &'a str,
    /// The window's first sample.
    pub start: u32,
    /// Which of the copies.
    pub copy: u32,
    /// Which epoch, counted from 0.
    pub epoch: u32,
    /// The training seed.
    pub seed: u32,
}

impl Source<'_> {
    /// The generator of this variation, seeded by FNV-1a over all fields.
    pub(crate) fn random(&self) -> Random {
        let numbers = [self.start, self.copy, self.epoch, self.seed].map(u32::to_le_bytes);
        let bytes = self.recording.bytes().chain(numbers.into_iter().flatten());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Random(Rand32::new(hash))
    }
}

/// What chance decides.
pub(crate) struct Random(Rand32);

impl Random {
    /// From 0 up to, not including, 1.
    fn share(&mut self) -> f32 {
        self.0.rand_float()
    }

    /// From `-half` to `half`.
    fn within(&mut self, half: f32) -> f32 {
        half * (2.0 * self.share() - 1.0)
    }

    /// A whole number from 0 to `most`.
    fn up_to(&mut self, most: usize) -> usize {
        let most = most.min(u32::MAX as usize - 1) as u32;
        self.0.rand_range(0..most + 1) as usize
    }
}

/// The recording that a window is cut from.
#[derive(Clone, Copy)]
pub(crate) struct Signal<'a> {
    /// `[samples, axes]` at `rate_hz`, at least one window long.
    pub samples: &'a [f32],
    pub axes: usize,
    pub rate_hz: f32,
    /// Whether there is silence beyond both ends, as there is around a sound. A
    /// movement has none: gravity does not end, so its windows stay inside.
    pub silent_ends: bool,
}

/// Writes a variation of the window that begins at sample `start` of `signal` into
/// `out` (`[window, axes]`). `background` are stretches (`[samples, axes]`) to mix in.
pub(crate) fn vary(
    settings: &AugmentSettings,
    random: &mut Random,
    signal: Signal<'_>,
    start: u32,
    background: &[&[f32]],
    out: &mut [f32],
) {
    let shift = shift::draw(settings.shift_ms, signal.rate_hz, random);
    let pace = stretch::draw(settings.stretch, random);
    stretch::read(signal, i64::from(start) + shift, pace, out);
    rotate::vary(settings.rotate_deg, random, signal.axes, out);
    background::vary(settings.noise, random, background, out);
    gain::vary(settings.scale, settings.gain_db, random, out);
    jitter::vary(settings.jitter, random, signal.axes, out);
}

/// Square root of the mean square; 0 of nothing.
fn effective(values: &[f32]) -> f32 {
    let squares: f64 = values.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
    libm::sqrt(squares / values.len().max(1) as f64) as f32
}

#[cfg(test)]
mod testing {
    use super::*;

    /// A generator like any other.
    pub fn random(copy: u32) -> Random {
        let source = Source {
            recording: "abc",
            start: 2,
            copy,
            epoch: 0,
            seed: 0,
        };
        source.random()
    }
}

#[cfg(test)]
mod tests {
    use super::testing::random;
    use super::*;

    fn samples() -> Vec<f32> {
        (0..60).map(|i| ((i * 7) % 11) as f32 - 5.0).collect()
    }

    fn signal(samples: &[f32]) -> Signal<'_> {
        Signal {
            samples,
            axes: 3,
            rate_hz: 10.0,
            silent_ends: false,
        }
    }

    #[test]
    fn nothing_asked_gives_the_window_itself() {
        let (samples, mut out) = (samples(), [0.0; 30]);
        let off = AugmentSettings::default();
        vary(
            &off,
            &mut random(0),
            signal(&samples),
            2,
            &[&[9.0; 30]],
            &mut out,
        );
        assert_eq!(out[..], samples[6..36]);
    }

    #[test]
    fn equal_sources_give_equal_variations_and_others_other_ones() {
        let all = AugmentSettings {
            copies: 1,
            rotate_deg: 180.0,
            scale: 0.3,
            stretch: 0.2,
            jitter: 0.1,
            gain_db: 6.0,
            shift_ms: 200.0,
            noise: 1.0,
            ..AugmentSettings::default()
        };
        let samples = samples();
        let draw = |epoch, copy| {
            let source = Source {
                recording: "abc",
                start: 2,
                copy,
                epoch,
                seed: 1,
            };
            let mut out = vec![0.0; 30];
            let noise: &[f32] = &[1.0, -2.0, 0.5];
            vary(
                &all,
                &mut source.random(),
                signal(&samples),
                2,
                &[noise],
                &mut out,
            );
            out
        };
        assert_eq!(draw(3, 1), draw(3, 1));
        assert_ne!(draw(3, 1), draw(4, 1));
        assert_ne!(draw(3, 1), draw(3, 2));
    }

    #[test]
    fn an_effective_value_by_hand() {
        assert_eq!(effective(&[3.0, -4.0, 0.0, 0.0]), 2.5);
        assert_eq!(effective(&[]), 0.0);
    }
}
