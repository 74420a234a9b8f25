//! TRANSPOSE: dimensions in another order.
//!
//! # What
//! `y[i[p[0]], i[p[1]], ..] = x[i[0], i[1], ..]` for a permutation p, as one move.
//!
//! # Shapes
//! x and y: as many dimensions, up to 6 that differ in their order. The permutation is in
//! the move.
//!
//! # Quantisation
//! None: bytes. Scale and zero point of the output are those of the input.
//!
//! # Refuses
//! Other counts than one input and one output; moves that reach out of
//! a tensor, or are not one a tensor.
//!
//! # Source
//! TFLite Micro `kernels/transpose.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::moves;
use crate::node::Node;

/// See the [module's text](self).
pub static TRANSPOSE: Operator = Operator {
    code: 39,
    name: "TRANSPOSE",
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
    fn rows_become_columns() {
        let words = [2, 0, 0, 3, 1, 2, 2, 3, 1];
        let y = run(&TRANSPOSE, &words, &[&[1, 2, 3, 4, 5, 6]], &[6]);
        assert_eq!(y, Ok([[1, 4, 2, 5, 3, 6].to_vec()].to_vec()));
    }

    #[test]
    fn words_that_are_left_over_are_refused() {
        let words = [1, 0, 0, 2, 1, 1, 1];
        assert_eq!(
            run(&TRANSPOSE, &words, &[&[1, 2]], &[2]),
            Err(Fault::Params)
        );
    }
}
