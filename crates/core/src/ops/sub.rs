//! SUB: the difference of two tensors.
//!
//! # What
//! `y = clamp(zero_y + multiplier_y · (multiplier_a · (a − zero_a) − multiplier_b · (b − zero_b)))`
//! with 20 bits to spare within.
//!
//! # Shapes
//! a, b: any of up to six dimensions that broadcast against each other, aligned at the
//! right; y: what that gives.
//!
//! # Quantisation
//! int8; each tensor has its own scale. A fused activation is the clamp.
//!
//! # Refuses
//! Other counts than two inputs and one output; a walk through the shapes that leaves an
//! operand or doesn't fill the output; multipliers, zero points or a clamp out of range.
//!
//! # Source
//! TFLite Micro `kernels/sub.cc`, TFLite `kernels/internal/reference/sub.h`.

use super::{Operator, Overlap, Types};
use crate::kernel::{addition, pairs};
use crate::node::Node;

/// See the [module's text](self).
pub static SUB: Operator = Operator {
    code: 41,
    name: "SUB",
    types: Types::Signed,
    overlap: Overlap::InOrder(pairs::reach),
    check: addition::check,
    eval,
};

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    addition::eval(node, arena, -1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    #[test]
    fn differences_by_hand() {
        // Equal scales of 1: each is worth 1/2 of twice that, and that 2 of the output's.
        let half = 1 << 30;
        let fixture = Fixture {
            params: &[
                1,
                3,
                1,
                1, // the walk
                1,
                half,
                0,
                2,
                half,
                0, // a, b
                half,
                -18i32 as u32,
                5,
                -20i32 as u32,
                100, // y: 2 / 2^20
            ],
            inputs: &[&[1, 50, -128], &[2, -100, 20]],
            output: (16, 3),
            ..Fixture::default()
        };
        // (a − 1) − (b − 2) + 5 within −20..100.
        assert_eq!(fixture.run(&SUB).as_deref(), Ok(&[5, 100, -20][..]));
    }
}
