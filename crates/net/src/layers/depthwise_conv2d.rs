//! # Depthwise convolution
//!
//! **What.** `y[p, c] = activation(bias[c] + Σ_k weights[k, c] · x[p·stride + k − pad, c])`:
//! a filter a channel, channels stay apart; what lies beside the picture is 0. Lowered
//! to DEPTHWISE_CONV_2D with the activation fused.
//!
//! **Shapes.** x `[H, W, C]`, weights `[KH, KW, C]` row-major (TFLite's with a 1 in
//! front), bias `[C]`, y `[H', W', C]`.
//!
//! **Quantisation.** As `conv2d.rs`, with a scale a channel.
//!
//! **Source.** Howard et al., "MobileNets", 2017. First weights as in `dense.rs`, with the
//! window's taps for inputs. Int8 form: TFLite's 8-bit quantization specification,
//! DEPTHWISE_CONV_2D.

use lampyris_graph as graph;
use oorandom::Rand32;

use super::{first_weights, read_activation, wrong_number};
use crate::bytes::{self, Reader};
use crate::lower::{Constants, Lowering};
use crate::spec::MAX_PARAMS;
use crate::{Activation, LayerCost, NetError, Range, Shape, Window};

pub(crate) const KIND: &str = "depthwise_conv2d";
pub(crate) const TAG: u8 = 5;

/// A filter a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct DepthwiseConv2d {
    /// Channels in and out.
    pub channels: usize,
    /// What a filter sees, and how it moves.
    pub window: Window,
    /// Applied to each output.
    pub activation: Activation,
    /// `[KH, KW, channels]`, row-major.
    pub weights: Vec<f32>,
    /// `[channels]`.
    pub bias: Vec<f32>,
}

pub(crate) fn cost(name: String, kernel: [usize; 2], output: Shape) -> LayerCost {
    let weights = kernel[0] * kernel[1] * output.channels;
    let pixels = output.height * output.width;
    LayerCost::of(name, "DEPTHWISE_CONV_2D", output.picture()).weighing(
        weights,
        pixels,
        output.channels,
    )
}

impl DepthwiseConv2d {
    pub(crate) fn init(
        channels: usize,
        window: Window,
        activation: Activation,
        random: &mut Rand32,
    ) -> Self {
        let taps = window.size[0] * window.size[1];
        Self {
            channels,
            window,
            activation,
            weights: first_weights(taps * channels, [taps, taps], activation, random),
            bias: vec![0.0; channels],
        }
    }

    pub(crate) fn check(&self, place: &str) -> Result<(), NetError> {
        let wanted = self.window.size[0] * self.window.size[1] * self.channels;
        if (self.weights.len(), self.bias.len()) == (wanted, self.channels) {
            return Ok(());
        }
        Err(wrong_number(
            &self.weights,
            &self.bias,
            wanted,
            self.channels,
            place,
        ))
    }

    pub(crate) fn forward(&self, input: Shape, x: &[f32]) -> Vec<f32> {
        let c = self.channels;
        let [height, width] = self
            .window
            .outputs(input, "")
            .expect("the layer was checked against this picture");
        let mut y = self.bias.repeat(height * width);
        self.window.walk(input, |to, from, tap| {
            let sums = &mut y[to * c..(to + 1) * c];
            let pixel = &x[from * c..(from + 1) * c];
            for ((sum, v), w) in sums.iter_mut().zip(pixel).zip(&self.weights[tap * c..]) {
                *sum += w * v;
            }
        });
        self.activation.apply(&mut y);
        y
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_window(out, &self.window);
        out.push(self.activation.code());
        bytes::put_f32s(out, self.weights.iter().chain(&self.bias));
    }

    pub(crate) fn read(r: &mut Reader<'_>, channels: usize) -> Result<Self, NetError> {
        let at = r.at();
        let window = r.window()?;
        let weights = window.size[0] * window.size[1] * channels;
        if weights as u64 > MAX_PARAMS {
            return Err(NetError::new(
                format!("a depthwise convolution of {weights} weights"),
                format!("byte {at}"),
                "the file is damaged; train again",
            ));
        }
        Ok(Self {
            channels,
            window,
            activation: read_activation(r)?,
            weights: r.f32s(weights)?,
            bias: r.f32s(channels)?,
        })
    }

    pub(crate) fn lower(&self, name: &str, shapes: [Shape; 2], range: Range, to: &mut Lowering) {
        let [kh, kw] = self.window.size;
        let constants = Constants {
            weights: &self.weights,
            bias: &self.bias,
            shape: vec![1, kh, kw, self.channels],
            axis: Some(3),
        };
        let op = graph::Op::DepthwiseConv2d {
            window: self.window.lowered(),
            activation: self.activation.lowered(),
        };
        to.convolution(name, op, shapes, range, &constants);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Padding;

    fn layer() -> DepthwiseConv2d {
        DepthwiseConv2d {
            channels: 2,
            window: Window::new([1, 2], [1, 2], Padding::Same),
            activation: Activation::Relu6,
            weights: vec![1.0, 10.0, 2.0, -1.0],
            bias: vec![0.0, 1.0],
        }
    }

    #[test]
    fn forward_is_the_formula() {
        let x = [1.0, 0.1, 2.0, 0.2, 0.5, 0.9];
        // 1 + 4, 1 + 1 − 0.2; the second place has but one column: 0.5, 1 + 9 cut to 6
        let y = layer().forward(Shape::new(1, 3, 2), &x);
        assert_eq!(y, [5.0, 1.8, 0.5, 6.0]);
    }

    #[test]
    fn weights_of_the_wrong_number_are_refused() {
        let mut spoilt = layer();
        spoilt.bias.pop();
        let e = spoilt.check("layer 1").expect_err("1 bias for 2 channels");
        assert!(e.what.contains("1 biases"), "{e}");
    }
}
