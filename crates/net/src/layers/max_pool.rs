//! # Max pooling
//!
//! **What.** `y[p, c] = max_k x[p·stride + k, c]` over windows that lie within the
//! picture; rows and columns that fill no window are left out.
//!
//! **Shapes.** x `[H, W, C]` → y `[(H − KH) / stride + 1, …, C]`.
//!
//! **Quantisation.** MAX_POOL_2D compares bytes, so the output has the input's scale.
//!
//! **Source.** TFLite's MAX_POOL_2D with padding VALID.

use lampyris_graph as graph;

use crate::bytes::{self, Reader};
use crate::lower::Lowering;
use crate::{LayerCost, NetError, Shape, Window};

pub(crate) const KIND: &str = "max_pool";
pub(crate) const TAG: u8 = 6;

/// The largest of each window.
#[derive(Clone, Debug, PartialEq)]
pub struct MaxPool {
    /// The window; its padding is `Valid`.
    pub window: Window,
}

pub(crate) fn cost(name: String, output: Shape) -> LayerCost {
    LayerCost::of(name, "MAX_POOL_2D", output.picture())
}

impl MaxPool {
    pub(crate) fn forward(&self, input: Shape, x: &[f32]) -> Vec<f32> {
        let c = input.channels;
        let [height, width] = self
            .window
            .outputs(input, "")
            .expect("the layer was checked against this picture");
        let mut y = vec![f32::NEG_INFINITY; height * width * c];
        self.window.walk(input, |to, from, _| {
            let pixel = &x[from * c..(from + 1) * c];
            for (most, v) in y[to * c..(to + 1) * c].iter_mut().zip(pixel) {
                // Not f32::max, which would hide a NaN.
                if *v > *most || v.is_nan() {
                    *most = *v;
                }
            }
        });
        y
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_window(out, &self.window);
    }

    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, NetError> {
        r.pool().map(|window| Self { window })
    }

    pub(crate) fn lower(&self, name: &str, [input, output]: [Shape; 2], to: &mut Lowering) {
        let op = graph::Op::MaxPool2d {
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
        let pool = MaxPool {
            window: Window::new([2, 1], [2, 1], Padding::Valid),
        };
        let x = [1.0, -2.0, -3.0, -1.0, 9.0, 9.0];
        let y = pool.forward(Shape::new(3, 1, 2), &x);
        assert_eq!(y, [1.0, -1.0], "the third row fills no window");
        let nan = pool.forward(Shape::new(2, 1, 1), &[f32::NAN, 1.0]);
        assert!(nan[0].is_nan());
    }
}
