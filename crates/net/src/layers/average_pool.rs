//! # Average pooling
//!
//! **What.** `y[p, c] = mean_k x[p·stride + k, c]` over windows that lie within the
//! picture; rows and columns that fill no window are left out.
//!
//! **Shapes.** x `[H, W, C]` → y `[(H − KH) / stride + 1, …, C]`.
//!
//! **Quantisation.** AVERAGE_POOL_2D takes the mean of bytes, so the output has the
//! input's scale.
//!
//! **Source.** TFLite's AVERAGE_POOL_2D with padding VALID.

use lampyris_graph as graph;

use crate::bytes::{self, Reader};
use crate::lower::Lowering;
use crate::{LayerCost, NetError, Shape, Window};

pub(crate) const KIND: &str = "average_pool";
pub(crate) const TAG: u8 = 7;

/// The mean of each window.
#[derive(Clone, Debug, PartialEq)]
pub struct AveragePool {
    /// The window; its padding is `Valid`.
    pub window: Window,
}

pub(crate) fn cost(name: String, output: Shape) -> LayerCost {
    LayerCost::of(name, "AVERAGE_POOL_2D", output.picture())
}

impl AveragePool {
    pub(crate) fn forward(&self, input: Shape, x: &[f32]) -> Vec<f32> {
        let c = input.channels;
        let [height, width] = self
            .window
            .outputs(input, "")
            .expect("the layer was checked against this picture");
        let mut y = vec![0.0_f32; height * width * c];
        self.window.walk(input, |to, from, _| {
            let pixel = &x[from * c..(from + 1) * c];
            for (sum, v) in y[to * c..(to + 1) * c].iter_mut().zip(pixel) {
                *sum += v;
            }
        });
        let count = (self.window.size[0] * self.window.size[1]) as f32;
        y.iter_mut().for_each(|sum| *sum /= count);
        y
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_window(out, &self.window);
    }

    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, NetError> {
        r.pool().map(|window| Self { window })
    }

    pub(crate) fn lower(&self, name: &str, [input, output]: [Shape; 2], to: &mut Lowering) {
        let op = graph::Op::AveragePool2d {
            pool: self.window.pooled(),
            activation: graph::Activation::None,
        };
        to.pool(name, op, [input, output]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Padding;

    #[test]
    fn forward_is_the_formula() {
        let pool = AveragePool {
            window: Window::new([2, 2], [1, 1], Padding::Valid),
        };
        let x = [1.0, 2.0, 3.0, 5.0, 6.0, 7.0];
        assert_eq!(pool.forward(Shape::new(2, 3, 1), &x), [3.5, 4.5]);
    }
}
