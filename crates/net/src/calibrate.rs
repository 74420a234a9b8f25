//! Which values flow through a network: the measure that int8 scales are cut to.

use crate::{Net, NetError};

/// Least and greatest value seen, `min <= max`, both finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Least value.
    pub min: f32,
    /// Greatest value.
    pub max: f32,
}

/// The ranges of a network's input and of each layer's output, in order, with batch
/// norms folded into the layers above them.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranges {
    /// Of the features.
    pub input: Range,
    /// Of the outputs, one range a layer, after its activation.
    pub layers: Vec<Range>,
}

impl Range {
    const NOTHING: Range = Range {
        min: f32::INFINITY,
        max: f32::NEG_INFINITY,
    };

    fn add(&mut self, values: &[f32]) {
        for &v in values {
            self.min = self.min.min(v);
            self.max = self.max.max(v);
        }
    }
}

impl Net {
    /// Runs all `inputs` (each `[inputs]`) and notes the least and greatest value
    /// of every activation. Give windows of every class: a class that is left out
    /// may saturate.
    ///
    /// # Errors
    ///
    /// Refuses no inputs at all, inputs of another length, values that aren't
    /// finite, and networks that make such values.
    pub fn calibrate(
        &self,
        inputs: impl IntoIterator<Item = impl AsRef<[f32]>>,
    ) -> Result<Ranges, NetError> {
        let mut ranges = Ranges {
            input: Range::NOTHING,
            layers: vec![Range::NOTHING; self.layers().len()],
        };
        let folded = self.folded();
        let mut seen = false;
        for (i, x) in inputs.into_iter().enumerate() {
            let x = x.as_ref();
            let place = || format!("calibration window {i}");
            if x.len() != self.inputs() {
                return Err(NetError::new(
                    format!("{} features, the network takes {}", x.len(), self.inputs()),
                    place(),
                    "calibrate with the features that the network was trained on",
                ));
            }
            if !x.iter().all(|v| v.is_finite()) {
                return Err(NetError::new(
                    "a feature that is not a finite number",
                    place(),
                    "repair or remove the recording that it comes from",
                ));
            }
            seen = true;
            ranges.input.add(x);
            for (range, y) in ranges.layers.iter_mut().zip(folded.trace(x)) {
                if !y.iter().all(|v| v.is_finite()) {
                    return Err(not_finite("an activation"));
                }
                range.add(&y);
            }
        }
        if !seen {
            return Err(NetError::new(
                "no windows to calibrate with",
                "calibration",
                "give some training windows of every label",
            ));
        }
        Ok(ranges)
    }
}

pub(crate) fn not_finite(whose: &str) -> NetError {
    NetError::new(
        format!("{whose} of the network is not a finite number"),
        "trained network",
        "training went astray: lower the learning rate and train again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Dense, Layer};

    fn net() -> Net {
        let dense = |activation, weights: [f32; 4], bias: [f32; 2]| {
            Layer::Dense(Dense {
                inputs: 2,
                units: 2,
                activation,
                weights: weights.to_vec(),
                bias: bias.to_vec(),
            })
        };
        Net::from_layers(
            2,
            vec![
                dense(Activation::Relu, [1.0, 0.0, 0.0, -1.0], [0.0, 0.0]),
                dense(Activation::None, [1.0, 1.0, -1.0, 0.0], [0.0, 0.5]),
            ],
        )
        .expect("it fits")
    }

    #[test]
    fn ranges_are_what_was_seen() {
        let windows: [&[f32]; 2] = [&[2.0, -3.0], &[-1.0, 4.0]];
        let r = net().calibrate(windows).expect("finite");
        let range = |min, max| Range { min, max };
        assert_eq!(r.input, range(-3.0, 4.0));
        // hidden: (2, 3), (0, 0); logits: (5, −1.5), (0, 0.5)
        assert_eq!(r.layers, [range(0.0, 3.0), range(-1.5, 5.0)]);
    }

    #[test]
    fn bad_windows_are_named() {
        let none: [&[f32]; 0] = [];
        net().calibrate(none).expect_err("nothing");
        let short: [&[f32]; 2] = [&[0.0, 0.0], &[1.0]];
        let e = net().calibrate(short).expect_err("too short");
        assert_eq!(e.place, "calibration window 1");
        let nan: [&[f32]; 1] = [&[f32::NAN, 0.0]];
        net().calibrate(nan).expect_err("not a number");
        let huge: [&[f32]; 1] = [&[f32::MAX, -f32::MAX]];
        let e = net().calibrate(huge).expect_err("overflows in the sum");
        assert!(e.remedy.contains("learning rate"), "{e}");
    }
}
