//! SPLIT: a tensor cut along an axis into parts of equal size.
//!
//! # What
//! `y_k[.., i, ..] = x[.., k · size + i, ..]`: one move for each output.
//!
//! # Shapes
//! x: any; outputs: of its shape, along the axis as long as the parts. The axis is in the
//! moves.
//!
//! # Quantisation
//! None: bytes. Scale and zero point of the outputs are those of the input.
//!
//! # Refuses
//! Other counts than one input and one or more outputs; moves that reach out of
//! a tensor, or are not one a tensor.
//!
//! # Source
//! TFLite Micro `kernels/split.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::moves;
use crate::node::Node;

/// See the [module's text](self).
pub static SPLIT: Operator = Operator {
    code: 49,
    name: "SPLIT",
    types: Types::Same,
    overlap: Overlap::Never,
    check,
    eval: moves::eval,
};

fn check(node: &Node<'_>) -> Result<(), Fault> {
    moves::check_from(node, 1..=1, 1..=usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::run;

    #[test]
    fn the_columns_of_two_rows() {
        let words = [1, 0, 0, 2, 2, 1, 1, 1, 0, 2, 2, 1];
        let y = run(&SPLIT, &words, &[&[1, 3, 2, 4]], &[2, 2]);
        assert_eq!(y, Ok([[1, 2].to_vec(), [3, 4].to_vec()].to_vec()));
    }

    #[test]
    fn two_inputs_are_refused() {
        let words = [1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1];
        assert_eq!(run(&SPLIT, &words, &[&[1], &[2]], &[1]), Err(Fault::Arity));
    }
}
