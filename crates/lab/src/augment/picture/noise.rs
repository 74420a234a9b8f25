//! The noise of a poorer camera, or of less light: each value on its own.

use super::{FULL, Random, clip};

/// Half the width of an even distribution of deviation 1.
const HALF_WIDTH: f32 = 1.732_050_8;

/// Adds even noise whose deviation is up to `jitter` of the way from black to white.
pub(super) fn vary(jitter: f32, random: &mut Random, out: &mut [f32]) {
    if jitter == 0.0 {
        return;
    }
    let half = jitter * random.share() * FULL * HALF_WIDTH;
    out.iter_mut().for_each(|v| *v += random.within(half));
    clip(out);
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::random;
    use super::*;
    use crate::augment::effective;

    #[test]
    fn it_is_as_strong_as_was_asked() {
        let mut strongest = 0.0f32;
        for copy in 0..50 {
            let mut out = [0.0; 400];
            vary(0.1, &mut random(copy), &mut out);
            strongest = strongest.max(effective(&out));
        }
        assert!(strongest > 0.17 && strongest < 0.21, "{strongest}");
    }
}
