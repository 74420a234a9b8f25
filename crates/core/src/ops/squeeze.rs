//! SQUEEZE: the same bytes without dimensions of 1.
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
//! TFLite Micro `kernels/squeeze.cc`.

use super::reshape::{check, eval};
use super::{Operator, Overlap, Types};

/// See the [module's text](self).
pub static SQUEEZE: Operator = Operator {
    code: 43,
    name: "SQUEEZE",
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
        let y = run(&SQUEEZE, &[], &[&[1, -2, 3]], &[3]);
        assert_eq!(y, Ok([[1, -2, 3].to_vec()].to_vec()));
        assert_eq!(run(&SQUEEZE, &[], &[&[1, 2]], &[3]), Err(Fault::Shape));
        assert_eq!(run(&SQUEEZE, &[7], &[&[1]], &[1]), Err(Fault::Params));
    }
}
