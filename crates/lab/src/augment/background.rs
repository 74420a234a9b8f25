//! Noise of the user's own recordings around a window: what was quiet while recording
//! will not be quiet in use.

use super::{Random, effective};

/// Mixes a piece of one of the `stretches` into a window, at up to `noise` times the
/// window's effective value. A stretch that is shorter than the window goes round.
pub(super) fn vary(noise: f32, random: &mut Random, stretches: &[&[f32]], out: &mut [f32]) {
    if noise == 0.0 || stretches.is_empty() || out.is_empty() {
        return;
    }
    let share = noise * random.share();
    let stretch = stretches[random.up_to(stretches.len() - 1)];
    let spare = stretch.len().saturating_sub(out.len());
    let from = random.up_to(spare);
    let piece = || stretch[from..].iter().cycle().take(out.len());
    let heard: Vec<f32> = piece().copied().collect();
    let own = effective(&heard);
    if own > 0.0 {
        let factor = share * effective(out) / own;
        out.iter_mut()
            .zip(heard)
            .for_each(|(x, n)| *x += factor * n);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::random;
    use super::*;

    #[test]
    fn it_is_as_loud_as_was_asked() {
        let stretch: Vec<f32> = (0..50).map(|i| ((i * 7) % 5) as f32 - 2.0).collect();
        let window: Vec<f32> = (0..20).map(|i| ((i % 2) as f32) * 6.0 - 3.0).collect();
        let mut most = 0.0f32;
        for copy in 0..100 {
            let mut out = window.clone();
            vary(0.5, &mut random(copy), &[&stretch], &mut out);
            let added: Vec<f32> = out.iter().zip(&window).map(|(a, b)| a - b).collect();
            let share = effective(&added) / effective(&window);
            assert!(share <= 0.5001, "{share}");
            most = most.max(share);
        }
        assert!(most > 0.4, "{most}");
    }

    #[test]
    fn a_short_stretch_goes_round_and_silence_adds_nothing() {
        let mut out = [1.0; 6];
        vary(1.0, &mut random(1), &[&[1.0, -1.0]], &mut out);
        let added = out[0] - 1.0;
        assert!(added != 0.0 && (out[4] - 1.0 - added).abs() < 1e-6);
        assert!((out[1] - 1.0 + added).abs() < 1e-6);
        let mut out = [1.0; 6];
        vary(1.0, &mut random(1), &[&[0.0; 9]], &mut out);
        assert_eq!(out, [1.0; 6]);
        vary(1.0, &mut random(1), &[], &mut out);
        assert_eq!(out, [1.0; 6]);
    }
}
