//! CONCATENATION: tensors laid side by side along an axis.
//!
//! # What
//! `y[.., offset[k] + i, ..] = x_k[.., i, ..]`: one move for each input.
//!
//! # Shapes
//! Inputs: one or more, constants among them, of one shape but for the axis; y: the same,
//! along the axis as long as all together. The axis is in the moves.
//!
//! # Quantisation
//! None: bytes. The host holds that all have one scale and zero point.
//!
//! # Refuses
//! Other counts than one or more inputs and one output; moves that reach out of
//! a tensor, or are not one a tensor.
//!
//! # Source
//! TFLite Micro `kernels/concatenation.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::moves;
use crate::node::Node;

/// See the [module's text](self).
pub static CONCATENATION: Operator = Operator {
    code: 2,
    name: "CONCATENATION",
    types: Types::Same,
    overlap: Overlap::Never,
    check,
    eval: moves::eval,
};

fn check(node: &Node<'_>) -> Result<(), Fault> {
    moves::check_from(node, 1..=usize::MAX, 1..=1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::run;

    #[test]
    fn two_and_a_constant_by_hand() {
        // [2, 1] beside [2, 2].
        let words = [2, 0, 0, 1, 1, 1, 2, 1, 3, 2, 0, 1, 2, 1, 1, 2, 2, 3];
        let y = run(&CONCATENATION, &words, &[&[1, 2], &[3, 4, 5, 6]], &[6]);
        assert_eq!(y, Ok([[1, 3, 4, 2, 5, 6].to_vec()].to_vec()));
    }

    #[test]
    fn an_input_without_a_move_is_refused() {
        let words = [1, 0, 0, 2, 1, 1];
        let y = run(&CONCATENATION, &words, &[&[1, 2], &[3, 4]], &[4]);
        assert_eq!(y, Err(Fault::Params));
    }
}
