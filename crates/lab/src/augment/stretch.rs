//! Faster or slower: the window is read at another pace, joined by straight lines.
//! Of a voice this changes the pitch as well, as that of another speaker.

use super::{Random, Signal};

/// Draws how many samples of the recording one sample of the window takes.
pub(super) fn draw(stretch: f32, random: &mut Random) -> f64 {
    if stretch == 0.0 {
        return 1.0;
    }
    1.0 + f64::from(random.within(stretch))
}

/// Reads a window that begins at sample `start`. With silent ends it is stretched about
/// its middle, and there is 0 beyond the recording; without, it begins at `start`
/// (moved inside) and is read no faster than the recording goes on.
pub(super) fn read(signal: Signal<'_>, start: i64, pace: f64, out: &mut [f32]) {
    let axes = signal.axes;
    let steps = (out.len() / axes).saturating_sub(1);
    let last = (signal.samples.len() / axes).saturating_sub(1);
    let (from, pace) = if signal.silent_ends {
        (start as f64 + 0.5 * steps as f64 * (1.0 - pace), pace)
    } else {
        let from = start.clamp(0, last.saturating_sub(steps) as i64);
        let reach = (last as i64 - from) as f64 / steps.max(1) as f64;
        (from as f64, if pace < reach { pace } else { reach })
    };
    for (i, row) in out.chunks_exact_mut(axes).enumerate() {
        let at = from + i as f64 * pace;
        let before = libm::floor(at);
        let share = (at - before) as f32;
        let before = before as i64;
        for (axis, x) in row.iter_mut().enumerate() {
            let value = |sample: i64| {
                let inside = if signal.silent_ends {
                    usize::try_from(sample).ok().filter(|s| *s <= last)
                } else {
                    Some(sample.clamp(0, last as i64) as usize)
                };
                inside.map_or(0.0, |s| signal.samples[s * axes + axis])
            };
            let (a, b) = (value(before), value(before + 1));
            *x = a + share * (b - a);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::random;
    use super::*;

    fn signal(samples: &[f32], silent_ends: bool) -> Signal<'_> {
        Signal {
            samples,
            axes: 1,
            rate_hz: 10.0,
            silent_ends,
        }
    }

    #[test]
    fn silence_lies_beyond_a_sound() {
        let samples = [1.0, 2.0, 3.0, 4.0];
        let mut out = [9.0; 4];
        read(signal(&samples, true), -2, 1.0, &mut out);
        assert_eq!(out, [0.0, 0.0, 1.0, 2.0]);
        read(signal(&samples, true), 3, 1.0, &mut out);
        assert_eq!(out, [4.0, 0.0, 0.0, 0.0]);
        // Twice as fast about the middle, 1.5: from −1.5 in steps of 2.
        read(signal(&samples, true), 0, 2.0, &mut out);
        assert_eq!(out, [0.0, 1.5, 3.5, 0.0]);
    }

    #[test]
    fn a_movement_stays_inside_its_recording() {
        let samples: Vec<f32> = (0..20).map(|i| i as f32).collect();
        let mut out = [0.0; 10];
        // The last window of 10 samples of 20: it can't be read faster.
        read(signal(&samples, false), 10, 1.4, &mut out);
        assert_eq!(out[..], samples[10..]);
        read(signal(&samples, false), 15, 1.0, &mut out);
        assert_eq!(out[..], samples[10..]);
        read(signal(&samples, false), 10, 0.5, &mut out);
        assert_eq!(out[1], 10.5);
        read(signal(&samples, false), -3, 1.0, &mut out);
        assert_eq!(out[..], samples[..10]);
    }

    #[test]
    fn it_stays_within_what_was_asked() {
        let drawn: Vec<f64> = (0..200).map(|i| draw(0.2, &mut random(i))).collect();
        assert!(drawn.iter().all(|p| (0.8..=1.2).contains(p)), "{drawn:?}");
        assert_eq!(draw(0.0, &mut random(0)), 1.0);
    }
}
