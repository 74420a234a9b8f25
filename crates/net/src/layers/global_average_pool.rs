//! # Global average pooling
//!
//! **What.** `y[c] = mean_p x[p, c]` over all pixels p. Lowered to MEAN over height and
//! width.
//!
//! **Shapes.** x `[H, W, C]` → y `[1, 1, C]`.
//!
//! **Quantisation.** The output has a scale of its own, from its range, which is
//! usually narrower than the input's.
//!
//! **Source.** Lin et al., "Network in network", 2013; TFLite's MEAN.

use lampyris_graph as graph;

use crate::lower::{Lowering, affine};
use crate::{LayerCost, Range, Shape};

pub(crate) const KIND: &str = "global_average_pool";
pub(crate) const TAG: u8 = 9;

pub(crate) fn cost(name: String, output: Shape) -> LayerCost {
    LayerCost::of(name, "MEAN", output.dims())
}

pub(crate) fn forward(input: Shape, x: &[f32]) -> Vec<f32> {
    let mut y = vec![0.0_f32; input.channels];
    for pixel in x.chunks_exact(input.channels) {
        for (sum, v) in y.iter_mut().zip(pixel) {
            *sum += v;
        }
    }
    let pixels = (input.height * input.width) as f32;
    y.iter_mut().for_each(|sum| *sum /= pixels);
    y
}

pub(crate) fn lower(name: &str, input: Shape, range: Range, to: &mut Lowering) {
    let x = to.shaped(to.back(1), input.picture(), name);
    let axes = to.whole_numbers(format!("{name}/axes"), &[1, 2]);
    let y = to.activation(name.to_string(), vec![1, input.channels], affine(range));
    let op = graph::Op::Mean { keep_dims: false };
    to.node(op, vec![Some(x), Some(axes)], y);
    to.give(y);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forward_is_the_formula() {
        let x = [1.0, 10.0, 2.0, 20.0, 6.0, -30.0];
        assert_eq!(forward(Shape::new(3, 1, 2), &x), [3.0, 0.0]);
    }
}
