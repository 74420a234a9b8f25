//! MUL: the product of two tensors.
//!
//! # What
//! `y = clamp(zero_y + multiplier · (a − zero_a) · (b − zero_b))`
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
//! TFLite Micro `kernels/mul_common.cc`, TFLite `kernels/internal/reference/mul.h`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::fixed::Multiplier;
use crate::kernel::pairs::{self, Finish};
use crate::node::Node;

/// See the [module's text](self).
pub static MUL: Operator = Operator {
    code: 18,
    name: "MUL",
    types: Types::Signed,
    overlap: Overlap::InOrder(pairs::reach),
    check,
    eval,
};

/// As seven words: the operands' zero points, the multiplier, the output's zero point
/// and the ends of the clamp.
struct Params {
    zeros: [i32; 2],
    multiplier: Multiplier,
    finish: Finish,
}

fn read(node: &Node<'_>) -> Option<Params> {
    let (_, &[a, b, significand, shift, zero, low, high]) = pairs::params(node)?;
    Some(Params {
        zeros: [a as i32, b as i32],
        multiplier: pairs::multiplier(significand, shift),
        finish: Finish::read([zero, low, high]),
    })
}

fn check(node: &Node<'_>) -> Result<(), Fault> {
    pairs::check(node)?;
    let p = read(node).ok_or(Fault::Params)?;
    let fits = |&zero: &i32| pairs::is_zero_point(zero as u32);
    if !p.finish.is_sound() || !p.zeros.iter().all(fits) {
        return Err(Fault::Params);
    }
    if p.multiplier.is_valid() {
        return Ok(());
    }
    Err(Fault::Multiplier)
}

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let Some(p) = read(node) else {
        return;
    };
    let [zero_a, zero_b] = p.zeros;
    pairs::rows(node, arena, &mut |row| {
        row.map(|a, b| {
            let product = a.wrapping_sub(zero_a).wrapping_mul(b.wrapping_sub(zero_b));
            p.finish.apply(p.multiplier.apply(product))
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    /// Times 1/4, from zero points 1 and −2 to 3, at most 90.
    const WORDS: [u32; 11] = {
        let (low, minus) = (-128i32 as u32, -1i32 as u32);
        [1, 3, 1, 0, 1, minus - 1, 1 << 30, minus, 3, low, 90]
    };

    fn sound(params: &[u32]) -> Fixture<'_> {
        Fixture {
            params,
            inputs: &[&[3, -1, 127], &[4]],
            output: (16, 3),
            ..Fixture::default()
        }
    }

    #[test]
    fn products_by_hand() {
        // 2 · 6 / 4 + 3, −2 · 6 / 4 + 3, 126 · 6 / 4 + 3.
        let got = sound(&WORDS).run(&MUL);
        assert_eq!(got.as_deref(), Ok(&[6, 0, 90][..]));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (at, word, want) in [
            (2, 2, Fault::Shape),
            (4, 200, Fault::Params),
            (5, 128, Fault::Params),
            (6, 7, Fault::Multiplier),
            (7, 40, Fault::Multiplier),
            (10, 128, Fault::Params),
        ] {
            let mut words = WORDS;
            words[at] = word;
            assert_eq!(sound(&words).run(&MUL).err(), Some(want), "word {at}");
        }
    }
}
