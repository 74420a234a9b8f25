//! STRIDED_SLICE: every so many values of a tensor, also backwards.
//!
//! # What
//! `y[i, j, ..] = x[begin[0] + i · stride[0], begin[1] + j · stride[1], ..]`, as one move.
//!
//! # Shapes
//! x: any; y: as many dimensions, or fewer where one value is taken of a dimension, which
//! then goes. Begin and strides are in the move.
//!
//! # Quantisation
//! None: bytes. Scale and zero point of the output are those of the input.
//!
//! # Refuses
//! Other counts than one input and one output; moves that reach out of
//! a tensor, or are not one a tensor.
//!
//! # Source
//! TFLite Micro `kernels/strided_slice.cc`, `strided_slice_common.cc`; TFLite
//! `kernels/internal/strided_slice_logic.h`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::moves;
use crate::node::Node;

/// See the [module's text](self).
pub static STRIDED_SLICE: Operator = Operator {
    code: 45,
    name: "STRIDED_SLICE",
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
    fn every_other_value_backwards() {
        let words = [1, 4, 0, 3, -2i32 as u32, 1];
        let y = run(&STRIDED_SLICE, &words, &[&[1, 2, 3, 4, 5, 6]], &[3]);
        assert_eq!(y, Ok([[5, 3, 1].to_vec()].to_vec()));
        let words = [1, 3, 0, 3, -2i32 as u32, 1];
        let y = run(&STRIDED_SLICE, &words, &[&[1, 2, 3, 4, 5, 6]], &[3]);
        assert_eq!(y, Err(Fault::Shape));
    }
}
