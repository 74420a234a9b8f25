//! DEPTHWISE_CONV_2D: every channel is convolved for itself, into one or more.
//!
//! # What
//! `y[n, r, c, o] = clamp(zero + multiplier[o] · (bias[o] + Σ w[i, j, o] · x[n, r·s + i·d − p, …, o / M]))`
//! over the taps i, j that lie within the picture.
//!
//! # Shapes
//! x `[N, H, W, C]`, w `[1, KH, KW, C · M]`, bias `[C · M]`, y `[N, OH, OW, C · M]`.
//!
//! # Quantisation
//! As CONV_2D. A tap in the padding counts as the input's zero point, which is what the
//! folded bias asks for.
//!
//! # Refuses
//! Other counts than one input and one output; tensors that are no pictures; outputs that
//! are no multiple of the channels; constants outside the data; multipliers out of range;
//! more than 65,535 taps, whose sum could overflow.
//!
//! # Source
//! TFLite `kernels/internal/reference/integer_ops/depthwise_conv.h`, TFLite Micro
//! `kernels/depthwise_conv_common.cc`.

use super::{Operator, Overlap, Reach, Types};
#[cfg(lampyris_kernels)]
use crate::arch::tile;
use crate::error::Fault;
use crate::kernel::window::reach_of;
#[cfg(not(lampyris_kernels))]
use crate::kernel::window::{self, Pixel};
use crate::kernel::windowed::{WORDS, Windowed};
use crate::node::Node;

/// See the [module's text](self).
pub static DEPTHWISE_CONV_2D: Operator = Operator {
    code: 4,
    name: "DEPTHWISE_CONV_2D",
    types: Types::Signed,
    overlap: Overlap::InOrder(reach),
    check,
    eval,
};

/// The most pixels that a kernel may have under way at once.
const TILE: usize = 1;
/// Channels that are summed side by side: as many as there are registers for.
#[cfg(not(lampyris_kernels))]
const LANES: usize = if cfg!(target_pointer_width = "64") || cfg!(target_arch = "wasm32") {
    16
} else {
    4
};

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
        if p.window.outputs.checked_rem(p.window.depth) != Some(0) {
            return Err(Fault::Shape);
        }
        Ok(())
    })
}

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
        let share = p.window.outputs.checked_div(p.window.depth).unwrap_or(0);
        window::run(node, arena, p.window, &mut |pixel, y| {
            let at = Taps { p, pixel };
            if share == 1 {
                at.side_by_side(y);
                return;
            }
            at.spread(share, y);
        });
        Ok(())
    });
}

/// The taps of one output pixel.
#[cfg(not(lampyris_kernels))]
struct Taps<'a> {
    p: &'a Windowed<'a>,
    pixel: &'a Pixel<'a>,
}

#[cfg(not(lampyris_kernels))]
impl Taps<'_> {
    /// y `[C]`, one output a channel.
    fn side_by_side(&self, y: &mut [i8]) {
        let (blocks, rest) = y.as_chunks_mut::<LANES>();
        let mut channel = 0usize;
        for block in blocks {
            self.lanes(channel, channel, block);
            channel = channel.wrapping_add(LANES);
        }
        for one in rest.as_chunks_mut::<1>().0 {
            self.lanes(channel, channel, one);
            channel = channel.wrapping_add(1);
        }
    }

    /// y `[C · M]`, `share` outputs a channel.
    fn spread(&self, share: usize, y: &mut [i8]) {
        let (mut channel, mut left) = (0usize, share);
        for (output, one) in y.as_chunks_mut::<1>().0.iter_mut().enumerate() {
            if left == 0 {
                (channel, left) = (channel.wrapping_add(1), share);
            }
            left = left.wrapping_sub(1);
            self.lanes(channel, output, one);
        }
    }

    /// `L` outputs from `output` on, of the channels from `channel` on.
    #[inline(never)]
    fn lanes<const L: usize>(&self, channel: usize, output: usize, y: &mut [i8; L]) {
        let (window, pixel) = (self.p.window, self.pixel);
        let nothing = [self.p.x_zero as i8; L];
        let step = window.columns.dilation.wrapping_mul(window.depth);
        let mut sums = [0i32; L];
        let mut at = output;
        for row in 0..window.rows.kernel {
            let row = row.wrapping_sub(pixel.down.first);
            let place = pixel.row(row).wrapping_add(channel);
            for tap in 0..window.columns.kernel {
                let tap = tap.wrapping_sub(pixel.across.first);
                let from = place.wrapping_add(tap.wrapping_mul(step));
                let read = row < pixel.down.count && tap < pixel.across.count;
                let x = if read {
                    cut(pixel.x, from)
                } else {
                    Some(&nothing)
                };
                let (Some(x), Some(w)) = (x, cut::<L>(self.p.sums.weights, at)) else {
                    return;
                };
                for ((sum, &x), &w) in sums.iter_mut().zip(x).zip(w) {
                    *sum = sum.wrapping_add(i32::from(x) * i32::from(w));
                }
                at = at.wrapping_add(window.outputs);
            }
        }
        let Some(bias) = self.p.sums.bias.get(output..) else {
            return;
        };
        for (lane, ((y, sum), bias)) in y.iter_mut().zip(sums).zip(bias).enumerate() {
            let o = output.wrapping_add(lane);
            *y = self.p.sums.finish(o, sum.wrapping_add(*bias));
        }
    }
}

#[cfg(not(lampyris_kernels))]
fn cut<const L: usize>(values: &[i8], at: usize) -> Option<&[i8; L]> {
    values.get(at..)?.first_chunk()
}
