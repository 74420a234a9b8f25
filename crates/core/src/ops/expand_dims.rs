//! EXPAND_DIMS: the same bytes with one dimension of 1 more.
//!
//! # What
//! Copies the input to the output; where both lie at the same place nothing is done.
//!
//! # Shapes
//! Input and output: any, with as many values in one as in the other.
//!
//! # Quantisation
//! None: bytes. Scale and zero point of the output are those of the input.
//!
//! # Refuses
//! Other counts than one input and one output; sizes that differ.
//!
//! # Source
//! TFLite Micro `kernels/expand_dims.cc`.

use super::reshape::{check, eval};
use super::{Operator, Overlap, Types};

/// See the [module's text](self).
pub static EXPAND_DIMS: Operator = Operator {
    code: 70,
    name: "EXPAND_DIMS",
    types: Types::Same,
    overlap: Overlap::Copies,
    check,
    eval,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fault;
    use crate::fixture::run;

    #[test]
    fn the_bytes_stay() {
        let y = run(&EXPAND_DIMS, &[], &[&[1, -2, 3]], &[3]);
        assert_eq!(y, Ok([[1, -2, 3].to_vec()].to_vec()));
        assert_eq!(run(&EXPAND_DIMS, &[], &[&[1, 2]], &[3]), Err(Fault::Shape));
        assert_eq!(run(&EXPAND_DIMS, &[7], &[&[1]], &[1]), Err(Fault::Params));
    }
}
