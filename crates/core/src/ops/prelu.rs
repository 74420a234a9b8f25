//! PRELU: what is below zero is multiplied with a tensor of factors.
//!
//! # What
//! `y = zero_y + multiplier · (x − zero_x)`; where x is below its zero point,
//! `zero_y + multiplier_a · (x − zero_x) · (alpha − zero_alpha)`.
//!
//! # Shapes
//! a, b: any of up to six dimensions that broadcast against each other, aligned at the
//! right; y: what that gives.
//!
//! # Quantisation
//! int8; each tensor has its own scale.
//!
//! # Refuses
//! Other counts than two inputs and one output; a walk through the shapes that leaves an
//! operand or doesn't fill the output; multipliers or zero points out of range.
//!
//! # Source
//! TFLite Micro `kernels/prelu_common.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::fixed::Multiplier;
use crate::kernel::pairs::{self, Finish};
use crate::node::Node;

/// See the [module's text](self).
pub static PRELU: Operator = Operator {
    code: 54,
    name: "PRELU",
    types: Types::Signed,
    overlap: Overlap::InOrder(pairs::reach),
    check,
    eval,
};

/// As seven words: zero points of x and alpha, the multipliers of what is above zero and
/// of what is below, and the output's zero point.
struct Params {
    zeros: [i32; 2],
    above: Multiplier,
    below: Multiplier,
    finish: Finish,
}

fn read(node: &Node<'_>) -> Option<Params> {
    let (_, &[x, alpha, above, above_shift, below, below_shift, zero]) = pairs::params(node)?;
    Some(Params {
        zeros: [x as i32, alpha as i32],
        above: pairs::multiplier(above, above_shift),
        below: pairs::multiplier(below, below_shift),
        finish: Finish::read([zero, -128i32 as u32, 127]),
    })
}

fn check(node: &Node<'_>) -> Result<(), Fault> {
    pairs::check(node)?;
    let p = read(node).ok_or(Fault::Params)?;
    let fits = |&zero: &i32| pairs::is_zero_point(zero as u32);
    if !p.finish.is_sound() || !p.zeros.iter().all(fits) {
        return Err(Fault::Params);
    }
    if p.above.is_valid() && p.below.is_valid() {
        return Ok(());
    }
    Err(Fault::Multiplier)
}

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let Some(p) = read(node) else {
        return;
    };
    let [zero_x, zero_alpha] = p.zeros;
    pairs::rows(node, arena, &mut |row| {
        row.map(|x, alpha| {
            let x = x.wrapping_sub(zero_x);
            let value = if x >= 0 {
                p.above.apply(x)
            } else {
                p.below
                    .apply(x.wrapping_mul(alpha.wrapping_sub(zero_alpha)))
            };
            p.finish.apply(value)
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    /// Above zero times 1, below times alpha / 4; zero points 2, −1 and 5.
    const WORDS: [u32; 11] = {
        let minus = -1i32 as u32;
        [1, 4, 1, 1, 2, minus, 1 << 30, 1, 1 << 30, minus, 5]
    };

    fn sound(params: &[u32]) -> Fixture<'_> {
        Fixture {
            params,
            inputs: &[&[10, 2, -6, -128], &[9, 9, 7, 126]],
            output: (16, 4),
            ..Fixture::default()
        }
    }

    #[test]
    fn both_sides_by_hand() {
        // 8 + 5, 0 + 5, −8 · 8 / 4 + 5, and far below.
        let got = sound(&WORDS).run(&PRELU);
        assert_eq!(got.as_deref(), Ok(&[13, 5, -11, -128][..]));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (at, word, want) in [
            (2, 2, Fault::Shape),
            (4, 200, Fault::Params),
            (5, 128, Fault::Params),
            (6, 7, Fault::Multiplier),
            (9, 40, Fault::Multiplier),
            (10, 128, Fault::Params),
        ] {
            let mut words = WORDS;
            words[at] = word;
            assert_eq!(sound(&words).run(&PRELU).err(), Some(want), "word {at}");
        }
    }
}
