//! How to fit.

use crate::TrainError;

/// How to fit; [`Options::check`] states the ranges.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Passes over the training windows at most, 1..=10,000.
    pub epochs: u32,
    /// Windows a step, 1..=4,096.
    pub batch_size: u32,
    /// Step size of Adam, above 0 and at most 1.
    pub learning_rate: f32,
    /// Stop after this many epochs without a lower validation loss; 0: never.
    pub patience: u32,
    /// Decides shuffling and dropout.
    pub seed: u64,
}

impl Options {
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
    fn ranges_are_held() {
        let good = Options {
            epochs: 30,
            batch_size: 32,
            learning_rate: 0.001,
            patience: 0,
            seed: 1,
        };
        good.check().expect("plain options");
        let place = |spoil: fn(&mut Options)| {
            let mut o = good.clone();
            spoil(&mut o);
            o.check().expect_err("out of range").place
        };
        assert_eq!(place(|o| o.epochs = 0), "epochs");
        assert_eq!(place(|o| o.batch_size = 4_097), "batch_size");
        for rate in [0.0, -1.0, 1.5, f32::NAN, f32::INFINITY] {
            let mut o = good.clone();
            o.learning_rate = rate;
            assert_eq!(o.check().expect_err("no rate").place, "learning_rate");
        }
    }
}
