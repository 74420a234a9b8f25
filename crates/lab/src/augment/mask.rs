//! Blanked-out features, so that a network does not rest on a few of them.
//!
//! Source: Park et al., "SpecAugment", 2019: one mask over time and one over frequency,
//! without the time warping. A masked feature is its column's mean: 0 once normalised.

use super::Random;
use crate::settings::AugmentSettings;

/// Blanks out neighbouring frames and columns of normalised features `[frames, columns]`;
/// of features without frames it takes nothing.
pub(crate) fn mask(
    settings: &AugmentSettings,
    random: &mut Random,
    columns: usize,
    features: &mut [f32],
) {
    let frames = features.len() / columns.max(1);
    if frames < 2 {
        return;
    }
    if settings.mask_frames > 0 {
        let (from, to) = stretch(settings.mask_frames, frames, random);
        features[from * columns..to * columns].fill(0.0);
    }
    if settings.mask_columns > 0 && columns > 1 {
        let (from, to) = stretch(settings.mask_columns, columns, random);
        for row in features.chunks_exact_mut(columns) {
            row[from..to].fill(0.0);
        }
    }
}

/// Up to `most` neighbours of `all`, never all of them.
fn stretch(most: u32, all: usize, random: &mut Random) -> (usize, usize) {
    let n = random.up_to((most as usize).min(all - 1));
    let from = random.up_to(all - n);
    (from, from + n)
}

#[cfg(test)]
mod tests {
    use super::super::testing::random;
    use super::*;

    #[test]
    fn frames_and_columns_are_blanked_out_whole() {
        let settings = AugmentSettings {
            mask_frames: 3,
            mask_columns: 2,
            ..AugmentSettings::default()
        };
        let (mut most_frames, mut most_columns) = (0, 0);
        for copy in 0..200 {
            let mut features = [1.0; 8 * 5];
            mask(&settings, &mut random(copy), 5, &mut features);
            let frames = features.chunks(5).filter(|r| r.iter().all(|x| *x == 0.0));
            let frames = frames.count();
            let columns = (0..5)
                .filter(|c| features.iter().skip(*c).step_by(5).all(|x| *x == 0.0))
                .count();
            let zeros = features.iter().filter(|x| **x == 0.0).count();
            assert_eq!(zeros, frames * 5 + columns * 8 - frames * columns);
            most_frames = most_frames.max(frames);
            most_columns = most_columns.max(columns);
        }
        assert_eq!((most_frames, most_columns), (3, 2));
    }

    #[test]
    fn features_without_frames_and_small_ones_keep_something() {
        let settings = AugmentSettings {
            mask_frames: 256,
            mask_columns: 256,
            ..AugmentSettings::default()
        };
        for copy in 0..50 {
            let mut flat = [1.0; 6];
            mask(&settings, &mut random(copy), 6, &mut flat);
            assert_eq!(flat, [1.0; 6]);
            let mut thin = [1.0; 4];
            mask(&settings, &mut random(copy), 1, &mut thin);
            assert!(thin.contains(&1.0));
        }
    }
}
