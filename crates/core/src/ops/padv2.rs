//! PADV2: a given value around a tensor.
//!
//! # What
//! `y[before[0] + i, before[1] + j, ..] = x[i, j, ..]`, and the value elsewhere.
//!
//! # Shapes
//! x: any; y: as many dimensions, none shorter. Where x begins in y is in the move.
//!
//! # Quantisation
//! None: bytes. The host holds that the value and the output have one scale and zero point.
//!
//! # Refuses
//! Other counts than one input and one output; a value that is no byte; a move that
//! reaches out of a tensor.
//!
//! # Source
//! TFLite Micro `kernels/pad.cc`, `pad_common.cc`; TFLite `kernels/internal/reference/pad.h`.

use super::pad::{check, eval};
use super::{Operator, Overlap, Types};

/// See the [module's text](self).
pub static PADV2: Operator = Operator {
    code: 60,
    name: "PADV2",
    types: Types::Same,
    overlap: Overlap::Never,
    check,
    eval,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::run;

    #[test]
    fn around_a_row() {
        let words = [77, 1, 0, 1, 2, 1, 1];
        let y = run(&PADV2, &words, &[&[8, 9]], &[4]);
        assert_eq!(y, Ok([[77, 8, 9, 77].to_vec()].to_vec()));
    }
}
