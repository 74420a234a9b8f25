//! ADD: the sum of two tensors.
//!
//! # What
//! `y = clamp(zero_y + multiplier_y · (multiplier_a · (a − zero_a) + multiplier_b · (b − zero_b)))`
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
//! TFLite Micro `kernels/add.cc`, TFLite `kernels/internal/reference/add.h`.

use super::{Operator, Overlap, Types};
use crate::kernel::{addition, pairs};
use crate::node::Node;

/// See the [module's text](self).
pub static ADD: Operator = Operator {
    code: 0,
    name: "ADD",
    types: Types::Signed,
    overlap: Overlap::InOrder(pairs::reach),
    check: addition::check,
    eval,
};

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    addition::eval(node, arena, 1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Fault;
    use crate::fixture::Fixture;

    /// Two rows of three beside a column of two. Scales 1, 2 and 1: a is worth 1/4 of
    /// twice the larger scale, b 1/2, and that 4 of the output's.
    const WORDS: [u32; 18] = {
        let (half, low) = (1 << 30, -128i32 as u32);
        [
            2,
            3,
            1,
            0,
            2,
            3,
            1, // the walk
            1,
            half,
            -1i32 as u32,
            2,
            half,
            0, // a, b
            half,
            -17i32 as u32,
            5,
            low,
            127, // y: 4 / 2^20
        ]
    };

    fn sound(params: &[u32]) -> Fixture<'_> {
        Fixture {
            params,
            inputs: &[&[1, 2, 3, 4, 5, 120], &[2, 7]],
            output: (32, 6),
            ..Fixture::default()
        }
    }

    #[test]
    fn sums_by_hand() {
        // (a − 1) + 2 · (b − 2) + 5, and 119 + 10 + 5 saturates.
        let want = [5, 6, 7, 18, 19, 127];
        assert_eq!(sound(&WORDS).run(&ADD).as_deref(), Ok(&want[..]));
        let over = Fixture {
            output: (16, 6),
            ..sound(&WORDS)
        };
        assert_eq!(over.run(&ADD).as_deref(), Ok(&want[..]));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let fault = |at: usize, word: u32| {
            let mut words = WORDS;
            words[at] = word;
            sound(&words).run(&ADD).err()
        };
        for (at, word, want) in [
            (0, 3, Fault::Params),
            (0, 0, Fault::Params),
            (1, 4, Fault::Shape),
            (5, 4, Fault::Shape),
            (6, 2, Fault::Shape),
            (7, 128, Fault::Params),
            (10, -129i32 as u32, Fault::Params),
            (8, 1, Fault::Multiplier),
            (12, 31, Fault::Multiplier),
            (14, -32i32 as u32, Fault::Multiplier),
            (15, 128, Fault::Params),
            (17, -129i32 as u32, Fault::Params),
        ] {
            assert_eq!(fault(at, word), Some(want), "word {at} = {word}");
        }
        assert_eq!(sound(&WORDS[..17]).run(&ADD).err(), Some(Fault::Params));
        let one = Fixture {
            inputs: &[&[1, 2, 3, 4, 5, 6]],
            ..sound(&WORDS)
        };
        assert_eq!(one.run(&ADD).err(), Some(Fault::Arity));
    }
}
