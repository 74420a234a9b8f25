//! Earlier or later: a word does not always begin at the same place of its window.

use super::Random;

/// Draws by how many samples a window begins later (or, negative, earlier).
pub(super) fn draw(shift_ms: f32, rate_hz: f32, random: &mut Random) -> i64 {
    if shift_ms == 0.0 {
        return 0;
    }
    libm::roundf(random.within(shift_ms * rate_hz / 1000.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::super::testing::random;
    use super::*;

    #[test]
    fn it_stays_within_what_was_asked() {
        let drawn: Vec<i64> = (0..200)
            .map(|i| draw(100.0, 1000.0, &mut random(i)))
            .collect();
        assert!(drawn.iter().all(|s| s.abs() <= 100), "{drawn:?}");
        assert!(drawn.iter().any(|s| *s > 50) && drawn.iter().any(|s| *s < -50));
        assert_eq!(draw(0.0, 1000.0, &mut random(0)), 0);
    }
}
