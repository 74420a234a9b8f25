//! SLICE: a block cut out of a tensor.
//!
//! # What
//! `y[i, j, ..] = x[begin[0] + i, begin[1] + j, ..]`, as one move.
//!
//! # Shapes
//! x: any; y: as many dimensions, none longer. Where it begins is in the move.
//!
//! # Quantisation
//! None: bytes. Scale and zero point of the output are those of the input.
//!
//! # Refuses
//! Other counts than one input and one output; moves that reach out of
//! a tensor, or are not one a tensor.
//!
//! # Source
//! TFLite Micro `kernels/slice.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::moves;
use crate::node::Node;

/// See the [module's text](self).
pub static SLICE: Operator = Operator {
    code: 65,
    name: "SLICE",
    types: Types::Same,
    overlap: Overlap::Never,
    check,
    eval: moves::eval,
};

fn check(node: &Node<'_>) -> Result<(), Fault> {
    moves::check_from(node, 1..=1, 1..=1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::run;

    #[test]
    fn a_corner_of_a_square() {
        let words = [2, 4, 0, 2, 1, 1, 2, 3, 2];
        let y = run(&SLICE, &words, &[&[1, 2, 3, 4, 5, 6, 7, 8, 9]], &[4]);
        assert_eq!(y, Ok([[5, 6, 8, 9].to_vec()].to_vec()));
    }

    #[test]
    fn a_block_beyond_the_end_is_refused() {
        let block = |at| run(&SLICE, &[2, at, 0, 2, 1, 1, 2, 3, 2], &[&[0; 9]], &[4]);
        assert!(block(4).is_ok());
        assert_eq!(block(5), Err(Fault::Shape));
    }
}
