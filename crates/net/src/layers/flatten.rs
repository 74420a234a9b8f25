//! # Flatten
//!
//! **What.** The values as they are, in one row.
//!
//! **Shapes.** x `[H, W, C]` → y `[1, 1, H·W·C]`.
//!
//! **Quantisation.** RESHAPE keeps the bytes, and with them scale and zero point.
//!
//! **Source.** TFLite's RESHAPE.

use crate::lower::Lowering;
use crate::{LayerCost, Shape};

pub(crate) const KIND: &str = "flatten";
pub(crate) const TAG: u8 = 10;

pub(crate) fn cost(name: String, input: Shape, output: Shape) -> LayerCost {
    let operator = if input.is_flat() { "-" } else { "RESHAPE" };
    LayerCost::of(name, operator, output.dims())
}

pub(crate) fn lower(name: &str, input: Shape, to: &mut Lowering) {
    let y = to.reshaped(to.back(1), vec![1, input.len()], name.to_string());
    to.give(y);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_flat_costs_nothing() {
        let row = |input: Shape| cost("x".into(), input, Shape::flat(input.len())).operator;
        assert_eq!(row(Shape::flat(6)), "-");
        assert_eq!(row(Shape::new(2, 3, 1)), "RESHAPE");
    }
}
