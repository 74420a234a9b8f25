//! Turned in space: nobody holds a sensor twice in the same way.

use super::Random;

/// Axes that turn together: x, y and z of one sensor.
const SPACE: usize = 3;

/// Turns a window by up to `degrees` about any direction. Needs axes in threes (x, y, z
/// of each sensor); other layouts stay as they are.
pub(super) fn vary(degrees: f32, random: &mut Random, axes: usize, out: &mut [f32]) {
    if degrees == 0.0 || !axes.is_multiple_of(SPACE) {
        return;
    }
    let angle = random.within(degrees.to_radians());
    let (height, around) = (random.within(1.0), random.within(std::f32::consts::PI));
    let matrix = rotation(height, around, angle);
    for point in out.chunks_exact_mut(SPACE) {
        let old = [point[0], point[1], point[2]];
        for (x, row) in point.iter_mut().zip(&matrix) {
            *x = row[0] * old[0] + row[1] * old[1] + row[2] * old[2];
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
    use super::super::testing::random;
    use super::*;

    #[test]
    fn turning_keeps_lengths_and_changes_directions() {
        let old: Vec<f32> = (0..30).map(|i| ((i * 7) % 11) as f32 - 5.0).collect();
        let mut new = old.clone();
        vary(180.0, &mut random(0), 3, &mut new);
        let length = |p: &[f32]| p.iter().map(|x| x * x).sum::<f32>().sqrt();
        for (old, new) in old.chunks(3).zip(new.chunks(3)) {
            assert!((length(old) - length(new)).abs() < 1e-4);
        }
        assert_ne!(old, new);
        let mut two_axes = old.clone();
        vary(180.0, &mut random(0), 2, &mut two_axes);
        assert_eq!(two_axes, old);
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
}
