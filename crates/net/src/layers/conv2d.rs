//! # Convolution
//!
//! **What.** `y[p, o] = activation(bias[o] + Σ_{k, i} weights[o, k, i] · x[p·stride + k − pad, i])`
//! at every place p of the window, with k over the window's taps and i over the
//! channels; what lies beside the picture is 0. Lowered to CONV_2D with the
//! activation fused.
//!
//! **Shapes.** x `[H, W, I]`, weights `[filters, KH, KW, I]` row-major (as TFLite has
//! them), bias `[filters]`, y `[H', W', filters]`.
//!
//! **Quantisation.** Weights int8, symmetric (−127..=127), a scale a filter; bias int32
//! of scale `input scale · weight scale`; output int8, asymmetric, from its range.
//!
//! **Source.** First weights as in `dense.rs`, with the window's taps times the
//! channels for inputs. Padding and int8 form: TFLite's 8-bit quantization
//! specification, CONV_2D.

use lampyris_graph as graph;
use oorandom::Rand32;

use super::{first_weights, read_activation, wrong_number};
use crate::bytes::{self, Reader};
use crate::lower::{Constants, Lowering};
use crate::spec::{MAX_PARAMS, MAX_UNITS};
use crate::{Activation, LayerCost, NetError, Range, Shape, Window};

pub(crate) const KIND: &str = "conv2d";
pub(crate) const TAG: u8 = 4;

/// Filters that slide over a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Conv2d {
    /// Channels in.
    pub channels: usize,
    /// Channels out.
    pub filters: usize,
    /// What a filter sees, and how it moves.
    pub window: Window,
    /// Applied to each output.
    pub activation: Activation,
    /// `[filters, KH, KW, channels]`, row-major.
    pub weights: Vec<f32>,
    /// `[filters]`.
    pub bias: Vec<f32>,
}

pub(crate) fn check(filters: u32, place: &str) -> Result<(), NetError> {
    if (1..=MAX_UNITS).contains(&filters) {
        return Ok(());
    }
    Err(NetError::new(
        format!("a convolution of {filters} filters"),
        place,
        format!("choose 1 to {MAX_UNITS}"),
    ))
}

/// Refuses filters of more weights than an int32 sum holds.
pub(crate) fn check_taps(input: Shape, kernel: [usize; 2], place: &str) -> Result<(), NetError> {
    let taps = kernel[0] * kernel[1] * input.channels;
    if taps <= MAX_UNITS as usize {
        return Ok(());
    }
    Err(NetError::new(
        format!("filters of {taps} weights"),
        place,
        format!(
            "choose a smaller kernel or fewer channels before it: at most {MAX_UNITS} weights a filter"
        ),
    ))
}

pub(crate) fn cost(name: String, input: Shape, kernel: [usize; 2], output: Shape) -> LayerCost {
    let weights = kernel[0] * kernel[1] * input.channels * output.channels;
    let pixels = output.height * output.width;
    LayerCost::of(name, "CONV_2D", output.picture()).weighing(weights, pixels, output.channels)
}

impl Conv2d {
    pub(crate) fn init(
        channels: usize,
        filters: usize,
        window: Window,
        activation: Activation,
        random: &mut Rand32,
    ) -> Self {
        let taps = window.size[0] * window.size[1];
        let fans = [taps * channels, taps * filters];
        Self {
            channels,
            filters,
            window,
            activation,
            weights: first_weights(fans[0] * filters, fans, activation, random),
            bias: vec![0.0; filters],
        }
    }

    /// Weights of one filter.
    pub fn taps(&self) -> usize {
        self.window.size[0] * self.window.size[1] * self.channels
    }

    pub(crate) fn check(&self, place: &str) -> Result<(), NetError> {
        let wanted = self.taps() * self.filters;
        if (self.weights.len(), self.bias.len()) == (wanted, self.filters) {
            return Ok(());
        }
        Err(wrong_number(
            &self.weights,
            &self.bias,
            wanted,
            self.filters,
            place,
        ))
    }

    pub(crate) fn forward(&self, input: Shape, x: &[f32]) -> Vec<f32> {
        let taps = self.window.size[0] * self.window.size[1];
        // [KH, KW, I, O]: the filters' sums then grow side by side, in the same order.
        let turned: Vec<f32> = (0..taps * self.channels)
            .flat_map(|t| {
                self.weights
                    .iter()
                    .skip(t)
                    .step_by(taps * self.channels)
                    .copied()
            })
            .collect();
        let [height, width] = self
            .window
            .outputs(input, "")
            .expect("the layer was checked against this picture");
        let mut y = self.bias.repeat(height * width);
        self.window.walk(input, |to, from, tap| {
            let sums = &mut y[to * self.filters..(to + 1) * self.filters];
            let pixel = &x[from * self.channels..(from + 1) * self.channels];
            let rows = &turned[tap * self.channels * self.filters..];
            for (v, row) in pixel.iter().zip(rows.chunks_exact(self.filters)) {
                for (sum, w) in sums.iter_mut().zip(row) {
                    *sum += w * v;
                }
            }
        });
        self.activation.apply(&mut y);
        y
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_u32(out, self.filters);
        bytes::put_window(out, &self.window);
        out.push(self.activation.code());
        bytes::put_f32s(out, self.weights.iter().chain(&self.bias));
    }

    pub(crate) fn read(r: &mut Reader<'_>, channels: usize) -> Result<Self, NetError> {
        let at = r.at();
        let filters = r.u32()?;
        check(filters, &format!("byte {at}"))?;
        let filters = filters as usize;
        let window = r.window()?;
        let taps = window.size[0] * window.size[1] * channels;
        if taps.saturating_mul(filters) as u64 > MAX_PARAMS {
            return Err(NetError::new(
                format!("a convolution of {filters} × {taps} weights"),
                format!("byte {at}"),
                "the file is damaged; train again",
            ));
        }
        Ok(Self {
            channels,
            filters,
            window,
            activation: read_activation(r)?,
            weights: r.f32s(filters * taps)?,
            bias: r.f32s(filters)?,
        })
    }

    pub(crate) fn lower(&self, name: &str, shapes: [Shape; 2], range: Range, to: &mut Lowering) {
        let [kh, kw] = self.window.size;
        let constants = Constants {
            weights: &self.weights,
            bias: &self.bias,
            shape: vec![self.filters, kh, kw, self.channels],
            axis: Some(0),
        };
        let op = graph::Op::Conv2d {
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

    fn layer(padding: Padding) -> Conv2d {
        Conv2d {
            channels: 2,
            filters: 2,
            window: Window::new([2, 1], [1, 1], padding),
            activation: Activation::Relu,
            weights: vec![1.0, 2.0, 3.0, 4.0, -1.0, 0.0, 0.0, 1.0],
            bias: vec![0.5, 0.0],
        }
    }

    #[test]
    fn forward_is_the_formula() {
        // Two rows, one column, two channels.
        let (shape, x) = (Shape::new(2, 1, 2), [1.0, 2.0, -1.0, 3.0]);
        // 0.5 + 1 + 4 − 3 + 12 = 14.5; −1 + 3 = 2
        assert_eq!(layer(Padding::Valid).forward(shape, &x), [14.5, 2.0]);
        // At the last row half the window is beside it: 0.5 − 1 + 6 = 5.5; 1
        let same = layer(Padding::Same).forward(shape, &x);
        assert_eq!(same, [14.5, 2.0, 5.5, 1.0]);
    }

    #[test]
    fn weights_of_the_wrong_number_are_refused() {
        let mut spoilt = layer(Padding::Same);
        spoilt.weights.pop();
        let e = spoilt.check("layer 1").expect_err("7 weights for 2 × 4");
        assert!(e.what.starts_with("7 weights"), "{e}");
        check(0, "layer 1").expect_err("no filter");
        let wide = Shape::new(9, 9, 1000);
        check_taps(wide, [5, 5], "layer 2").expect_err("25,000 weights a filter");
    }
}
