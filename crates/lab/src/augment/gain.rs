//! Louder or softer, stronger or weaker: the same on all axes.

use super::Random;

/// Decibels of a factor of ten in amplitude.
const DECADE_DB: f32 = 20.0;

/// Multiplies a window by 1 ± `scale` and by up to ± `gain_db` dB.
pub(super) fn vary(scale: f32, gain_db: f32, random: &mut Random, out: &mut [f32]) {
    if scale == 0.0 && gain_db == 0.0 {
        return;
    }
    let strength = 1.0 + random.within(scale);
    let loudness = libm::powf(10.0, random.within(gain_db) / DECADE_DB);
    out.iter_mut().for_each(|x| *x *= strength * loudness);
}

#[cfg(test)]
mod tests {
    use super::super::testing::random;
    use super::*;

    #[test]
    fn it_stays_within_what_was_asked() {
        for (scale, gain_db, least, most) in [(0.3, 0.0, 0.7, 1.3), (0.0, 20.0, 0.1, 10.0)] {
            let drawn = (0..200).map(|i| {
                let mut out = [1.0, -2.0];
                vary(scale, gain_db, &mut random(i), &mut out);
                assert_eq!(out[1], -2.0 * out[0]);
                out[0]
            });
            let drawn: Vec<f32> = drawn.collect();
            assert!(
                drawn
                    .iter()
                    .all(|g| *g >= least * 0.999 && *g <= most * 1.001)
            );
            assert!(drawn.iter().any(|g| *g < 0.85) && drawn.iter().any(|g| *g > 1.15));
        }
        let mut out = [1.0];
        vary(0.0, 0.0, &mut random(0), &mut out);
        assert_eq!(out, [1.0]);
    }
}
