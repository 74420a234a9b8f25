//! Sums of products: rows of gathered values times a layer's weights.
//!
//! Weights lie in blocks of eight outputs. A step of a block is two vectors, of four outputs
//! each: of one output two weights of 16 bits, or four of 8 bits, side by side in 32 bits. A
//! row of values has these very pairs or fours, so that a step loads 32 bits of it into all
//! lanes, multiplies, and adds: no sum across lanes is ever needed.

use alloc::vec::Vec;
use core::arch::wasm32::{i32x4, i32x4_add, i32x4_dot_i16x8, v128};

use super::relaxed::{self, Path, Tile};
use super::tile::{Dot, ROWS, four_rows, one_row};
use crate::kernel::weighted::Weighted;

/// Outputs of a block.
const BLOCK: usize = 8;

/// Two numbers of 16 bits.
struct Pairs;

impl Dot for Pairs {
    #[inline(always)]
    fn add(sum: v128, x: v128, w: v128) -> v128 {
        i32x4_add(sum, i32x4_dot_i16x8(x, w))
    }
}

extern "C" fn pairs_of_four(
    x: usize,
    stride: usize,
    w: usize,
    sums: usize,
    steps: usize,
    blocks: usize,
) {
    // SAFETY: as this function's own caller promises.
    unsafe { four_rows::<Pairs>(x, stride, w, sums, steps, blocks) }
}

extern "C" fn pairs_of_one(
    x: usize,
    stride: usize,
    w: usize,
    sums: usize,
    steps: usize,
    blocks: usize,
) {
    // SAFETY: as this function's own caller promises.
    unsafe { one_row::<Pairs>(x, stride, w, sums, steps, blocks) }
}

/// Weights of a layer, rearranged.
pub(super) struct Packed {
    path: Path,
    /// Of each block: its biases, then its steps.
    data: Vec<v128>,
    /// 32-bit words of a row.
    pub(super) steps: usize,
    blocks: usize,
}

impl Packed {
    /// `weight(o, k)` for each output and place of a row; `depth` places.
    pub(super) fn of(
        sums: &Weighted<'_>,
        depth: usize,
        weight: &dyn Fn(usize, usize) -> i8,
    ) -> Self {
        let path = relaxed::path();
        let (outputs, each) = (sums.bias.len(), path.values());
        let (steps, blocks) = (depth.div_ceil(each), outputs.div_ceil(BLOCK));
        let at = |o: usize, k: usize| {
            if o < outputs && k < depth {
                weight(o, k)
            } else {
                0
            }
        };
        let bias = |o: usize| {
            let bias = sums.bias.get(o).copied().unwrap_or(0);
            // What is gathered is 128 more than it should be.
            let more = || (0..depth).fold(0i32, |sum, k| sum.wrapping_add(at(o, k).into()));
            match path {
                Path::Unsigned => bias.wrapping_sub(more().wrapping_mul(128)),
                Path::Pairs | Path::Signed => bias,
            }
        };
        let step = |o: usize, step: usize| {
            let first = step * each;
            let part = |k: usize| i32::from(at(o, first + k));
            match path {
                Path::Pairs => part(0) & 0xffff | part(1) << 16,
                _ => i32::from_le_bytes([0, 1, 2, 3].map(|k| part(k) as u8)),
            }
        };
        let four = |of: &dyn Fn(usize) -> i32| i32x4(of(0), of(1), of(2), of(3));
        let mut data = Vec::with_capacity(blocks * 2 * (steps + 1));
        for first in (0..blocks).map(|block| block * BLOCK) {
            data.extend([0, 4].map(|half| four(&|o| bias(first + half + o))));
            for k in 0..steps {
                data.extend([0, 4].map(|half| four(&|o| step(first + half + o, k))));
            }
        }
        Self {
            path,
            data,
            steps,
            blocks,
        }
    }

    pub(super) fn path(&self) -> Path {
        self.path
    }

    /// Vectors of sums that a row becomes.
    pub(super) fn width(&self) -> usize {
        2 * self.blocks
    }

    /// Sums of the first `rows` rows of `x`, each `stride` vectors long and beginning with
    /// `steps` words, to as many rows of `sums`.
    pub(super) fn multiply(&self, x: &[v128], stride: usize, rows: usize, sums: &mut [v128]) {
        let (four, one): (Tile, Tile) = match self.path {
            Path::Pairs => (pairs_of_four, pairs_of_one),
            _ => relaxed::tiles(),
        };
        let (w, step) = (self.data.as_ptr() as usize, size_of::<v128>());
        let room = |rows: usize| x.len() >= rows * stride && sums.len() >= rows * self.width();
        let x = x.as_ptr() as usize;
        debug_assert!(
            4 * stride >= self.steps && self.data.len() == self.width() * (self.steps + 1)
        );
        if rows > 1 && room(ROWS) {
            // Rows beyond the last one give sums that nobody asks for.
            let sums = sums.as_mut_ptr() as usize;
            four(x, stride * step, w, sums, self.steps, self.blocks);
        } else if rows == 1 && room(1) {
            let sums = sums.as_mut_ptr() as usize;
            one(x, stride * step, w, sums, self.steps, self.blocks);
        }
    }
}
