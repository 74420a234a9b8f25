//! Depthwise convolutions of one output a channel.
//!
//! A line of output pixels at a time: of the lines of the picture that it sees, those that lie
//! below each other are interleaved into strips, so that 32 bits hold two or four values of one
//! channel, beside its weights.

use alloc::vec;
use alloc::vec::Vec;
use core::arch::wasm32::{
    i8x16_shuffle, i8x16_splat, i16x8_extend_high_i8x16, i16x8_extend_low_i8x16, i16x8_shuffle,
    i32x4, v128, v128_store, v128_xor,
};

use super::Area;
use super::conv::{Scratch, Shape, Words};
use super::finish::Finish;
use super::gemm::{kernels, pack};
use super::relaxed::{self, OfChannels, Path};
use super::tile::Channels;
use super::vector::{LANES, load16};
use crate::node::Node;

/// A depthwise convolution.
pub(super) struct Depthwise {
    x: Area,
    y: Area,
    shape: Shape,
    path: Path,
    weights: Vec<v128>,
    /// Strips of a line of pixels.
    strips: usize,
    /// A line of the picture of nothing but the zero point.
    nothing: Vec<u8>,
    finish: Finish,
    kernel: OfChannels,
}

impl Depthwise {
    /// Unless a channel has several outputs, or the channels are no multiple of four.
    pub(super) fn of(node: &Node<'_>) -> Option<Self> {
        let words = Words::of(node, |w| w.rows.kernel * w.columns.kernel)?;
        let (window, &[zero]) = (&words.window, words.rest) else {
            return None;
        };
        let (channels, lines, taps) = (window.depth, window.rows.kernel, window.columns.kernel);
        let shape = Shape::of(window, zero);
        if channels != window.outputs || !channels.is_multiple_of(4) || !shape.fits() {
            return None;
        }
        let path = relaxed::path();
        let each = path.values();
        let strips = lines.div_ceil(each);
        let weights = words.sums.weights;
        let weight = |c: usize, step: usize, i: usize| {
            let line = step / taps * each + i;
            if line < lines {
                weights[(line * taps + step % taps) * channels + c]
            } else {
                0
            }
        };
        let (.., kernel) = kernels(path);
        Some(Self {
            x: Area::of(&node.input(0)?)?,
            y: Area::of(&node.output(0)?)?,
            path,
            weights: pack(path, (words.sums.bias, 4), strips * taps, &weight),
            strips,
            nothing: vec![zero as u8; window.columns.size * channels + LANES],
            finish: Finish::of(&words.sums, lines * taps)?,
            shape,
            kernel,
        })
    }

    pub(super) fn run(&self, arena: &mut [u8], scratch: &mut Scratch) {
        let Shape {
            batches,
            rows,
            columns,
            depth,
            ..
        } = &self.shape;
        // Bytes of a strip; the last sixteen values of one may be written beyond its end, and
        // pixels beside the last four are read.
        let strip = 4 * (Shape::seen(columns, columns.outputs) * depth + LANES);
        scratch.ask(self.strips * strip + 4 * LANES, columns.outputs * depth / 4);
        let turn = |i: usize, n: usize| if self.shape.reversed { n - 1 - i } else { i };
        let job = Channels {
            strips: scratch.values.as_ptr() as usize,
            apart: strip,
            lines: self.strips,
            taps: columns.kernel,
            tap: 4 * columns.dilation * depth,
            pixel: 4 * columns.stride * depth,
            count: columns.outputs,
            fours: depth / 4,
            weights: self.weights.as_ptr() as usize,
            sums: scratch.sums.as_mut_ptr() as usize,
        };
        let line = columns.outputs * depth;
        for batch in (0..*batches).map(|i| turn(i, *batches)) {
            for row in (0..rows.outputs).map(|i| turn(i, rows.outputs)) {
                self.interleave(arena, (batch, row), strip, scratch);
                (self.kernel)(&job);
                let start = self.y.at + (batch * rows.outputs + row) * line;
                let y = &mut arena[start..start + line];
                self.finish.rows(&scratch.sums[..line / 4], depth / 4, y);
            }
        }
    }

    /// Makes the strips of a line of output pixels.
    fn interleave(
        &self,
        arena: &[u8],
        (batch, row): (usize, usize),
        strip: usize,
        scratch: &mut Scratch,
    ) {
        let Shape {
            rows,
            columns,
            depth,
            zero,
            ..
        } = &self.shape;
        let each = self.path.values();
        let wide = Shape::seen(columns, columns.outputs) * depth;
        let left = (columns.pad * depth).min(wide);
        let inner = (columns.size * depth).min(wide - left);
        let zeros = self.word(*zero);
        for number in 0..self.strips {
            let to = scratch
                .values
                .as_mut_ptr()
                .cast::<u8>()
                .wrapping_add(number * strip);
            let fill = |from: usize, to_end: usize| {
                for at in (from..to_end).step_by(4) {
                    // SAFETY: `run` has made room for the strip and four values more.
                    unsafe { v128_store(to.wrapping_add(4 * at).cast(), zeros) };
                }
            };
            fill(0, left);
            let line = |i: usize| {
                let i = number * each + i;
                let at = (row * rows.stride + i * rows.dilation).wrapping_sub(rows.pad);
                if i >= rows.kernel || at >= rows.size {
                    return (self.nothing.as_slice(), 0);
                }
                let from = (batch * rows.size + at) * columns.size * depth;
                (arena, self.x.at + from)
            };
            let lines = [0, 1, 2, 3].map(line);
            // Where there is no fourth line, its weights are 0, whatever is beside them.
            let three = rows.kernel - number * each == 3;
            let to = to.wrapping_add(4 * left).cast();
            // SAFETY: as above, and sixteen values beyond.
            unsafe {
                match self.path {
                    Path::Pairs => pairs([lines[0], lines[1]], inner, to),
                    Path::Signed => quads(lines, three, inner, i8x16_splat(0), to),
                    Path::Unsigned => quads(lines, three, inner, i8x16_splat(-128), to),
                }
            }
            fill(left + inner, wide);
        }
    }

    /// Four words of a strip where there is nothing but the zero point.
    fn word(&self, zero: i8) -> v128 {
        let value = i32::from(zero);
        let word = match self.path {
            Path::Pairs => value & 0xffff | value << 16,
            Path::Signed => i32::from_le_bytes([zero as u8; 4]),
            Path::Unsigned => i32::from_le_bytes([zero as u8 ^ 0x80; 4]),
        };
        i32x4(word, word, word, word)
    }
}

/// Sixteen values of a line; where the arena ends within them, those that are left.
#[inline(always)]
fn sixteen((values, from): (&[u8], usize), at: usize) -> v128 {
    let at = from + at;
    if at + LANES <= values.len() {
        // SAFETY: just compared with the end.
        return unsafe { load16(values, at) };
    }
    the_end(values, at)
}

#[cold]
#[inline(never)]
fn the_end(values: &[u8], at: usize) -> v128 {
    let mut sixteen = [0; LANES];
    let rest = values.get(at..).unwrap_or(&[]);
    sixteen
        .iter_mut()
        .zip(rest)
        .for_each(|(to, from)| *to = *from);
    // SAFETY: the array is a vector long.
    unsafe { load16(&sixteen, 0) }
}

/// Two lines as pairs of 16-bit numbers.
///
/// # Safety
/// There is room for as many words, and fifteen more.
unsafe fn pairs(lines: [(&[u8], usize); 2], len: usize, mut to: *mut v128) {
    for at in (0..len).step_by(LANES) {
        let [a, b] = lines.map(|line| sixteen(line, at));
        let [a0, b0] = [a, b].map(|x| i16x8_extend_low_i8x16(x));
        let [a1, b1] = [a, b].map(|x| i16x8_extend_high_i8x16(x));
        // SAFETY: the caller's.
        unsafe {
            v128_store(to, i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(a0, b0));
            v128_store(
                to.add(1),
                i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(a0, b0),
            );
            v128_store(to.add(2), i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(a1, b1));
            v128_store(
                to.add(3),
                i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(a1, b1),
            );
            to = to.add(4);
        }
    }
}

/// Four lines as fours of bytes, each changed by `flip`; the fourth is left out where there are
/// but `three`.
///
/// # Safety
/// There is room for as many words, and fifteen more.
#[inline(always)]
unsafe fn quads(
    [a, b, c, d]: [(&[u8], usize); 4],
    three: bool,
    len: usize,
    flip: v128,
    mut to: *mut v128,
) {
    let get = |line, at| v128_xor(sixteen(line, at), flip);
    for at in (0..len).step_by(LANES) {
        let [a, b, c] = [get(a, at), get(b, at), get(c, at)];
        let d = if three { flip } else { get(d, at) };
        for (ab, cd) in [(low(a, b), low(c, d)), (high(a, b), high(c, d))] {
            // SAFETY: the caller's.
            unsafe {
                v128_store(to, i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(ab, cd));
                v128_store(
                    to.add(1),
                    i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(ab, cd),
                );
                to = to.add(2);
            }
        }
    }
}

#[inline(always)]
fn low(a: v128, b: v128) -> v128 {
    i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(a, b)
}

#[inline(always)]
fn high(a: v128, b: v128) -> v128 {
    i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(a, b)
}
