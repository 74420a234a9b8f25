//! Brings features of different size onto one scale: `(x − mean) · inverse_deviation`.

/// Mean and inverse standard deviation of one feature over the training windows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Norm {
    /// Mean of the feature.
    pub mean: f32,
    /// 1 / standard deviation; 0 switches a feature that never changes off.
    pub inverse_deviation: f32,
}

impl Norm {
    /// `(x − mean) · inverse_deviation`.
    #[must_use]
    pub fn apply(&self, x: f32) -> f32 {
        (x - self.mean) * self.inverse_deviation
    }
}

/// Normalises in place; `features` and `norms` have the same length.
pub fn normalize(features: &mut [f32], norms: &[Norm]) {
    for (x, norm) in features.iter_mut().zip(norms) {
        *x = norm.apply(*x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centres_scales_and_switches_off() {
        let norm = |mean, inverse_deviation| Norm {
            mean,
            inverse_deviation,
        };
        let mut features = [3.0, -1.0, 7.0];
        normalize(
            &mut features,
            &[norm(1.0, 0.5), norm(-1.0, 8.0), norm(5.0, 0.0)],
        );
        assert_eq!(features, [1.0, 0.0, 0.0]);
    }
}
