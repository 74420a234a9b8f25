//! TRANSPOSE_CONV: every value of the picture spreads over a window of the output.
//!
//! # What
//! `y[n, r, c, o] = clamp(zero + multiplier[o] · (bias[o] + Σ w[o, i, j, k] · (x[n, (r + p − i) / s, …, k] − zero_x)))`
//! over those i, j for which the divisions leave no rest and the pixel lies within the
//! picture.
//!
//! # Shapes
//! x `[N, H, W, C]`, w `[O, KH, KW, C]`, bias `[O]`, y `[N, OH, OW, O]`.
//!
//! # Quantisation
//! Weights are −128..127 with zero point 0; one multiplier for all outputs or one each.
//! Which taps meet the picture differs from output to output, so the input's zero point is
//! taken off here and not folded into the bias.
//!
//! # Refuses
//! Other counts than one input and one output; tensors that are no pictures; constants
//! outside the data; multipliers out of range; more than 65,535 taps an output.
//!
//! # Source
//! TFLite `kernels/internal/reference/integer_ops/transpose_conv.h`, TFLite Micro
//! `kernels/transpose_conv.cc`. There x is spread into a buffer of sums; here each output
//! gathers what it gets, which adds the same terms and needs no buffer.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::weighted::{self, Weighted, dot, total};
use crate::node::Node;

/// See the [module's text](self).
pub static TRANSPOSE_CONV: Operator = Operator {
    code: 67,
    name: "TRANSPOSE_CONV",
    types: Types::Signed,
    overlap: Overlap::Never,
    check,
    eval,
};

const MAX_TAPS: usize = 0xffff;
/// Positions stay below this, so that no sum of them overflows.
const LIMIT: usize = 1 << 30;

/// One direction.
#[derive(Clone, Copy)]
struct Axis {
    size: usize,
    outputs: usize,
    kernel: usize,
    stride: usize,
    pad: usize,
}

impl Axis {
    /// Calls `each` with every tap that meets the picture, and where.
    fn taps(&self, output: usize, mut each: impl FnMut(usize, usize)) {
        let shifted = output.wrapping_add(self.pad);
        let first = shifted.checked_rem(self.stride).unwrap_or(0);
        let mut at = shifted.checked_div(self.stride).unwrap_or(0);
        let mut tap = first;
        while tap < self.kernel {
            if at < self.size {
                each(tap, at);
            }
            let Some(before) = at.checked_sub(1) else {
                return;
            };
            at = before;
            tap = tap.wrapping_add(self.stride);
        }
    }

    fn is_sound(&self) -> bool {
        let small = |n: usize| n < LIMIT;
        let steps = self.kernel > 0 && self.stride > 0;
        steps
            && [self.size, self.outputs, self.kernel, self.stride, self.pad].map(small) == [true; 5]
    }
}

/// Kernel, stride, padding, each in y and in x; the weights' words; the input's zero point.
struct Params<'a> {
    rows: Axis,
    columns: Axis,
    /// Channels of the picture.
    depth: usize,
    outputs: usize,
    batches: usize,
    /// Weights of an output.
    taps: usize,
    sums: Weighted<'a>,
    x_zero: i32,
}

impl<'a> Params<'a> {
    fn read(node: &Node<'a>) -> Result<Self, Fault> {
        let words: &[u32; 7 + weighted::WORDS] = node.params().ok_or(Fault::Params)?;
        let (&[ky, kx, sy, sx, py, px, x_zero], sums) =
            words.split_first_chunk().ok_or(Fault::Params)?;
        let sums = sums.first_chunk().ok_or(Fault::Params)?;
        let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
            return Err(Fault::Shape);
        };
        let axis = |size, outputs, [kernel, stride, pad]: [u32; 3]| Axis {
            size,
            outputs,
            kernel: kernel as usize,
            stride: stride as usize,
            pad: pad as usize,
        };
        let ([batches, h, w, depth], [_, oh, ow, outputs]) = (x.dims(), y.dims());
        let rows = axis(h, oh, [ky, sy, py]);
        let columns = axis(w, ow, [kx, sx, px]);
        let area = rows.kernel.checked_mul(columns.kernel);
        let taps = area.and_then(|area| area.checked_mul(depth));
        let weights = taps.and_then(|taps| taps.checked_mul(outputs));
        Ok(Self {
            sums: Weighted::read(node, sums, weights, outputs).ok_or(Fault::Constant)?,
            taps: taps.ok_or(Fault::Shape)?,
            x_zero: x_zero as i32,
            rows,
            columns,
            depth,
            outputs,
            batches,
        })
    }
}

fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    let p = Params::read(node)?;
    p.sums.check()?;
    if !(-128..=127).contains(&p.x_zero) {
        return Err(Fault::Params);
    }
    let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
        return Err(Fault::Shape);
    };
    let pictures = x.rank() == 4 && y.rank() == 4 && x.dims()[0] == y.dims()[0];
    let sound = p.rows.is_sound() && p.columns.is_sound();
    if !pictures || !sound || !(1..=MAX_TAPS).contains(&p.taps) {
        return Err(Fault::Shape);
    }
    Ok(())
}

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let (Ok(p), Some(x), Some(y)) = (Params::read(node), node.input(0), node.output(0)) else {
        return;
    };
    let Some((x, mut y)) = node.split(arena, &x, &y) else {
        return;
    };
    let mut batch = 0usize;
    for _ in 0..p.batches {
        for row in 0..p.rows.outputs {
            for column in 0..p.columns.outputs {
                let Some(pixel) = y.split_off_mut(..p.outputs) else {
                    return;
                };
                gather(&p, x.get(batch..).unwrap_or(&[]), (row, column), pixel);
            }
        }
        let area = p.rows.size.wrapping_mul(p.columns.size);
        batch = batch.wrapping_add(area.wrapping_mul(p.depth));
    }
}

/// One pixel: y `[O]`.
fn gather(p: &Params<'_>, x: &[i8], (row, column): (usize, usize), y: &mut [i8]) {
    let mut weights = p.sums.weights;
    for (o, (y, &bias)) in y.iter_mut().zip(p.sums.bias).enumerate() {
        let Some(w) = weights.split_off(..p.taps) else {
            return;
        };
        let mut sum = bias;
        p.rows.taps(row, |i, r| {
            p.columns.taps(column, |j, c| {
                let tap = i.wrapping_mul(p.columns.kernel).wrapping_add(j);
                let pixel = r.wrapping_mul(p.columns.size).wrapping_add(c);
                let w = cut(w, tap.wrapping_mul(p.depth), p.depth);
                let x = cut(x, pixel.wrapping_mul(p.depth), p.depth);
                let share = dot(w, x).wrapping_sub(p.x_zero.wrapping_mul(total(w)));
                sum = sum.wrapping_add(share);
            });
        });
        *y = p.sums.finish(o, sum);
    }
}

fn cut(values: &[i8], at: usize, len: usize) -> &[i8] {
    let cut = values.get(at..).and_then(|values| values.get(..len));
    cut.unwrap_or(&[])
}
