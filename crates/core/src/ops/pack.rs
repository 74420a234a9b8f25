//! PACK: tensors laid side by side along a new axis.
//!
//! # What
//! `y[.., k, ..] = x_k[.., ..]`: one move for each input.
//!
//! # Shapes
//! Inputs: one or more of one shape, constants among them; y: a dimension more, as long as
//! there are inputs. The axis is in the moves.
//!
//! # Quantisation
//! None: bytes. Scale and zero point of the output are those of the inputs.
//!
//! # Refuses
//! Other counts than one or more inputs and one output; moves that reach out of
//! a tensor, or are not one a tensor.
//!
//! # Source
//! TFLite Micro `kernels/pack.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::moves;
use crate::node::Node;

/// See the [module's text](self).
pub static PACK: Operator = Operator {
    code: 83,
    name: "PACK",
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
    fn two_vectors_become_pairs() {
        let words = [1, 0, 0, 2, 1, 2, 1, 0, 1, 2, 1, 2];
        let y = run(&PACK, &words, &[&[1, 2], &[3, 4]], &[4]);
        assert_eq!(y, Ok([[1, 3, 2, 4].to_vec()].to_vec()));
    }
}
