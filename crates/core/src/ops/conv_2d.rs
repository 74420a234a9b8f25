//! CONV_2D: every output pixel is a weighted sum of a window of the picture.
//!
//! # What
//! `y[n, r, c, o] = clamp(zero + multiplier[o] · (bias[o] + Σ w[o, i, j, k] · x[n, r·s + i·d − p, …, k]))`
//! over the taps i, j that lie within the picture.
//!
//! # Shapes
//! x `[N, H, W, C]`, w `[O, KH, KW, C / G]`, bias `[O]`, y `[N, OH, OW, O]`. With G
//! groups, output o sees the channels of group `o / (O / G)` only.
//!
//! # Quantisation
//! Weights are −128..127 with zero point 0; one multiplier for all outputs or one
//! each. The input's zero point is folded into the bias; at the picture's edge, where
//! taps are missing, their share is put back. A fused activation is the clamp.
//!
//! # Refuses
//! Other counts than one input and one output; tensors that are no pictures; groups
//! that don't divide the channels; constants outside the data; multipliers out of
//! range; more than 65,535 taps an output, whose sum could overflow.
//!
//! # Source
//! TFLite `kernels/internal/reference/integer_ops/conv.h`, TFLite Micro
//! `kernels/conv_common.cc`.

use super::{Operator, Overlap, Reach, Types};
#[cfg(lampyris_kernels)]
use crate::arch::tile;
use crate::error::Fault;
#[cfg(not(lampyris_kernels))]
use crate::kernel::weighted::{dot, total};
use crate::kernel::window::reach_of;
#[cfg(not(lampyris_kernels))]
use crate::kernel::window::{self, Pixel};
use crate::kernel::windowed::{self, Windowed};
use crate::node::Node;

/// See the [module's text](self).
pub static CONV_2D: Operator = Operator {
    code: 3,
    name: "CONV_2D",
    types: Types::Signed,
    overlap: Overlap::InOrder(reach),
    check,
    eval,
};

/// The most pixels that a kernel may have under way at once.
const TILE: usize = 4;
const WORDS: usize = windowed::WORDS + 1;

fn reach(node: &Node<'_>, input: usize) -> Option<Reach> {
    let words = node.words().first_chunk()?;
    (input == 0).then(|| reach_of(node, words, TILE)).flatten()
}

fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    read(node, &mut |p| {
        p.check(node)?;
        let divides = |n: usize| n.checked_rem(p.groups) == Some(0);
        if !divides(p.window.depth) || !divides(p.window.outputs) {
            return Err(Fault::Shape);
        }
        Ok(())
    })
}

/// Of one word more: the groups.
fn read(
    node: &Node<'_>,
    then: &mut dyn FnMut(&Windowed<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let words: &[u32; WORDS] = node.params().ok_or(Fault::Params)?;
    Windowed::read(node, words, then)
}

#[cfg(lampyris_kernels)]
fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let _ = read(node, &mut |p| {
        tile::run(node, arena, p);
        Ok(())
    });
}

#[cfg(not(lampyris_kernels))]
fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let _ = read(node, &mut |p| {
        window::run(node, arena, p.window, &mut |at, y| pixel(p, at, y));
        Ok(())
    });
}

/// One pixel: y `[O]`.
#[cfg(not(lampyris_kernels))]
fn pixel(p: &Windowed<'_>, at: &Pixel<'_>, y: &mut [i8]) {
    let (down, across) = (at.down, at.across);
    let inside = down.count == p.window.rows.kernel && across.count == p.window.columns.kernel;
    // Neighbouring taps lie side by side, unless groups or a dilation are between.
    let whole = p.depth == p.window.depth && p.window.columns.dilation == 1;
    let (runs, run) = if whole {
        (1, across.count.wrapping_mul(p.depth))
    } else {
        (across.count, p.depth)
    };
    // Beside the picture there is nothing to read, not even nothing of a row.
    let lines = if across.count == 0 { 0 } else { down.count };
    let step = p.window.columns.dilation.wrapping_mul(p.window.depth);
    let share = y.len().checked_div(p.groups).unwrap_or(0);
    let (mut weights, mut group, mut left) = (p.sums.weights, 0usize, share);
    for (o, (y, &bias)) in y.iter_mut().zip(p.sums.bias).enumerate() {
        if left == 0 {
            (group, left) = (group.wrapping_add(p.depth), share);
        }
        left = left.wrapping_sub(1);
        let Some(w) = weights.split_off(..p.taps) else {
            return;
        };
        let mut sum = bias;
        if !inside {
            sum = sum.wrapping_add(p.x_zero.wrapping_mul(total(w)));
        }
        for row in 0..lines {
            let mut from = at.row(row).wrapping_add(group);
            let mut tap = down
                .first
                .wrapping_add(row)
                .wrapping_mul(p.window.columns.kernel)
                .wrapping_add(across.first)
                .wrapping_mul(p.depth);
            for _ in 0..runs {
                let (Some(w), Some(x)) = (cut(w, tap, run), cut(at.x, from, run)) else {
                    return;
                };
                sum = sum.wrapping_add(dot(w, x));
                if !inside {
                    sum = sum.wrapping_sub(p.x_zero.wrapping_mul(total(w)));
                }
                tap = tap.wrapping_add(p.depth);
                from = from.wrapping_add(step);
            }
        }
        *y = p.sums.finish(o, sum);
    }
}

#[cfg(not(lampyris_kernels))]
fn cut(values: &[i8], at: usize, len: usize) -> Option<&[i8]> {
    values.get(at..)?.get(..len)
}
