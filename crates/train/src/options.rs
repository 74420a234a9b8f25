//! How to fit.

use serde::Deserialize;

use crate::TrainError;

/// How to fit; [`Options::check`] states the ranges. What JSON leaves out is as
/// [`Options::default`] has it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Passes over the training windows at most, 1..=10,000.
    pub epochs: u32,
    /// Windows a step, 1..=4,096.
    pub batch_size: u32,
    /// Step size of Adam at the beginning, above 0 and at most 1.
    pub learning_rate: f32,
    /// Whether the step size falls to 0 over the epochs, along half a cosine: long
    /// steps first, then ever shorter ones, which settles small data.
    pub cosine: bool,
    /// Share of the weights (not of biases) that decays a step at a step size of 1,
    /// 0 to 1; apart from the gradient ("decoupled").
    pub weight_decay: f32,
    /// Whether rare labels count for more, so that each counts alike in all.
    pub class_weights: bool,
    /// How much of the truth is spread over all labels, 0 to 0.5: against networks that
    /// are too sure.
    pub label_smoothing: f32,
    /// Share of themselves that averaged weights keep in each step, 0 to 0.9999; they, not
    /// the weights of the last step, are validated and kept. 0: no averaging.
    pub averaging: f32,
    /// How much higher than the lowest a validation loss may be, as a share of it, 0 to 1,
    /// for the later epoch to be kept: few windows can't tell such losses apart, and
    /// later steps are shorter.
    pub tolerance: f32,
    /// Stop after this many epochs without a lower validation loss; 0: never.
    pub patience: u32,
    /// Decides shuffling and dropout.
    pub seed: u64,
}

impl Default for Options {
    /// Thirty epochs of 32 windows a step, and nothing special.
    fn default() -> Self {
        Self {
            epochs: 30,
            batch_size: 32,
            learning_rate: 0.001,
            cosine: true,
            weight_decay: 0.0,
            class_weights: false,
            label_smoothing: 0.0,
            averaging: 0.0,
            tolerance: 0.0,
            patience: 0,
            seed: 0,
        }
    }
}

impl Options {
    /// The step size after that share of all steps, 0 to 1.
    pub(crate) fn rate(&self, done: f64) -> f32 {
        if !self.cosine {
            return self.learning_rate;
        }
        let share = 0.5 + 0.5 * libm::cos(done * std::f64::consts::PI);
        self.learning_rate * share as f32
    }

    /// Share of itself that the average keeps after that many steps: less at first, so
    /// that the first weights are soon forgotten.
    pub(crate) fn kept(&self, steps: usize) -> f32 {
        let steps = steps as f32;
        self.averaging.min((1.0 + steps) / (10.0 + steps))
    }

    /// Refuses values out of range, naming the option.
    pub fn check(&self) -> Result<(), TrainError> {
        let whole = |name: &str, value: u32, max: u32| {
            if (1..=max).contains(&value) {
                return Ok(());
            }
            Err(TrainError::new(
                format!("{name} is {value}"),
                name,
                format!("choose 1 to {max}"),
            ))
        };
        whole("epochs", self.epochs, 10_000)?;
        whole("batch_size", self.batch_size, 4_096)?;
        let shares = [
            ("weight_decay", self.weight_decay, 1.0),
            ("label_smoothing", self.label_smoothing, 0.5),
            ("averaging", self.averaging, 0.9999),
            ("tolerance", self.tolerance, 1.0),
        ];
        for (name, value, most) in shares {
            if !(0.0..=most).contains(&value) {
                return Err(TrainError::new(
                    format!("{name} is {value}"),
                    name,
                    format!("choose 0 to {most}"),
                ));
            }
        }
        if self.learning_rate > 0.0 && self.learning_rate <= 1.0 {
            return Ok(());
        }
        Err(TrainError::new(
            format!("learning_rate is {}", self.learning_rate),
            "learning_rate",
            "choose a number above 0 and at most 1, for example 0.001",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_shorten_along_half_a_cosine() {
        let o = Options::default();
        assert_eq!(o.rate(0.0), 0.001);
        assert!((o.rate(0.5) - 0.000_5).abs() < 1e-9);
        assert!(o.rate(1.0) < 1e-9);
        let still = Options { cosine: false, ..o };
        assert_eq!(still.rate(0.9), 0.001);
    }

    #[test]
    fn averages_soon_forget_the_first_weights() {
        assert_eq!(Options::default().kept(1_000), 0.0);
        let averaged = Options {
            averaging: 0.99,
            ..Options::default()
        };
        assert_eq!(averaged.kept(0), 0.1);
        assert_eq!(averaged.kept(90), 0.91);
        assert_eq!(averaged.kept(10_000), 0.99);
    }

    #[test]
    fn ranges_are_held() {
        let good = Options::default();
        good.check().expect("plain options");
        let place = |spoil: fn(&mut Options)| {
            let mut o = good.clone();
            spoil(&mut o);
            o.check().expect_err("out of range").place
        };
        assert_eq!(place(|o| o.epochs = 0), "epochs");
        assert_eq!(place(|o| o.batch_size = 4_097), "batch_size");
        assert_eq!(place(|o| o.weight_decay = 1.1), "weight_decay");
        assert_eq!(place(|o| o.label_smoothing = f32::NAN), "label_smoothing");
        assert_eq!(place(|o| o.averaging = 1.0), "averaging");
        assert_eq!(place(|o| o.tolerance = -0.1), "tolerance");
        for rate in [0.0, -1.0, 1.5, f32::NAN, f32::INFINITY] {
            let mut o = good.clone();
            o.learning_rate = rate;
            assert_eq!(o.check().expect_err("no rate").place, "learning_rate");
        }
    }
}
