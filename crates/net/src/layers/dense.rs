//! # Dense
//!
//! **What.** `y[o] = activation(bias[o] + Σ_i weights[o, i] · x[i])`: every unit
//! sees every input. Lowered to FULLY_CONNECTED with the activation fused; where the
//! input is a picture, a RESHAPE comes before it.
//!
//! **Shapes.** x `[inputs]` (of a picture, all its values), weights `[units, inputs]` row-major (as TFLite has
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

use super::{first_weights, read_activation, wrong_number};
use crate::bytes::{self, Reader};
use crate::lower::{Constants, Lowering, affine};
use crate::spec::{MAX_PARAMS, MAX_UNITS};
use crate::{Activation, LayerCost, NetError, Range, Shape};

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

/// The shape it gives.
pub(crate) fn output(input: Shape, units: u32, place: &str) -> Result<Shape, NetError> {
    if input.len() <= MAX_UNITS as usize {
        return Ok(Shape::flat(units as usize));
    }
    Err(NetError::new(
        format!("a dense layer that sees {} values", input.len()),
        place,
        format!("pool or use larger strides before it: at most {MAX_UNITS} values"),
    ))
}

pub(crate) fn cost(name: String, input: Shape, output: Shape) -> LayerCost {
    let weights = input.len() * output.len();
    LayerCost::of(name, "FULLY_CONNECTED", output.dims()).weighing(weights, 1, output.len())
}

impl Dense {
    pub(crate) fn init(
        inputs: usize,
        units: usize,
        activation: Activation,
        random: &mut Rand32,
    ) -> Self {
        let fans = [inputs, units];
        Self {
            inputs,
            units,
            activation,
            weights: first_weights(inputs * units, fans, activation, random),
            bias: vec![0.0; units],
        }
    }

    pub(crate) fn check(&self, place: &str) -> Result<(), NetError> {
        let wanted = self.inputs * self.units;
        if (self.weights.len(), self.bias.len()) == (wanted, self.units) {
            return Ok(());
        }
        Err(wrong_number(
            &self.weights,
            &self.bias,
            wanted,
            self.units,
            place,
        ))
    }

    pub(crate) fn forward(&self, x: &[f32]) -> Vec<f32> {
        let rows = self.weights.chunks_exact(self.inputs).zip(&self.bias);
        let dot = |(row, &bias): (&[f32], &f32)| {
            let mut sum = bias;
            for (w, v) in row.iter().zip(x) {
                sum += w * v;
            }
            sum
        };
        let mut y: Vec<f32> = rows.map(dot).collect();
        self.activation.apply(&mut y);
        y
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_u32(out, self.units);
        out.push(self.activation.code());
        bytes::put_f32s(out, self.weights.iter().chain(&self.bias));
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
        Ok(Self {
            inputs,
            units,
            activation: read_activation(r)?,
            weights: r.f32s(inputs * units)?,
            bias: r.f32s(units)?,
        })
    }

    pub(crate) fn lower(&self, name: &str, range: Range, to: &mut Lowering) {
        let x = to.shaped(to.back(1), vec![1, self.inputs], name);
        let constants = Constants {
            weights: &self.weights,
            bias: &self.bias,
            shape: vec![self.units, self.inputs],
            axis: None,
        };
        let (w, b) = to.constants(name, x, &constants);
        let y = to.activation(name.to_string(), vec![1, self.units], affine(range));
        let op = graph::Op::FullyConnected {
            activation: self.activation.lowered(),
        };
        to.node(op, vec![Some(x), Some(w), Some(b)], y);
        to.give(y);
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
