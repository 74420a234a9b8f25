//! The noise of a poorer sensor: each sample on its own, as strong as suits its axis.

use super::Random;

/// Half the width of an even distribution of deviation 1.
const HALF_WIDTH: f32 = 1.732_050_8;

/// Adds even noise whose deviation is up to `jitter` times that of the axis.
pub(super) fn vary(jitter: f32, random: &mut Random, axes: usize, out: &mut [f32]) {
    if jitter == 0.0 {
        return;
    }
    let share = jitter * random.share();
    for axis in 0..axes {
        let column = || out.iter().skip(axis).step_by(axes).map(|v| f64::from(*v));
        let n = (out.len() / axes).max(1) as f64;
        let mean = column().sum::<f64>() / n;
        let variance = column().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
        let half = share * HALF_WIDTH * libm::sqrt(variance) as f32;
        let column = out.iter_mut().skip(axis).step_by(axes);
        column.for_each(|x| *x += random.within(half));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::random;
    use super::*;

    #[test]
    fn it_follows_each_axis() {
        // One axis of deviation 2, one that does not move.
        let old: Vec<f32> = (0..400)
            .map(|i| [[3.0, 7.0], [-1.0, 7.0]][i / 2 % 2][i % 2])
            .collect();
        let mut strongest = 0.0f32;
        for copy in 0..20 {
            let mut out = old.clone();
            vary(0.5, &mut random(copy), 2, &mut out);
            let added: Vec<f32> = out.iter().zip(&old).map(|(a, b)| a - b).collect();
            assert!(added.iter().skip(1).step_by(2).all(|a| *a == 0.0));
            let moved: Vec<f32> = added.iter().copied().step_by(2).collect();
            strongest = strongest.max(super::super::effective(&moved));
        }
        assert!(strongest > 0.7 && strongest < 1.1, "{strongest}");
    }
}
