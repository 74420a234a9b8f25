//! SOFTMAX: scores to probabilities along the innermost dimension.
//!
//! # What
//! `y[i] = e^(β·x[i]) / Σ e^(β·x[j])`, in fixed point: differences to the row's
//! largest value in Q5.26, exponentials in Q0.31, their sum in Q12.19, its
//! reciprocal by Newton's method.
//!
//! # Shapes
//! Input and output: the same, `[.., C]`, C from 1 to 4095; each row of C
//! values is one distribution.
//!
//! # Quantisation
//! The output's scale is 1/256 and its zero point −128. The host gives β times
//! the input's scale times 2^26 as a multiplier ≥ 1, and the difference below
//! which an exponential counts as nothing.
//!
//! # Refuses
//! Other counts than one input and one output; other rows in than out; more than
//! 4095 values a row (the sum would overflow); a multiplier below 1.
//!
//! # Source
//! TFLite `kernels/internal/reference/softmax.h`, TFLite Micro
//! `kernels/softmax.cc`. Where more than 511 values of a row are all close to
//! the largest, TFLite shifts by more than 31 bits, which C++ leaves undefined;
//! here the result is what the arithmetic means: 0.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::fixed::{Multiplier, exp_of_negative, high_mul, reciprocal_of_one_plus, rounding_shift};
use crate::node::{Node, rows};

/// See the [module's text](self).
pub static SOFTMAX: Operator = Operator {
    code: 25,
    name: "SOFTMAX",
    types: Types::Signed,
    overlap: Overlap::Never,
    check,
    eval,
};

/// Integer bits of the sum of exponentials.
const SUM_BITS: u32 = 12;
const MAX_DEPTH: usize = (1 << SUM_BITS) - 1;

/// As three words: significand and left shift of β·scale·2^26, and the smallest
/// difference that counts, at most 0.
struct Params {
    multiplier: Multiplier,
    smallest: i32,
}

impl Params {
    fn read(node: &Node<'_>) -> Option<Self> {
        let &[significand, shift, smallest] = node.params()?;
        let multiplier = Multiplier {
            significand: significand as i32,
            shift: shift as i32,
        };
        Some(Self {
            multiplier,
            smallest: smallest as i32,
        })
    }
}

fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    let p = Params::read(node).ok_or(Fault::Params)?;
    // A shift of 31 is a scale so large that only the largest value counts.
    if p.multiplier.significand < 1 << 30 || !(0..=31).contains(&p.multiplier.shift) {
        return Err(Fault::Multiplier);
    }
    // A difference times its left shift must stay within 32 bits.
    let reach = i64::from(p.smallest) << p.multiplier.shift;
    if p.smallest > 0 || reach < i64::from(i32::MIN) {
        return Err(Fault::Params);
    }
    match (node.input(0), node.output(0)) {
        (Some(x), Some(y)) if x.len() == y.len() && x.depth() == y.depth() => {
            let fits = (1..=MAX_DEPTH).contains(&x.depth());
            fits.then_some(()).ok_or(Fault::Shape)
        }
        _ => Err(Fault::Shape),
    }
}

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let (Some(p), Some(x), Some(y)) = (Params::read(node), node.input(0), node.output(0)) else {
        return;
    };
    let depth = x.depth();
    let Some((from, to)) = node.split(arena, &x, &y) else {
        return;
    };
    for (x, y) in rows(from, depth, to, depth) {
        row(&p, x, y);
    }
}

/// One distribution; `x` and `y` have the same length.
fn row(p: &Params, x: &[i8], y: &mut [i8]) {
    let largest = x.iter().copied().max().map_or(0, i32::from);
    let exponential = |value: i8| {
        let difference = i32::from(value) - largest;
        (difference >= p.smallest).then(|| exp_of_negative::<5>(p.multiplier.apply(difference)))
    };
    let sum: i32 = x
        .iter()
        .filter_map(|&v| exponential(v))
        .fold(0, |sum, e| sum.wrapping_add(rounding_shift(e, SUM_BITS)));
    let zeros = sum.leading_zeros();
    // The sum as 2^k · (1 + fraction); its reciprocal is 2^-k · 1/(1 + fraction).
    let fraction = (sum as u32).wrapping_shl(zeros) & 0x7fff_ffff;
    let reciprocal = reciprocal_of_one_plus(fraction as i32);
    let shift = (SUM_BITS + 31 - 8).saturating_sub(zeros);
    for (y, &x) in y.iter_mut().zip(x) {
        let probability =
            exponential(x).map_or(0, |e| rounding_shift(high_mul(reciprocal, e), shift));
        *y = (probability - 128).clamp(-128, 127) as i8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// β·scale = 1/16: 2^22 as a multiplier.
    const P: Params = Params {
        multiplier: Multiplier {
            significand: 1 << 30,
            shift: 23,
        },
        smallest: -248,
    };

    fn run(x: &[i8]) -> [i8; 4] {
        let mut y = [0; 4];
        row(&P, x, &mut y);
        y
    }

    #[test]
    fn equal_scores_share_equally() {
        // 1/4 = 64/256.
        assert_eq!(run(&[5, 5, 5, 5]), [-64; 4]);
        assert_eq!(run(&[-128; 4]), [-64; 4]);
    }

    #[test]
    fn one_large_score_takes_all_and_saturates() {
        // 256/256 does not fit: it saturates at 127.
        assert_eq!(run(&[127, -128, -128, -128]), [127, -128, -128, -128]);
    }

    #[test]
    fn sixteen_steps_are_a_factor_of_e() {
        // e/(e + 3) = 0.4754 = 121.7/256; 1/(e + 3) = 44.8/256.
        assert_eq!(run(&[16, 0, 0, 0]), [-6, -83, -83, -83]);
    }

    #[test]
    fn a_thousand_equal_scores_are_nothing_each() {
        let x = [0i8; 1000];
        let mut y = [1i8; 1000];
        row(&P, &x, &mut y);
        assert_eq!(y, [-128; 1000]);
    }
}
