//! Pools, straight from the arena, sixteen channels (or eight) at a time.

use alloc::vec::Vec;
use core::arch::wasm32::{
    f32x4_convert_i32x4, f32x4_div, f32x4_splat, i8x16_max, i8x16_min, i8x16_narrow_i16x8,
    i8x16_splat, i16x8_add, i16x8_extend_high_i8x16, i16x8_extend_low_i8x16, i16x8_narrow_i32x4,
    i16x8_splat, i32x4_add, i32x4_extend_high_i16x8, i32x4_extend_low_i16x8, i32x4_shr,
    i32x4_splat, i32x4_sub, i32x4_trunc_sat_f32x4, v128, v128_xor,
};

use super::Area;
use super::vector::{LANES, load, store};
use crate::kernel::window::{self, Span, Window};
use crate::node::Node;
use crate::ops;

/// Fewer channels than these are left to the plain loops.
const FEWEST: usize = 8;

/// Which channels are taken together: as many as a vector has, or half as many; the last ones
/// once more where they are no multiple.
pub(super) fn starts(channels: usize) -> Option<(Vec<usize>, usize)> {
    let lanes = if channels >= LANES { LANES } else { FEWEST };
    let last = channels.checked_sub(lanes)?;
    let mut starts: Vec<usize> = (0..last).step_by(lanes).collect();
    starts.push(last);
    Some((starts, lanes))
}

/// A sum of so many bytes fits 16 bits.
const MOST_TAPS: usize = 256;

/// A pool.
pub(super) struct Pool {
    x: Area,
    y: Area,
    window: Window,
    rows: Vec<Span>,
    columns: Vec<Span>,
    starts: Vec<usize>,
    lanes: usize,
    mean: bool,
    low: v128,
    high: v128,
}

impl Pool {
    pub(super) fn of(node: &Node<'_>) -> Option<Self> {
        let (words, &[low, high]) = node.words().split_first_chunk::<{ window::WORDS }>()? else {
            return None;
        };
        let (x, y) = (node.input(0)?, node.output(0)?);
        let window = Window::read(words, &x, &y);
        let (starts, lanes) = starts(window.depth)?;
        let mean = node.code() == ops::AVERAGE_POOL_2D.code;
        // No pool has taps that are apart.
        let apart = window.rows.dilation != 1 || window.columns.dilation != 1;
        if apart || (mean && window.rows.kernel * window.columns.kernel > MOST_TAPS) {
            return None;
        }
        Some(Self {
            x: Area::of(&x)?,
            y: Area::of(&y)?,
            rows: (0..window.rows.outputs)
                .map(|i| window.rows.span(i))
                .collect(),
            columns: (0..window.columns.outputs)
                .map(|i| window.columns.span(i))
                .collect(),
            window,
            starts,
            lanes,
            mean,
            low: i8x16_splat(low as i8),
            high: i8x16_splat(high as i8),
        })
    }

    #[inline(never)]
    pub(super) fn run(&self, arena: &mut [u8]) {
        // One pointer for all that is read and written, for they lie over each other.
        let base = arena.as_mut_ptr();
        let (height, width) = (self.rows.len(), self.columns.len());
        let pixels = self.window.batches * height * width;
        for i in 0..pixels {
            let number = if self.window.reversed {
                pixels - 1 - i
            } else {
                i
            };
            let at = Taps {
                base: base.wrapping_add(self.x.at),
                batch: number / (height * width),
                down: self.rows[number / width % height],
                across: self.columns[number % width],
            };
            let to = base.wrapping_add(self.y.at + number * self.window.outputs);
            for &start in &self.starts {
                // SAFETY: the check has proven that the taps lie within the input, pixels within
                // the output, and both within the arena; no block ends behind the last channel.
                unsafe {
                    let to = to.add(start);
                    match (self.lanes, self.mean) {
                        (LANES, true) => store::<4>(to, self.clamped(self.mean::<4>(&at, start))),
                        (LANES, false) => store::<4>(to, self.clamped(self.most::<4>(&at, start))),
                        (_, true) => store::<2>(to, self.clamped(self.mean::<2>(&at, start))),
                        (_, false) => store::<2>(to, self.clamped(self.most::<2>(&at, start))),
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn clamped(&self, values: v128) -> v128 {
        i8x16_min(i8x16_max(values, self.low), self.high)
    }

    /// The largest values.
    ///
    /// # Safety
    /// There are as many channels from `start` on.
    #[inline(always)]
    unsafe fn most<const QUARTERS: usize>(&self, at: &Taps, start: usize) -> v128 {
        let mut most = i8x16_splat(-128);
        at.each(&self.window, |tap| {
            // SAFETY: the caller's.
            most = i8x16_max(most, unsafe { load::<QUARTERS>(tap.add(start)) });
        });
        most
    }

    /// The means, to nearest, ties away from zero.
    ///
    /// # Safety
    /// There are as many channels from `start` on.
    #[inline(always)]
    unsafe fn mean<const QUARTERS: usize>(&self, at: &Taps, start: usize) -> v128 {
        let mut sums = [i16x8_splat(0); 2];
        at.each(&self.window, |tap| {
            // SAFETY: the caller's.
            let x = unsafe { load::<QUARTERS>(tap.add(start)) };
            sums[0] = i16x8_add(sums[0], i16x8_extend_low_i8x16(x));
            sums[1] = i16x8_add(sums[1], i16x8_extend_high_i8x16(x));
        });
        let count = (at.down.count * at.across.count) as i32;
        let half = i32x4_splat(count >> 1);
        let mean = |sum: v128| {
            // Away from zero: half of the count more, or less.
            let sign = i32x4_shr(sum, 31);
            let away = i32x4_add(sum, i32x4_sub(v128_xor(half, sign), sign));
            // A quotient of numbers this small is either whole, and then exact, or further
            // from a whole number than f32 rounds.
            let count = f32x4_splat(count as f32);
            i32x4_trunc_sat_f32x4(f32x4_div(f32x4_convert_i32x4(away), count))
        };
        let [low, high] = sums.map(|sum| {
            let (a, b) = (i32x4_extend_low_i16x8(sum), i32x4_extend_high_i16x8(sum));
            i16x8_narrow_i32x4(mean(a), mean(b))
        });
        i8x16_narrow_i16x8(low, high)
    }
}

/// The window of one output pixel.
struct Taps {
    /// The picture.
    base: *const u8,
    batch: usize,
    down: Span,
    across: Span,
}

impl Taps {
    /// Calls `each` with where the first channel of each tap lies.
    #[inline(always)]
    fn each(&self, window: &Window, mut each: impl FnMut(*const u8)) {
        let (depth, width) = (window.depth, window.columns.size);
        let picture = self.batch * window.rows.size * width;
        for i in 0..self.down.count {
            let line = self.down.at + i;
            let first = (picture + line * width + self.across.at) * depth;
            for j in 0..self.across.count {
                each(self.base.wrapping_add(first + j * depth));
            }
        }
    }
}
