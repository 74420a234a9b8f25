//! SUM: the sum over some dimensions.
//!
//! # What
//! `y = zero_y + multiplier · Σ (x − zero_x)` over the dimensions that go.
//!
//! # Shapes
//! x: any of up to five dimensions, some of which go; y: those that stay.
//!
//! # Quantisation
//! int8; the output may have another scale.
//!
//! # Refuses
//! Other counts than one input and one output; walks that leave the input or don't read
//! all of it; a multiplier or a zero point out of range.
//!
//! # Source
//! TFLite Micro `kernels/reduce_common.cc`.

use super::{Operator, Overlap, Types};
use crate::kernel::{reduce, total};

/// See the [module's text](self).
pub static SUM: Operator = Operator {
    code: 74,
    name: "SUM",
    types: Types::Signed,
    overlap: Overlap::InOrder(reduce::reach),
    check: total::check,
    eval: total::eval,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    #[test]
    fn sums_by_hand_saturate() {
        // Of [3, 2] the rows go; times 1/2, from 1 to −5.
        let fixture = Fixture {
            params: &[1, 2, 1, 0, 1, 3, 2, 0, 3, 1 << 30, 0, -5i32 as u32],
            inputs: &[&[1, 100, 3, 101, -10, 102]],
            output: (16, 2),
            ..Fixture::default()
        };
        // (−6 − 3) / 2 = −4.5, ties of the product go up; and 150 − 5.
        assert_eq!(fixture.run(&SUM).as_deref(), Ok(&[-9, 127][..]));
    }
}
