//! Other light: all of a picture brighter or darker, with more or less contrast.

use super::{FULL, Random, clip};

/// Spreads a picture about its mean by 1 ± `contrast`, and makes it brighter or darker by
/// up to `brightness` of the way from black to white.
pub(super) fn vary(brightness: f32, contrast: f32, random: &mut Random, out: &mut [f32]) {
    if (brightness == 0.0 && contrast == 0.0) || out.is_empty() {
        return;
    }
    let spread = 1.0 + random.within(contrast);
    let added = random.within(brightness) * FULL;
    let mean = out.iter().sum::<f32>() / out.len() as f32;
    let rest = mean - mean * spread + added;
    out.iter_mut().for_each(|v| *v = *v * spread + rest);
    clip(out);
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::random;
    use super::*;

    /// Mean and half the width of two pixels that were −0.1 and 0.3, often drawn.
    fn drawn(brightness: f32, contrast: f32) -> Vec<(f32, f32)> {
        let draw = |copy| {
            let mut out = [-0.1, 0.3];
            vary(brightness, contrast, &mut random(copy), &mut out);
            ((out[0] + out[1]) / 2.0, (out[1] - out[0]) / 2.0)
        };
        (0..200).map(draw).collect()
    }

    #[test]
    fn brightness_moves_and_contrast_spreads() {
        let (mut least, mut most) = (1.0f32, -1.0f32);
        for (mean, width) in drawn(0.1, 0.0) {
            assert!((width - 0.2).abs() < 1e-6);
            (least, most) = (least.min(mean), most.max(mean));
        }
        assert!(
            (-0.1..-0.07).contains(&least) && (0.27..=0.3).contains(&most),
            "{least} {most}"
        );
        let (mut least, mut most) = (1.0f32, -1.0f32);
        for (mean, width) in drawn(0.0, 0.5) {
            assert!((mean - 0.1).abs() < 1e-6);
            (least, most) = (least.min(width), most.max(width));
        }
        assert!(
            (0.1..0.12).contains(&least) && (0.28..=0.3).contains(&most),
            "{least} {most}"
        );
    }

    #[test]
    fn nothing_is_brighter_than_white() {
        let all = drawn(0.9, 0.0);
        assert!(all.iter().any(|(mean, _)| *mean == 127.0 / 128.0));
        assert!(all.iter().any(|(mean, _)| *mean == -1.0));
    }
}
