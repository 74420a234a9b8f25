//! SPLIT_V: a tensor cut along an axis into parts of given sizes.
//!
//! # What
//! `y_k[.., i, ..] = x[.., offset[k] + i, ..]`: one move for each output.
//!
//! # Shapes
//! x: any; outputs: of its shape, along the axis as long as the parts. Sizes and axis are
//! in the moves.
//!
//! # Quantisation
//! None: bytes. Scale and zero point of the outputs are those of the input.
//!
//! # Refuses
//! Other counts than one input and one or more outputs; moves that reach out of
//! a tensor, or are not one a tensor.
//!
//! # Source
//! TFLite Micro `kernels/split_v.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::moves;
use crate::node::Node;

/// See the [module's text](self).
pub static SPLIT_V: Operator = Operator {
    code: 102,
    name: "SPLIT_V",
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
    fn one_and_two_of_three() {
        let words = [1, 0, 0, 1, 1, 1, 1, 1, 0, 2, 1, 1];
        let y = run(&SPLIT_V, &words, &[&[7, 8, 9]], &[1, 2]);
        assert_eq!(y, Ok([[7].to_vec(), [8, 9].to_vec()].to_vec()));
    }
}
