//! FULLY_CONNECTED: every output is a weighted sum of all inputs.
//!
//! # What
//! `y[n, o] = clamp(zero + multiplier · (bias[o] + Σ w[o, i] · x[n, i]))`
//!
//! # Shapes
//! x `[N, I]` in any rank, w `[O, I]`, bias `[O]`, y `[N, O]` in any rank with O
//! innermost. I is at most 65,535, so that the sum fits 32 bits.
//!
//! # Quantisation
//! Weights are −128..127 with zero point 0; one multiplier for all outputs or
//! one each. The host has folded the input's zero point into the bias
//! (`bias[o] − zero_x · Σ w[o, i]`), which changes no result: sums wrap at 32
//! bits, and there addition is exact. A fused activation is the range that the
//! result is clamped to.
//!
//! # Refuses
//! Other counts than one input and one output; shapes that don't fit; constants
//! outside the data; multipliers out of range; an empty or too wide clamp.
//!
//! # Source
//! TFLite `kernels/internal/reference/integer_ops/fully_connected.h`, TFLite
//! Micro `kernels/fully_connected.cc`.

use super::Operator;
use crate::error::Fault;
use crate::fixed::Multiplier;
use crate::node::{Node, rows, split};

/// See the [module's text](self).
pub static FULLY_CONNECTED: Operator = Operator {
    code: 9,
    name: "FULLY_CONNECTED",
    copies: false,
    check,
    eval,
};

const MAX_INPUTS: usize = 0xffff;

/// As nine words: I, O, the places of weights, bias and multipliers in the
/// data, how many multipliers there are (1 or O), the output's zero point, and
/// the clamp's ends. A multiplier is two words: significand, shift.
struct Params<'a> {
    inputs: usize,
    outputs: usize,
    weights: &'a [i8],
    bias: &'a [i32],
    multipliers: &'a [[i32; 2]],
    zero: i32,
    low: i32,
    high: i32,
}

impl<'a> Params<'a> {
    fn read(node: &Node<'a>) -> Result<Self, Fault> {
        let &[
            i,
            o,
            weights_at,
            bias_at,
            multipliers_at,
            multipliers,
            zero,
            low,
            high,
        ] = node.params().ok_or(Fault::Params)?;
        let (inputs, outputs) = (i as usize, o as usize);
        let weights = inputs
            .checked_mul(outputs)
            .and_then(|len| node.constant_i8(weights_at, len));
        let multipliers = (multipliers as usize)
            .checked_mul(2)
            .and_then(|len| node.constant_i32(multipliers_at, len));
        Ok(Self {
            inputs,
            outputs,
            weights: weights.ok_or(Fault::Constant)?,
            bias: node.constant_i32(bias_at, outputs).ok_or(Fault::Constant)?,
            multipliers: multipliers.ok_or(Fault::Constant)?.as_chunks().0,
            zero: zero as i32,
            low: low as i32,
            high: high as i32,
        })
    }
}

fn multiplier(&[significand, shift]: &[i32; 2]) -> Multiplier {
    Multiplier { significand, shift }
}

fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    let p = Params::read(node)?;
    let range = -128..=127;
    let clamp_fits = range.contains(&p.low) && range.contains(&p.high) && p.low <= p.high;
    if !range.contains(&p.zero) || !clamp_fits {
        return Err(Fault::Params);
    }
    let count = p.multipliers.len();
    if (count != 1 && count != p.outputs) || !p.multipliers.iter().all(|m| multiplier(m).is_valid())
    {
        return Err(Fault::Multiplier);
    }
    let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
        return Err(Fault::Shape);
    };
    if !(1..=MAX_INPUTS).contains(&p.inputs) || p.outputs == 0 {
        return Err(Fault::Shape);
    }
    let Some(rows) = x.len.checked_div(p.inputs) else {
        return Err(Fault::Shape);
    };
    if rows.checked_mul(p.inputs) != Some(x.len)
        || rows.checked_mul(p.outputs) != Some(y.len)
        || y.depth() != p.outputs
    {
        return Err(Fault::Shape);
    }
    Ok(())
}

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let (Ok(p), Some(x), Some(y)) = (Params::read(node), node.input(0), node.output(0)) else {
        return;
    };
    let Some((from, to)) = split(arena, &x, &y) else {
        return;
    };
    for (x, y) in rows(from, p.inputs, to, p.outputs) {
        row(&p, x, y);
    }
}

/// One row: x `[I]`, y `[O]`.
fn row(p: &Params<'_>, x: &[i8], y: &mut [i8]) {
    let mut weights = p.weights;
    // One multiplier serves all outputs when there is only one.
    let multipliers = p.multipliers.iter().cycle();
    for ((y, &bias), m) in y.iter_mut().zip(p.bias).zip(multipliers) {
        let Some(w) = weights.split_off(..p.inputs) else {
            return;
        };
        let sum = dot(w, x).wrapping_add(bias);
        let value = multiplier(m).apply(sum).wrapping_add(p.zero);
        *y = value.max(p.low).min(p.high) as i8;
    }
}

/// Σ a·b, wrapping.
fn dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).fold(0i32, |sum, (&a, &b)| {
        sum.wrapping_add(i32::from(a) * i32::from(b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params<'a>(
        weights: &'a [i8],
        bias: &'a [i32],
        multipliers: &'a [[i32; 2]],
        low: i32,
    ) -> Params<'a> {
        Params {
            inputs: weights.len() / bias.len(),
            outputs: bias.len(),
            weights,
            bias,
            multipliers,
            zero: 3,
            low,
            high: 127,
        }
    }

    #[test]
    fn two_units_by_hand() {
        // Sums: 1·10 + 2·20 + 6 = 56 and −3·10 + 4·20 − 2 = 48; times 1/4: 14, 12; plus 3.
        let m = [[1 << 30, -1]];
        let p = params(&[1, 2, -3, 4], &[6, -2], &m, -128);
        let mut y = [0; 2];
        row(&p, &[10, 20], &mut y);
        assert_eq!(y, [17, 15]);
    }

    #[test]
    fn one_multiplier_each() {
        // The same sums, times 1/4 and 1: 14 + 3, 48 + 3.
        let m = [[1 << 30, -1], [1 << 30, 1]];
        let p = params(&[1, 2, -3, 4], &[6, -2], &m, -128);
        let mut y = [0; 2];
        row(&p, &[10, 20], &mut y);
        assert_eq!(y, [17, 51]);
    }

    #[test]
    fn results_saturate_and_relu_clamps() {
        let m = [[1 << 30, 1]];
        let p = params(&[127, -127], &[0, 0], &m, 3);
        let mut y = [0; 2];
        row(&p, &[127], &mut y);
        assert_eq!(y, [127, 3]);
    }
}
