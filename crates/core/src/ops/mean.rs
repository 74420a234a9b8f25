//! MEAN: the mean over some dimensions.
//!
//! # What
//! `y = zero_y + multiplier · Σ (x − zero_x)` over the dimensions that go; the multiplier is the
//! scales' over the number of values.
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
pub static MEAN: Operator = Operator {
    code: 40,
    name: "MEAN",
    types: Types::Signed,
    overlap: Overlap::InOrder(reduce::reach),
    check: total::check,
    eval: total::eval,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Fault;
    use crate::fixture::Fixture;

    /// Of [2, 3], the columns go; times 1/3, which is below 2^30 here, from 1 to 5.
    const WORDS: [u32; 12] = [1, 2, 3, 0, 1, 3, 1, 0, 3, 715_827_882, 0, 5];

    fn sound(params: &[u32]) -> Fixture<'_> {
        Fixture {
            params,
            inputs: &[&[10, 20, 33, -128, -128, -127]],
            output: (16, 2),
            ..Fixture::default()
        }
    }

    #[test]
    fn means_by_hand_in_place() {
        // 60 / 3 + 5; −386 / 3 + 5 = −123.67.
        let got = sound(&WORDS).run(&MEAN);
        assert_eq!(got.as_deref(), Ok(&[25, -124][..]));
    }

    #[test]
    fn dimensions_of_any_order_go() {
        // Of [2, 2, 3] the first and the last go; the mean of six, from 0 to 0.
        let fixture = Fixture {
            params: &[
                1,
                2,
                3,
                0,
                2,
                3,
                1,
                0,
                2,
                6,
                0,
                0,
                715_827_882,
                -1i32 as u32,
                0,
            ],
            inputs: &[&[1, 2, 3, 10, 20, 30, 4, 5, 6, 40, 50, 60]],
            output: (16, 2),
            ..Fixture::default()
        };
        // 21 / 6 and 210 / 6.
        assert_eq!(fixture.run(&MEAN).as_deref(), Ok(&[4, 35][..]));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (at, word, want) in [
            (0, 0, Fault::Params),
            (4, 7, Fault::Params),
            (1, 3, Fault::Shape),
            (2, 4, Fault::Shape),
            (2, 0, Fault::Shape),
            (5, 2, Fault::Shape),
            (6, 2, Fault::Shape),
            (9, 1 << 31, Fault::Multiplier),
            (10, 31, Fault::Multiplier),
            (11, 128, Fault::Params),
        ] {
            let mut words = WORDS;
            words[at] = word;
            assert_eq!(sound(&words).run(&MEAN).err(), Some(want), "word {at}");
        }
        assert_eq!(sound(&WORDS[..11]).run(&MEAN).err(), Some(Fault::Params));
        let two = Fixture {
            inputs: &[&[1, 2, 3, 4, 5, 6], &[1]],
            ..sound(&WORDS)
        };
        assert_eq!(two.run(&MEAN).err(), Some(Fault::Arity));
    }
}
