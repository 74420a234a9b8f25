//! Means and sums over the pixels of a picture, straight from the arena, sixteen channels (or
//! eight) at a time.

use alloc::vec::Vec;
use core::arch::wasm32::{
    i16x8_add, i16x8_extend_high_i8x16, i16x8_extend_low_i8x16, i16x8_splat, i32x4_add,
    i32x4_extend_high_i16x8, i32x4_extend_low_i16x8, i32x4_splat, v128,
};

use super::Area;
use super::pool::starts;
use super::vector::{LANES, load, words};
use crate::kernel::total::{self, Params};
use crate::node::Node;

/// A sum of so many bytes fits 16 bits.
const TOGETHER: usize = 256;

/// A mean or a sum.
pub(super) struct Total {
    x: Area,
    y: Area,
    pixels: usize,
    starts: Vec<usize>,
    lanes: usize,
    params: Params,
}

impl Total {
    /// Of a checked node; none unless all but the channels go, and those lie side by side.
    pub(super) fn of(node: &Node<'_>) -> Option<Self> {
        let (x, y) = (Area::of(&node.input(0)?)?, Area::of(&node.output(0)?)?);
        let channels = y.len;
        let pixels = x.len.checked_div(channels)?;
        // A walk over the channels that stay, and one over the pixels that go.
        let [channels_u32, pixels_u32] = [channels as u32, pixels as u32];
        let walks = [1, channels_u32, 1, 0, 1, pixels_u32, channels_u32, 0];
        if node.words().get(..walks.len()) != Some(&walks) {
            return None;
        }
        let (starts, lanes) = starts(channels)?;
        Some(Self {
            x,
            y,
            pixels,
            starts,
            lanes,
            params: total::read(node)?,
        })
    }

    #[inline(never)]
    pub(super) fn run(&self, arena: &mut [u8]) {
        // Sums first: an output may lie over the first pixel.
        let sums: Vec<[i32; LANES]> = self.starts.iter().map(|&at| self.sums(arena, at)).collect();
        for (start, sums) in self.starts.iter().zip(sums) {
            let y = &mut arena[self.y.at + start..][..self.lanes];
            let each = y.iter_mut().zip(sums);
            each.for_each(|(y, sum)| *y = self.params.finish(sum) as u8);
        }
    }

    /// The sums of the channels from `start` on.
    fn sums(&self, arena: &[u8], start: usize) -> [i32; LANES] {
        let (channels, mut all) = (self.y.len, [i32x4_splat(0); 4]);
        let x = arena[self.x.at..][..self.x.len].as_ptr();
        for first in (0..self.pixels).step_by(TOGETHER) {
            let mut both = [i16x8_splat(0); 2];
            for pixel in first..self.pixels.min(first + TOGETHER) {
                let at = x.wrapping_add(pixel * channels + start);
                // SAFETY: the pixel lies within the input, and no block ends behind its last
                // channel.
                let values = unsafe {
                    if self.lanes == LANES {
                        load::<4>(at)
                    } else {
                        load::<2>(at)
                    }
                };
                both[0] = i16x8_add(both[0], i16x8_extend_low_i8x16(values));
                both[1] = i16x8_add(both[1], i16x8_extend_high_i8x16(values));
            }
            let wide: [v128; 4] = [
                i32x4_extend_low_i16x8(both[0]),
                i32x4_extend_high_i16x8(both[0]),
                i32x4_extend_low_i16x8(both[1]),
                i32x4_extend_high_i16x8(both[1]),
            ];
            all.iter_mut()
                .zip(wide)
                .for_each(|(sum, more)| *sum = i32x4_add(*sum, more));
        }
        let mut sums = [0; LANES];
        let each = sums.as_chunks_mut::<4>().0.iter_mut().zip(all);
        each.for_each(|(to, from)| *to = words(from));
        sums
    }
}
