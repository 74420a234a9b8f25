//! Samples as steps of 16 bits, in which sound is recorded and kept.

/// Steps from 0 to full scale.
pub const STEPS: f32 = 32_768.0;

/// The share of full scale of a step; every step has its own `f32`.
#[must_use]
pub fn from_step(step: i16) -> f32 {
    f32::from(step) / STEPS
}

/// The step nearest to a share of full scale: the last one for what is beyond, 0 for what
/// is no number.
#[must_use]
pub fn nearest_step(share: f32) -> i16 {
    // A cast from a float keeps within the bounds of its integer.
    (share * STEPS).round() as i16
}

/// The step that a share of full scale is, bit for bit, where it is one.
#[must_use]
pub fn exact_step(share: f32) -> Option<i16> {
    let step = (share * STEPS) as i16;
    (from_step(step).to_bits() == share.to_bits()).then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_steps_of_16_bits_are_known() {
        assert_eq!(exact_step(-1.0), Some(-32_768));
        assert_eq!(exact_step(3.0 / STEPS), Some(3));
        assert_eq!(exact_step(1.0), None, "one step too many");
        assert_eq!(exact_step(0.3), None);
        assert_eq!(exact_step(-0.0), None, "a sign that 16 bits don't hold");
        assert!((i16::MIN..=i16::MAX).all(|step| exact_step(from_step(step)) == Some(step)));
    }

    #[test]
    fn the_nearest_step_stays_within_16_bits() {
        let shares = [0.6 / STEPS, -0.4 / STEPS, 2.0, -2.0, f32::NAN];
        assert_eq!(shares.map(nearest_step), [1, 0, 32_767, -32_768, 0]);
    }
}
