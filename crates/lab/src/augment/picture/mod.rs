//! Pictures as a person might have taken them the next time: from a little nearer,
//! farther or aslant, in other light, with a poorer camera, with something in the way.
//!
//! In this order, each its own file; what is set to 0 is off:
//!
//! 1. `place` says where each pixel is looked up: mirrored, turned, nearer, moved;
//! 2. `light` makes all of it brighter or darker, with more or less contrast;
//! 3. `noise` adds that of a poorer sensor;
//! 4. `erase` blanks a rectangle out.

mod erase;
mod light;
mod noise;
mod place;

use super::Random;
use crate::pictures::RANGE;
use crate::settings::AugmentSettings;

/// From black to white, as a network sees them.
const FULL: f32 = RANGE.max - RANGE.min;

/// Writes a variation of the picture `from` into `out`. Both are `shape`: `[rows, columns,
/// channels]`, bytes on one side and what a network sees of them, (byte − 128) / 128, on
/// the other.
pub(crate) fn vary(
    settings: &AugmentSettings,
    random: &mut Random,
    shape: [usize; 3],
    from: &[u8],
    out: &mut [f32],
) {
    place::read(settings, random, shape, from, out);
    light::vary(settings.brightness, settings.contrast, random, out);
    noise::vary(settings.jitter, random, out);
    erase::vary(settings.erase, random, shape, out);
}

/// Nothing is darker than black or brighter than white.
fn clip(out: &mut [f32]) {
    out.iter_mut()
        .for_each(|v| *v = v.clamp(RANGE.min, RANGE.max));
}

#[cfg(test)]
mod tests {
    use super::super::testing::random;
    use super::*;

    const SHAPE: [usize; 3] = [6, 8, 3];

    fn bytes() -> Vec<u8> {
        (0..144u32).map(|i| (i * 37 % 256) as u8).collect()
    }

    fn drawn(settings: &AugmentSettings, copy: u32) -> Vec<f32> {
        let mut out = vec![9.0; 144];
        vary(settings, &mut random(copy), SHAPE, &bytes(), &mut out);
        out
    }

    #[test]
    fn nothing_asked_gives_the_picture_itself() {
        let plain = bytes().into_iter().map(|b| (f32::from(b) - 128.0) / 128.0);
        let plain: Vec<f32> = plain.collect();
        assert_eq!(drawn(&AugmentSettings::default(), 0), plain);
    }

    #[test]
    fn equal_sources_give_equal_pictures_within_the_range() {
        let all = AugmentSettings {
            rotate_deg: 180.0,
            scale: 0.9,
            mirror: true,
            shift: 0.5,
            brightness: 0.9,
            contrast: 0.9,
            jitter: 1.0,
            erase: 0.5,
            ..AugmentSettings::default()
        };
        for copy in 0..100 {
            let out = drawn(&all, copy);
            assert_eq!(out, drawn(&all, copy));
            assert_ne!(out, drawn(&all, copy + 1));
            assert!(out.iter().all(|v| (RANGE.min..=RANGE.max).contains(v)));
        }
    }
}
