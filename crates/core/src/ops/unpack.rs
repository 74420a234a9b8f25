//! UNPACK: a tensor cut along an axis, which goes.
//!
//! # What
//! `y_k[.., ..] = x[.., k, ..]`: one move for each output.
//!
//! # Shapes
//! x: any; outputs: as many as the axis is long, of its shape without the axis. The axis
//! is in the moves.
//!
//! # Quantisation
//! None: bytes. Scale and zero point of the outputs are those of the input.
//!
//! # Refuses
//! Other counts than one input and one or more outputs; moves that reach out of
//! a tensor, or are not one a tensor.
//!
//! # Source
//! TFLite Micro `kernels/unpack.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::moves;
use crate::node::Node;

/// See the [module's text](self).
pub static UNPACK: Operator = Operator {
    code: 88,
    name: "UNPACK",
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
    fn pairs_become_two_vectors() {
        let words = [1, 0, 0, 2, 2, 1, 1, 1, 0, 2, 2, 1];
        let y = run(&UNPACK, &words, &[&[1, 3, 2, 4]], &[2, 2]);
        assert_eq!(y, Ok([[1, 2].to_vec(), [3, 4].to_vec()].to_vec()));
    }
}
