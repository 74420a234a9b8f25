//! Adam with decoupled weight decay, over plain values: one loop a parameter where
//! tensors would take a dozen operations, and the same bytes on every machine.
//!
//! Source: Kingma and Ba, "Adam", 2015, algorithm 1; Loshchilov and Hutter,
//! "Decoupled weight decay regularization", 2019, algorithm 2.

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-7;

/// The running moments of all parameters.
pub(crate) struct Adam {
    /// First and second moment of each parameter, as long as it.
    moments: Vec<(Vec<f32>, Vec<f32>)>,
    /// β₁ᵗ and β₂ᵗ.
    powers: (f64, f64),
}

impl Adam {
    /// For parameters of these lengths.
    pub(crate) fn new(lengths: impl Iterator<Item = usize>) -> Self {
        Self {
            moments: lengths.map(|n| (vec![0.0; n], vec![0.0; n])).collect(),
            powers: (1.0, 1.0),
        }
    }

    /// One step with that rate. `parameters` are the values, their gradients, and the
    /// share of them that decays a step at rate 1.
    pub(crate) fn step<'a>(
        &mut self,
        rate: f32,
        parameters: impl Iterator<Item = (&'a mut [f32], &'a [f32], f32)>,
    ) {
        self.powers.0 *= f64::from(BETA_1);
        self.powers.1 *= f64::from(BETA_2);
        let step = f64::from(rate) / (1.0 - self.powers.0);
        let (step, root) = (step as f32, (1.0 / (1.0 - self.powers.1)) as f32);
        for ((values, gradient, decay), (first, second)) in parameters.zip(&mut self.moments) {
            let kept = 1.0 - rate * decay;
            let moments = first.iter_mut().zip(second);
            for ((v, g), (m, s)) in values.iter_mut().zip(gradient).zip(moments) {
                *m = BETA_1 * *m + (1.0 - BETA_1) * g;
                *s = BETA_2 * *s + (1.0 - BETA_2) * g * g;
                *v = kept * *v - step * *m / ((*s * root).sqrt() + EPSILON);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step<'a>(adam: &mut Adam, values: &'a mut [f32], gradient: &'a [f32], decay: f32) {
        let one = [(values, gradient, decay)];
        adam.step(0.1, one.into_iter());
    }

    #[test]
    fn first_steps_are_of_the_rate_whatever_the_gradient() {
        let mut adam = Adam::new([2].into_iter());
        let mut values = [1.0, 1.0];
        step(&mut adam, &mut values, &[1000.0, -0.001], 0.0);
        assert!((values[0] - 0.9).abs() < 1e-6, "{values:?}");
        assert!((values[1] - 1.1).abs() < 1e-4, "{values:?}");
        // m = 0.09·1000, s/(1 − β₂²) = (0.999·0.001·10⁶)/0.001999 → √ ≈ 706.93;
        // step 0.1/(1 − 0.81) · 90 / 706.93 = 0.067
        step(&mut adam, &mut values, &[0.0, 0.0], 0.0);
        assert!((values[0] - (0.9 - 0.067)).abs() < 1e-4, "{values:?}");
    }

    #[test]
    fn decay_is_apart_from_the_gradient() {
        let mut adam = Adam::new([1].into_iter());
        let mut values = [2.0];
        step(&mut adam, &mut values, &[0.0], 0.5);
        assert!((values[0] - 2.0 * 0.95).abs() < 1e-6, "{values:?}");
    }
}
