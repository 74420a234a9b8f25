//! Depthwise convolutions of one output a channel, straight from the arena.
//!
//! Sixteen channels at a time (or eight): two taps are interleaved, so that each 32 bits hold
//! two 16-bit values of one channel beside its two weights.

use alloc::vec;
use alloc::vec::Vec;
use core::arch::wasm32::{
    i8x16_shuffle, i16x8, i16x8_extend_high_i8x16, i16x8_extend_low_i8x16, i32x4, i32x4_add,
    i32x4_dot_i16x8, i32x4_splat, v128,
};

use super::Area;
use super::conv::Words;
use super::finish::Finish;
use super::vector::{LANES, load, store};
use crate::kernel::window::{Span, Window};
use crate::node::Node;

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

/// A depthwise convolution.
pub(super) struct Depthwise {
    x: Area,
    y: Area,
    window: Window,
    rows: Vec<Span>,
    columns: Vec<Span>,
    starts: Vec<usize>,
    lanes: usize,
    /// Pairs of taps.
    pairs: usize,
    /// Of each start: the biases of its channels, then for each pair of taps their weights;
    /// four vectors each, or two.
    weights: Vec<v128>,
    /// The input's zero point, once a channel.
    nothing: Vec<u8>,
    finish: Finish,
}

impl Depthwise {
    pub(super) fn of(node: &Node<'_>) -> Option<Self> {
        let words = Words::of(node, |w, _| w.rows.kernel * w.columns.kernel)?;
        let (window, &[zero]) = (words.window, words.rest) else {
            return None;
        };
        let (x, y) = (Area::of(&node.input(0)?)?, Area::of(&node.output(0)?)?);
        let channels = window.depth;
        if channels != window.outputs {
            return None;
        }
        let (starts, lanes) = starts(channels)?;
        let taps = window.rows.kernel * window.columns.kernel;
        let weight = |tap: usize, c: usize| {
            if tap < taps {
                i16::from(words.sums.weights[tap * channels + c])
            } else {
                0
            }
        };
        let bias = |c: usize| words.sums.bias[c];
        let pairs = taps.div_ceil(2);
        let mut weights = Vec::new();
        for start in &starts {
            let fours = || (*start..start + lanes).step_by(4);
            weights.extend(fours().map(|c| i32x4(bias(c), bias(c + 1), bias(c + 2), bias(c + 3))));
            for tap in (0..pairs).map(|pair| 2 * pair) {
                weights.extend(fours().map(|c| {
                    let w = |i: usize| (weight(tap, c + i), weight(tap + 1, c + i));
                    let [a, b, c, d] = [w(0), w(1), w(2), w(3)];
                    i16x8(a.0, a.1, b.0, b.1, c.0, c.1, d.0, d.1)
                }));
            }
        }
        Some(Self {
            x,
            y,
            rows: (0..window.rows.outputs)
                .map(|i| window.rows.span(i))
                .collect(),
            columns: (0..window.columns.outputs)
                .map(|i| window.columns.span(i))
                .collect(),
            finish: Finish::at(&words.sums, starts.iter().copied(), false),
            starts,
            lanes,
            pairs,
            weights,
            nothing: vec![zero as u8; channels],
            window,
        })
    }

    pub(super) fn run(&self, arena: &mut [u8]) {
        // One pointer for all that is read and written, for they lie over each other.
        let base = arena.as_mut_ptr();
        let mut taps: Vec<*const u8> = vec![self.nothing.as_ptr(); 2 * self.pairs];
        let (height, width) = (self.rows.len(), self.columns.len());
        let pixels = self.window.batches * height * width;
        for i in 0..pixels {
            let number = if self.window.reversed {
                pixels - 1 - i
            } else {
                i
            };
            let batch = number / (height * width);
            let at = (
                batch,
                self.rows[number / width % height],
                self.columns[number % width],
            );
            self.place(base, at, &mut taps);
            let to = base.wrapping_add(self.y.at + number * self.window.outputs);
            // SAFETY: the check has proven that the taps that meet the picture lie within the
            // input, pixels within the output, and both within the arena; those that don't are
            // as many zero points as there are channels.
            unsafe {
                if self.lanes == LANES {
                    self.pixel::<4>(&taps, to);
                } else {
                    self.pixel::<2>(&taps, to);
                }
            }
        }
    }

    /// Where the first channel of each tap of a pixel lies.
    fn place(
        &self,
        base: *const u8,
        (batch, down, across): (usize, Span, Span),
        taps: &mut [*const u8],
    ) {
        let (rows, columns, depth) = (&self.window.rows, &self.window.columns, self.window.depth);
        let picture = self.x.at + batch * rows.size * columns.size * depth;
        let mut taps = taps.iter_mut();
        for i in 0..rows.kernel {
            let i = i.wrapping_sub(down.first);
            let line = picture
                + (down.at.wrapping_add(i.wrapping_mul(rows.dilation)))
                    .wrapping_mul(columns.size * depth);
            for (j, to) in (0..columns.kernel).zip(&mut taps) {
                let j = j.wrapping_sub(across.first);
                let column = across.at.wrapping_add(j.wrapping_mul(columns.dilation));
                *to = if i < down.count && j < across.count {
                    base.wrapping_add(line + column * depth)
                } else {
                    self.nothing.as_ptr()
                };
            }
        }
    }

    /// One pixel, `4 · QUARTERS` channels at a time.
    ///
    /// # Safety
    /// From each tap and from `to` on there are all channels.
    #[inline(always)]
    unsafe fn pixel<const QUARTERS: usize>(&self, taps: &[*const u8], to: *mut u8) {
        let each = QUARTERS * (self.pairs + 1);
        let blocks = self.weights.chunks_exact(each).zip(&self.starts);
        for (group, (weights, &start)) in blocks.enumerate() {
            let mut sums = [i32x4_splat(0); 4];
            let (bias, weights) = weights.split_at(QUARTERS);
            sums.iter_mut().zip(bias).for_each(|(to, from)| *to = *from);
            let pairs = weights.as_chunks::<QUARTERS>().0;
            for (taps, weights) in taps.as_chunks::<2>().0.iter().zip(pairs) {
                // SAFETY: the caller's; no block ends behind the last channel.
                let [a, b] = taps.map(|tap| unsafe { load::<QUARTERS>(tap.add(start)) });
                let low =
                    i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(a, b);
                let high =
                    i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(
                        a, b,
                    );
                let x = [
                    i16x8_extend_low_i8x16(low),
                    i16x8_extend_high_i8x16(low),
                    i16x8_extend_low_i8x16(high),
                    i16x8_extend_high_i8x16(high),
                ];
                for ((sum, x), w) in sums.iter_mut().zip(x).zip(weights) {
                    *sum = i32x4_add(*sum, i32x4_dot_i16x8(x, *w));
                }
            }
            let result = self.finish.group(sums, group);
            // SAFETY: the caller's; no block ends behind the last channel.
            unsafe { store::<QUARTERS>(to.add(start), result) };
        }
    }
}
