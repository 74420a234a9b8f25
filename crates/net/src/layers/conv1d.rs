//! # Convolution over time
//!
//! **What.** As `conv2d.rs`, with filters that slide along the height alone: the
//! columns of a frame are taken for channels, so that every filter sees whole frames.
//!
//! **Shapes.** x `[H, W, C]` seen as `[H, 1, W·C]` (the same values in the same order),
//! weights `[filters, K, 1, W·C]`, y `[H', 1, filters]`.
//!
//! **Quantisation, Source.** As `conv2d.rs`; where W > 1 a RESHAPE comes before it.

use crate::bytes::Reader;
use crate::lower::Lowering;
use crate::{Conv2d, NetError, Range, Shape};

pub(crate) const KIND: &str = "conv1d";
pub(crate) const TAG: u8 = 3;

/// Filters that slide over time: a convolution whose window is one column wide.
#[derive(Clone, Debug, PartialEq)]
pub struct Conv1d(pub Conv2d);

/// The picture as this layer sees it: `[H, 1, W·C]`.
pub(crate) fn view(input: Shape) -> Shape {
    Shape::new(input.height, 1, input.width.saturating_mul(input.channels))
}

impl Conv1d {
    pub(crate) fn check(&self, place: &str) -> Result<(), NetError> {
        if self.0.window.size[1] != 1 || self.0.window.stride[1] != 1 {
            return Err(NetError::new(
                "a convolution over time whose window is not one column wide",
                place,
                "use a conv2d layer for that",
            ));
        }
        self.0.check(place)
    }

    pub(crate) fn forward(&self, input: Shape, x: &[f32]) -> Vec<f32> {
        self.0.forward(view(input), x)
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    pub(crate) fn read(r: &mut Reader<'_>, input: Shape) -> Result<Self, NetError> {
        let at = r.at();
        let layer = Self(Conv2d::read(r, view(input).channels)?);
        layer.check(&format!("byte {at}"))?;
        Ok(layer)
    }

    pub(crate) fn lower(&self, name: &str, shapes: [Shape; 2], range: Range, to: &mut Lowering) {
        self.0.lower(name, [view(shapes[0]), shapes[1]], range, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Padding, Window};

    fn layer(width: u32) -> Conv1d {
        Conv1d(Conv2d {
            channels: 2,
            filters: 1,
            window: Window::new([3, width], [1, 1], Padding::Same),
            activation: Activation::None,
            weights: vec![1.0; 6],
            bias: vec![0.0],
        })
    }

    #[test]
    fn columns_are_channels() {
        let shape = Shape::new(3, 2, 1);
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(layer(1).forward(shape, &x), [10.0, 21.0, 18.0]);
    }

    #[test]
    fn wide_windows_are_refused() {
        let e = layer(2).check("layer 1").expect_err("two columns");
        assert!(e.remedy.contains("conv2d"), "{e}");
    }
}
