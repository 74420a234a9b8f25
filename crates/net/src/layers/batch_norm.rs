//! # Batch normalisation
//!
//! **What.** `y[p, c] = activation((x[p, c] − mean[c]) · gamma[c] / √(variance[c] + ε) + beta[c])`.
//! While training, mean and variance (biased) are those of the batch, and running
//! means of them, `old · m + new · (1 − m)` with m = [`MOMENTUM`], are kept for
//! afterwards. ε = [`EPSILON`].
//!
//! **Shapes.** x `[H, W, C]` → y `[H, W, C]`; gamma, beta, mean, variance `[C]`.
//!
//! **Quantisation.** Folded into the weights of the layer right above before values
//! are measured, so that it costs nothing on a chip. That layer must be dense or a
//! convolution, have no activation, and nothing else may read it.
//!
//! **Source.** Ioffe and Szegedy, "Batch normalization", 2015; ε is Keras's. The
//! momentum is lower than Keras's 0.99: small data sets have few batches an epoch.

use crate::bytes::{self, Reader};
use crate::{Activation, Layer, LayerCost, LayerSpec, NetError, Shape};

use super::read_activation;

pub(crate) const KIND: &str = "batch_norm";
pub(crate) const TAG: u8 = 8;

/// Added to the variance.
pub const EPSILON: f32 = 1e-3;

/// The share of the running mean and variance that a batch leaves as it is.
pub const MOMENTUM: f32 = 0.9;

/// Gives each channel a mean and deviation that are learned.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNorm {
    /// Applied to each output.
    pub activation: Activation,
    /// Factors, `[channels]`.
    pub gamma: Vec<f32>,
    /// What is added, `[channels]`.
    pub beta: Vec<f32>,
    /// Running means, `[channels]`.
    pub mean: Vec<f32>,
    /// Running variances, `[channels]`, none below 0.
    pub variance: Vec<f32>,
}

/// Refuses a place where there is nothing to fold it into.
pub(crate) fn check(hidden: &[LayerSpec], at: usize, place: &str) -> Result<(), NetError> {
    let above = at.checked_sub(1).and_then(|i| hidden.get(i));
    let refuse = |what: &str, remedy: &str| Err(NetError::new(what, place, remedy));
    match above {
        Some(
            LayerSpec::Dense { activation, .. }
            | LayerSpec::Conv1d { activation, .. }
            | LayerSpec::Conv2d { activation, .. }
            | LayerSpec::DepthwiseConv2d { activation, .. },
        ) => match activation {
            Activation::None => Ok(()),
            Activation::Relu | Activation::Relu6 => refuse(
                "a batch norm behind an activation, into which it can't be folded",
                "choose activation none for the layer above, and give the activation to the batch norm",
            ),
        },
        _ => refuse(
            "a batch norm with no layer to fold it into",
            "put it right behind a dense or convolution layer",
        ),
    }
}

pub(crate) fn cost(name: String, output: Shape) -> LayerCost {
    LayerCost::of(name, "-", output.dims())
}

impl BatchNorm {
    pub(crate) fn init(channels: usize, activation: Activation) -> Self {
        Self {
            activation,
            gamma: vec![1.0; channels],
            beta: vec![0.0; channels],
            mean: vec![0.0; channels],
            variance: vec![1.0; channels],
        }
    }

    fn all(&self) -> [&Vec<f32>; 4] {
        [&self.gamma, &self.beta, &self.mean, &self.variance]
    }

    pub(crate) fn check(&self, channels: usize, place: &str) -> Result<(), NetError> {
        if self.all().iter().any(|v| v.len() != channels) {
            return Err(NetError::new(
                format!("a batch norm of {} values", self.gamma.len()),
                place,
                format!("give {channels} of each kind, one a channel"),
            ));
        }
        if self.variance.iter().any(|v| *v < 0.0) {
            return Err(NetError::new(
                "a variance below 0",
                place,
                "the file is damaged; train again",
            ));
        }
        Ok(())
    }

    pub(crate) fn is_finite(&self) -> bool {
        self.all().into_iter().flatten().all(|v| v.is_finite())
    }

    /// The factor of each channel and what is added afterwards.
    fn line(&self) -> (Vec<f32>, Vec<f32>) {
        let factors = self.gamma.iter().zip(&self.variance);
        let factors: Vec<f32> = factors.map(|(g, v)| g / (v + EPSILON).sqrt()).collect();
        let shifts = self.beta.iter().zip(&self.mean).zip(&factors);
        let shifts = shifts.map(|((b, m), f)| b - m * f).collect();
        (factors, shifts)
    }

    pub(crate) fn forward(&self, x: &[f32]) -> Vec<f32> {
        let (factors, shifts) = self.line();
        let pixels = x.chunks_exact(factors.len());
        let line = |pixel: &[f32]| -> Vec<f32> {
            let channels = pixel.iter().zip(&factors).zip(&shifts);
            channels.map(|((v, f), s)| v * f + s).collect()
        };
        let mut y: Vec<f32> = pixels.flat_map(line).collect();
        self.activation.apply(&mut y);
        y
    }

    /// Folds this into the layer above and becomes one that changes nothing.
    pub(crate) fn fold(&mut self, above: &mut Layer) {
        let (factors, shifts) = self.line();
        let channels = factors.len();
        let (weights, bias, activation, innermost) = match above {
            Layer::Dense(l) => (&mut l.weights, &mut l.bias, &mut l.activation, false),
            Layer::Conv1d(l) => (&mut l.0.weights, &mut l.0.bias, &mut l.0.activation, false),
            Layer::Conv2d(l) => (&mut l.weights, &mut l.bias, &mut l.activation, false),
            Layer::DepthwiseConv2d(l) => (&mut l.weights, &mut l.bias, &mut l.activation, true),
            _ => unreachable!("a checked network has its batch norms behind such layers"),
        };
        let taps = weights.len() / channels;
        for (i, w) in weights.iter_mut().enumerate() {
            *w *= factors[if innermost { i % channels } else { i / taps }];
        }
        for ((b, f), s) in bias.iter_mut().zip(&factors).zip(&shifts) {
            *b = *b * f + s;
        }
        *activation = self.activation;
        *self = Self {
            variance: vec![1.0 - EPSILON; channels],
            ..Self::init(channels, Activation::None)
        };
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.push(self.activation.code());
        bytes::put_f32s(out, self.all().into_iter().flatten());
    }

    pub(crate) fn read(r: &mut Reader<'_>, channels: usize) -> Result<Self, NetError> {
        Ok(Self {
            activation: read_activation(r)?,
            gamma: r.f32s(channels)?,
            beta: r.f32s(channels)?,
            mean: r.f32s(channels)?,
            variance: r.f32s(channels)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dense;

    fn norm() -> BatchNorm {
        BatchNorm {
            activation: Activation::Relu,
            gamma: vec![2.0, 1.0],
            beta: vec![0.5, -1.0],
            mean: vec![1.0, 0.0],
            variance: vec![4.0 - EPSILON, 1.0 - EPSILON],
        }
    }

    #[test]
    fn forward_is_the_formula() {
        // (3 − 1) · 2 / 2 + 0.5; 5 − 1; (0 − 1) + 0.5 < 0; 0.5 − 1 < 0
        assert_eq!(norm().forward(&[3.0, 5.0, 0.0, 0.5]), [2.5, 4.0, 0.0, 0.0]);
    }

    #[test]
    fn folding_keeps_the_function() {
        let dense = Dense {
            inputs: 1,
            units: 2,
            activation: Activation::None,
            weights: vec![3.0, -2.0],
            bias: vec![0.25, 1.0],
        };
        let x = [0.75];
        let expected = norm().forward(&dense.forward(&x));
        let (mut folded, mut layer) = (norm(), Layer::Dense(dense));
        folded.fold(&mut layer);
        let Layer::Dense(dense) = layer else {
            unreachable!("still dense")
        };
        assert_eq!(dense.forward(&x), expected);
        assert_eq!(folded.forward(&[1.5, -2.5]), [1.5, -2.5]);
    }

    #[test]
    fn its_place_is_behind_weights() {
        let dense = |activation| LayerSpec::Dense {
            units: 2,
            activation,
        };
        let norm = LayerSpec::BatchNorm {
            activation: Activation::Relu,
        };
        let at = |above: LayerSpec| check(&[above, norm.clone()], 1, "layer 2");
        at(dense(Activation::None)).expect("a plain place");
        let e = at(dense(Activation::Relu)).expect_err("behind a relu");
        assert!(e.remedy.contains("none"), "{e}");
        at(LayerSpec::Flatten).expect_err("behind no weights");
        check(std::slice::from_ref(&norm), 0, "layer 1").expect_err("the first");
    }
}
