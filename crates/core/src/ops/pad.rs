//! PAD: zeros around a tensor.
//!
//! # What
//! `y[before[0] + i, before[1] + j, ..] = x[i, j, ..]`, and zero elsewhere.
//!
//! # Shapes
//! x: any; y: as many dimensions, none shorter. Where x begins in y is in the move.
//!
//! # Quantisation
//! Zero is the zero point of the output; x's bytes stay as they are.
//!
//! # Refuses
//! Other counts than one input and one output; a value that is no byte; a move that
//! reaches out of a tensor.
//!
//! # Source
//! TFLite Micro `kernels/pad.cc`, `pad_common.cc`; TFLite `kernels/internal/reference/pad.h`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::moves;
use crate::node::Node;

/// See the [module's text](self).
pub static PAD: Operator = Operator {
    code: 34,
    name: "PAD",
    types: Types::Same,
    overlap: Overlap::Never,
    check,
    eval,
};

/// As words: the value, then the move.
pub(super) fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    let (&value, words) = node.words().split_first().ok_or(Fault::Params)?;
    if !(-128..=255).contains(&(value as i32)) {
        return Err(Fault::Params);
    }
    moves::check(node, words)
}

pub(super) fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let (Some((&value, words)), Some(y)) = (node.words().split_first(), node.output(0)) else {
        return;
    };
    if let Some(to) = y.write(arena) {
        to.fill(value as i8);
    }
    moves::run(node, words, arena);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::run;

    #[test]
    fn one_before_and_two_after() {
        let words = [-3i32 as u32, 1, 0, 1, 2, 1, 1];
        let y = run(&PAD, &words, &[&[8, 9]], &[5]);
        assert_eq!(y, Ok([[-3, 8, 9, -3, -3].to_vec()].to_vec()));
    }

    #[test]
    fn what_is_no_byte_or_reaches_out_is_refused() {
        let pad = |value, at| run(&PAD, &[value, 1, 0, at, 2, 1, 1], &[&[8, 9]], &[5]);
        assert!(pad(255, 3).is_ok());
        assert_eq!(pad(256, 3), Err(Fault::Params));
        assert_eq!(pad(0, 4), Err(Fault::Shape));
        assert_eq!(run(&PAD, &[], &[&[8, 9]], &[5]), Err(Fault::Params));
    }
}
