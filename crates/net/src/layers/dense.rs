//! # Dense
//!
//! **What.** `y[o] = activation(bias[o] + Σ_i weights[o, i] · x[i])`: every unit
//! sees every input. Lowered to FULLY_CONNECTED with the activation fused.
//!
//! **Shapes.** x `[inputs]`, weights `[units, inputs]` row-major (as TFLite has
//! them), bias `[units]`, y `[units]`.
//!
//! **Quantisation.** Weights int8, symmetric (−127..=127) per tensor; bias int32
//! of scale `input scale · weight scale`; output int8, asymmetric, from its range.
//!
//! **Source.** First weights: He et al. 2015 (before ReLU, uniform in
//! ±√(6 / inputs)), else Glorot and Bengio 2010 (uniform in ±√(6 / (inputs + units))).
//! Int8 form: TFLite's 8-bit quantization specification, FULLY_CONNECTED.

use lampyris_graph as graph;
use oorandom::Rand32;

use crate::bytes::{self, Reader};
use crate::lower::{Lowering, affine};
use crate::spec::{MAX_PARAMS, MAX_UNITS};
use crate::{Activation, LayerCost, NetError, Range};

pub(crate) const KIND: &str = "dense";
pub(crate) const TAG: u8 = 1;

/// A fully connected layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// Values in.
    pub inputs: usize,
    /// Values out.
    pub units: usize,
    /// Applied to each output.
    pub activation: Activation,
    /// `[units, inputs]`, row-major.
    pub weights: Vec<f32>,
    /// `[units]`.
    pub bias: Vec<f32>,
}

pub(crate) fn check(units: u32, place: &str) -> Result<(), NetError> {
    if (1..=MAX_UNITS).contains(&units) {
        return Ok(());
    }
    Err(NetError::new(
        format!("a dense layer of {units} units"),
        place,
        format!("choose 1 to {MAX_UNITS}"),
    ))
}

pub(crate) fn cost(name: String, inputs: u64, units: u64) -> LayerCost {
    LayerCost {
        name,
        operator: "FULLY_CONNECTED".into(),
        output_shape: vec![1, units as u32],
        params: inputs * units + units,
        macs: inputs * units,
        bytes: inputs * units + 4 * units,
    }
}

impl Dense {
    pub(crate) fn init(
        inputs: usize,
        units: usize,
        activation: Activation,
        random: &mut Rand32,
    ) -> Self {
        let limit = match activation {
            Activation::Relu => (6.0 / inputs as f32).sqrt(),
            Activation::None => (6.0 / (inputs + units) as f32).sqrt(),
        };
        let weights = (0..inputs * units)
            .map(|_| (random.rand_float() * 2.0 - 1.0) * limit)
            .collect();
        Self {
            inputs,
            units,
            activation,
            weights,
            bias: vec![0.0; units],
        }
    }

    pub(crate) fn check(&self, place: &str) -> Result<(), NetError> {
        check(u32::try_from(self.units).unwrap_or(u32::MAX), place)?;
        if self.weights.len() != self.inputs * self.units || self.bias.len() != self.units {
            return Err(NetError::new(
                format!(
                    "{} weights and {} biases for {} inputs and {} units",
                    self.weights.len(),
                    self.bias.len(),
                    self.inputs,
                    self.units
                ),
                place,
                "give inputs × units weights and one bias a unit",
            ));
        }
        Ok(())
    }

    pub(crate) fn is_finite(&self) -> bool {
        self.weights.iter().chain(&self.bias).all(|w| w.is_finite())
    }

    pub(crate) fn forward(&self, x: &[f32]) -> Vec<f32> {
        self.weights
            .chunks_exact(self.inputs)
            .zip(&self.bias)
            .map(|(row, &bias)| {
                let mut sum = bias;
                for (w, v) in row.iter().zip(x) {
                    sum += w * v;
                }
                match self.activation {
                    Activation::None => sum,
                    // Not f32::max, which would turn a NaN into 0 and hide it.
                    Activation::Relu if sum < 0.0 => 0.0,
                    Activation::Relu => sum,
                }
            })
            .collect()
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_u32(out, self.units);
        out.push(match self.activation {
            Activation::None => 0,
            Activation::Relu => 1,
        });
        for v in self.weights.iter().chain(&self.bias) {
            out.extend_from_slice(&v.to_le_bytes());
        }
    }

    pub(crate) fn read(r: &mut Reader<'_>, inputs: usize) -> Result<Self, NetError> {
        let at = r.at();
        let units = r.u32()?;
        check(units, &format!("byte {at}"))?;
        let units = units as usize;
        if (inputs * units) as u64 > MAX_PARAMS {
            return Err(NetError::new(
                format!("a dense layer of {inputs} × {units} weights"),
                format!("byte {at}"),
                "the file is damaged; train again",
            ));
        }
        let at = r.at();
        let activation = match r.u8()? {
            0 => Activation::None,
            1 => Activation::Relu,
            other => {
                return Err(NetError::new(
                    format!("an unknown activation {other}"),
                    format!("byte {at}"),
                    "the file is damaged or newer than this version; train again",
                ));
            }
        };
        Ok(Self {
            inputs,
            units,
            activation,
            weights: r.f32s(inputs * units)?,
            bias: r.f32s(units)?,
        })
    }

    pub(crate) fn lower(
        &self,
        name: &str,
        range: Range,
        to: &mut Lowering,
    ) -> Result<(), NetError> {
        let (x, x_scale) = to.current();
        let largest = |v: &[f32]| v.iter().fold(0.0_f32, |m, w| m.max(w.abs()));
        // A weight scale so small that the bias leaves int32 is widened: the
        // weights lose bits that next to such a bias could not matter.
        let needed = largest(&self.bias) / x_scale / (1 << 30) as f32;
        let mut w_scale = (largest(&self.weights) / 127.0).max(needed);
        // Below this, products of scales would leave the normal range of f32.
        if w_scale < 1e-18 {
            w_scale = 1.0;
        }
        let weights: Vec<u8> = self
            .weights
            .iter()
            .map(|w| (w / w_scale).round().clamp(-127.0, 127.0) as i8 as u8)
            .collect();
        let bias: Vec<u8> = self
            .bias
            .iter()
            .map(|b| (f64::from(*b) / (f64::from(x_scale) * f64::from(w_scale))).round() as i32)
            .flat_map(i32::to_le_bytes)
            .collect();
        let w = to.constant(
            format!("{name}/weights"),
            vec![self.units, self.inputs],
            graph::DType::I8,
            w_scale,
            weights,
        );
        let b = to.constant(
            format!("{name}/bias"),
            vec![self.units],
            graph::DType::I32,
            x_scale * w_scale,
            bias,
        );
        let (scale, zero_point) = affine(range);
        let y = to.activation(name.to_string(), self.units, scale, zero_point);
        to.node(
            graph::Op::FullyConnected {
                activation: match self.activation {
                    Activation::None => graph::Activation::None,
                    Activation::Relu => graph::Activation::Relu,
                },
            },
            vec![Some(x), Some(w), Some(b)],
            y,
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forward_is_the_formula() {
        let layer = Dense {
            inputs: 2,
            units: 3,
            activation: Activation::Relu,
            weights: vec![1.0, 2.0, -1.0, 0.5, 0.0, 0.0],
            bias: vec![0.5, -1.0, 3.0],
        };
        // 1·3 + 2·(−1) + 0.5; −3 − 0.5 − 1 → 0; 3
        assert_eq!(layer.forward(&[3.0, -1.0]), [1.5, 0.0, 3.0]);
        assert!(layer.forward(&[f32::NAN, 0.0])[0].is_nan());
    }

    #[test]
    fn first_weights_stay_within_their_limits() {
        let mut random = Rand32::new(1);
        let he = Dense::init(24, 100, Activation::Relu, &mut random);
        let glorot = Dense::init(24, 126, Activation::None, &mut random);
        for (layer, limit) in [(he, 0.5), (glorot, 0.2)] {
            assert!(layer.weights.iter().all(|w| w.abs() <= limit));
            assert!(layer.weights.iter().any(|w| *w > 0.9 * limit));
            assert!(layer.weights.iter().any(|w| *w < -0.9 * limit));
            assert!(layer.bias.iter().all(|b| *b == 0.0));
        }
    }

    #[test]
    fn weights_of_the_wrong_number_are_refused() {
        let layer = Dense {
            inputs: 2,
            units: 2,
            activation: Activation::None,
            weights: vec![0.0; 3],
            bias: vec![0.0; 2],
        };
        let e = layer.check("layer 1").expect_err("3 weights for 2 × 2");
        assert!(e.what.starts_with("3 weights"), "{e}");
    }
}
