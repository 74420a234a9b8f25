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

use super::{Operator, Overlap, Reach, Types};
#[cfg(lampyris_kernels)]
use crate::arch::tile;
use crate::error::Fault;
#[cfg(not(lampyris_kernels))]
use crate::kernel::weighted::dot;
use crate::kernel::weighted::{self, Weighted};
use crate::node::Node;

/// See the [module's text](self).
pub static FULLY_CONNECTED: Operator = Operator {
    code: 9,
    name: "FULLY_CONNECTED",
    types: Types::Signed,
    overlap: Overlap::InOrder(reach),
    check,
    eval,
};

const MAX_INPUTS: usize = 0xffff;

/// I and O, then the weights' words.
struct Params<'a> {
    inputs: usize,
    outputs: usize,
    sums: &'a Weighted<'a>,
}

impl Params<'_> {
    /// Hands them to `then`: built in place, for a chip copies what is returned.
    #[inline(never)]
    fn read(
        node: &Node<'_>,
        then: &mut dyn FnMut(&Params<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let words: &[u32; 2 + weighted::WORDS] = node.params().ok_or(Fault::Params)?;
        let (&[i, o], sums) = words.split_first_chunk().ok_or(Fault::Params)?;
        let (inputs, outputs) = (i as usize, o as usize);
        let sums = sums.first_chunk().ok_or(Fault::Params)?;
        let weights = inputs.checked_mul(outputs);
        let Some(ref sums) = Weighted::read(node, sums, weights, outputs) else {
            return Err(Fault::Constant);
        };
        then(&Params {
            inputs,
            outputs,
            sums,
        })
    }
}

/// A row is written when all of it has been read.
fn reach(node: &Node<'_>, input: usize) -> Option<Reach> {
    let &[i, o] = node.words().first_chunk()?;
    let (i, o) = (i as usize, o as usize);
    let rows = node.input(0)?.len().checked_div(i)?;
    // Of row r, written up to (r + 1) · O and read from r · I: the first or the last.
    let last = rows
        .saturating_mul(o)
        .saturating_sub(rows.saturating_sub(1).saturating_mul(i));
    (input == 0).then_some(Reach::before(o.max(last)))
}

fn check(node: &Node<'_>) -> Result<(), Fault> {
    let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
        return Err(Fault::Arity);
    };
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    Params::read(node, &mut |p| {
        p.sums.check()?;
        let rows = x.len().checked_div(p.inputs);
        let all = |n: usize| rows.and_then(|rows| rows.checked_mul(n));
        let whole = all(p.inputs) == Some(x.len()) && all(p.outputs) == Some(y.len());
        if p.inputs > MAX_INPUTS || !whole || y.depth() != p.outputs {
            return Err(Fault::Shape);
        }
        Ok(())
    })
}

#[cfg(lampyris_kernels)]
fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let _ = Params::read(node, &mut |p| {
        tile::dense(node, arena, p.sums, p.inputs);
        Ok(())
    });
}

#[cfg(not(lampyris_kernels))]
fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
        return;
    };
    let _ = Params::read(node, &mut |p| {
        let (mut from, mut to) = (0usize, 0usize);
        while to < y.len() {
            let tile = node.tile(arena, &x, &y, (to, p.outputs, false));
            let (missing, x, y) = tile.ok_or(Fault::Shape)?;
            let start = from.wrapping_sub(missing);
            let x = x.get(start..).and_then(|x| x.get(..p.inputs));
            row(p.sums, x.ok_or(Fault::Shape)?, y);
            from = from.wrapping_add(p.inputs);
            to = to.wrapping_add(p.outputs);
        }
        Ok(())
    });
}

/// One row: x `[I]`, y `[O]`.
#[cfg(not(lampyris_kernels))]
fn row(sums: &Weighted<'_>, x: &[i8], y: &mut [i8]) {
    let mut weights = sums.weights;
    for (o, (y, &bias)) in y.iter_mut().zip(sums.bias).enumerate() {
        let Some(w) = weights.split_off(..x.len()) else {
            return;
        };
        *y = sums.finish(o, dot(w, x).wrapping_add(bias));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_by_hand() {
        // Sums: 1·10 + 2·20 + 6 = 56 and −3·10 + 4·20 − 2 = 48; times 1/4: 14, 12; plus 3.
        let m = [[1 << 30, -1]];
        let sums = Weighted::of(&[1, 2, -3, 4], &[6, -2], &m, (3, -128, 127));
        let mut y = [0; 2];
        row(&sums, &[10, 20], &mut y);
        assert_eq!(y, [17, 15]);
    }

    #[test]
    fn one_multiplier_each() {
        // The same sums, times 1/4 and 1: 14 + 3, 48 + 3.
        let m = [[1 << 30, -1], [1 << 30, 1]];
        let sums = Weighted::of(&[1, 2, -3, 4], &[6, -2], &m, (3, -128, 127));
        let mut y = [0; 2];
        row(&sums, &[10, 20], &mut y);
        assert_eq!(y, [17, 51]);
    }

    #[test]
    fn results_saturate_and_relu_clamps() {
        let m = [[1 << 30, 1]];
        let sums = Weighted::of(&[127, -127], &[0, 0], &m, (3, 3, 127));
        let mut y = [0; 2];
        row(&sums, &[127], &mut y);
        assert_eq!(y, [127, 3]);
    }
}
