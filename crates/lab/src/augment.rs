//! More training windows from the same recordings: turned in space, louder or
//! softer, faster or slower, as a person would do it the next time.
//!
//! Only training windows are varied; validation and test windows stay as recorded.
//! Each variation is drawn from a generator of its own, seeded by the recording,
//! the window and the training seed, so that it does not depend on what else there is.

use oorandom::Rand32;

use crate::settings::AugmentSettings;

/// Axes that turn together: x, y and z of one sensor.
const SPACE: usize = 3;

/// Where a variation comes from; equal sources give equal variations.
pub(crate) struct Source<'a> {
    /// The recording's id.
    pub recording: &'a str,
    /// The window's first sample.
    pub start: u32,
    /// Which of the copies.
    pub copy: u32,
    /// The training seed.
    pub seed: u32,
}

impl Source<'_> {
    /// FNV-1a over all fields.
    fn generator(&self) -> Rand32 {
        let numbers = [self.start, self.copy, self.seed].map(u32::to_le_bytes);
        let bytes = self.recording.bytes().chain(numbers.into_iter().flatten());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Rand32::new(hash)
    }
}

/// Writes a variation of the window that begins at sample `source.start` of `signal`
/// (`[samples, axes]`) into `out` (`[window, axes]`).
///
/// Turning needs axes in threes (x, y, z of each sensor); other layouts are only
/// scaled and stretched. A window at the end is stretched as far as the recording goes.
pub(crate) fn vary(
    settings: &AugmentSettings,
    source: &Source<'_>,
    signal: &[f32],
    axes: usize,
    out: &mut [f32],
) {
    let mut random = source.generator();
    let mut within = |half: f32| half * (2.0 * random.rand_float() - 1.0);
    let turn = libm::fabsf(settings.rotate_deg).to_radians();
    let angle = within(turn);
    let (height, around) = (within(1.0), within(std::f32::consts::PI));
    let gain = 1.0 + within(settings.scale);
    let pace = 1.0 + within(settings.stretch);

    let window = out.len() / axes;
    let (first, last) = (source.start as usize, signal.len() / axes - 1);
    let reach = (last - first) as f32 / (window.max(2) - 1) as f32;
    let pace = if pace < reach { pace } else { reach };
    for (i, row) in out.chunks_exact_mut(axes).enumerate() {
        let at = i as f32 * pace;
        let before = (first + at as usize).min(last);
        let after = (before + 1).min(last);
        let share = at - libm::floorf(at);
        for (axis, x) in row.iter_mut().enumerate() {
            let (a, b) = (signal[before * axes + axis], signal[after * axes + axis]);
            *x = gain * (a + share * (b - a));
        }
    }
    if axes.is_multiple_of(SPACE) && turn > 0.0 {
        let matrix = rotation(height, around, angle);
        for point in out.chunks_exact_mut(SPACE) {
            let old = [point[0], point[1], point[2]];
            for (x, row) in point.iter_mut().zip(&matrix) {
                *x = row[0] * old[0] + row[1] * old[1] + row[2] * old[2];
            }
        }
    }
}

/// Rodrigues' formula: a turn by `angle` about the axis of length 1 that has this
/// height (−1 … 1) and this angle around the vertical.
fn rotation(height: f32, around: f32, angle: f32) -> [[f32; 3]; 3] {
    let flat = libm::sqrtf(1.0 - height * height);
    let (x, y, z) = (flat * libm::cosf(around), flat * libm::sinf(around), height);
    let (sin, cos) = (libm::sinf(angle), libm::cosf(angle));
    let rest = 1.0 - cos;
    [
        [
            cos + x * x * rest,
            x * y * rest - z * sin,
            x * z * rest + y * sin,
        ],
        [
            y * x * rest + z * sin,
            cos + y * y * rest,
            y * z * rest - x * sin,
        ],
        [
            z * x * rest - y * sin,
            z * y * rest + x * sin,
            cos + z * z * rest,
        ],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: AugmentSettings = AugmentSettings {
        copies: 1,
        rotate_deg: 180.0,
        scale: 0.0,
        stretch: 0.0,
        jitter: 0.0,
        gain_db: 0.0,
        shift_ms: 0.0,
        noise: 0.0,
        mask_frames: 0,
        mask_columns: 0,
    };

    fn source(copy: u32) -> Source<'static> {
        Source {
            recording: "abc",
            start: 2,
            copy,
            seed: 0,
        }
    }

    fn signal() -> Vec<f32> {
        (0..60).map(|i| ((i * 7) % 11) as f32 - 5.0).collect()
    }

    #[test]
    fn turning_keeps_lengths_and_changes_directions() {
        let (signal, mut out) = (signal(), [0.0; 30]);
        vary(&FULL, &source(0), &signal, 3, &mut out);
        let length = |p: &[f32]| p.iter().map(|x| x * x).sum::<f32>().sqrt();
        for (old, new) in signal[6..36].chunks(3).zip(out.chunks(3)) {
            assert!((length(old) - length(new)).abs() < 1e-4);
        }
        assert_ne!(out[..], signal[6..36]);
        let mut again = [0.0; 30];
        vary(&FULL, &source(0), &signal, 3, &mut again);
        assert_eq!(out, again);
        vary(&FULL, &source(1), &signal, 3, &mut again);
        assert_ne!(out, again);
    }

    #[test]
    fn a_quarter_turn_about_the_vertical() {
        let m = rotation(1.0, 0.3, std::f32::consts::FRAC_PI_2);
        for (row, expected) in m
            .iter()
            .zip([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
        {
            for (x, e) in row.iter().zip(expected) {
                assert!((x - e).abs() < 1e-6, "{m:?}");
            }
        }
    }

    #[test]
    fn nothing_asked_gives_the_window_itself() {
        let off = AugmentSettings {
            rotate_deg: 0.0,
            ..FULL
        };
        let (signal, mut out) = (signal(), [0.0; 30]);
        vary(&off, &source(0), &signal, 3, &mut out);
        assert_eq!(out[..], signal[6..36]);
    }

    #[test]
    fn stretching_stays_inside_the_recording() {
        let wild = AugmentSettings {
            rotate_deg: 0.0,
            scale: 0.5,
            stretch: 0.5,
            ..FULL
        };
        // The last window of 10 samples of 20: it can't be read faster.
        for copy in 0..50 {
            let at_end = Source {
                start: 10,
                ..source(copy)
            };
            let mut out = [f32::NAN; 30];
            vary(&wild, &at_end, &signal(), 3, &mut out);
            assert!(out.iter().all(|x| x.abs() <= 5.0 * 1.5 + 1e-3), "{out:?}");
        }
    }
}
