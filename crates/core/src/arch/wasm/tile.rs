//! The loops in which a page's network spends its time, for one way of multiplying or another.
//!
//! Nothing here touches a stack or other memory than what it is given, for the loops are also
//! part of a module that has neither (`crates/relaxed`).

use core::arch::wasm32::{i32x4_add, i32x4_splat, v128, v128_load, v128_load32_splat, v128_store};

/// What this file is: a module of kernels and an engine that were made of different ones don't
/// belong together. FNV-1a of its bytes.
pub(super) const VERSION: u32 = {
    let (bytes, mut hash, mut i) = (include_bytes!("tile.rs"), 0x811c_9dc5_u32, 0);
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash
};

/// Pixels that are under way at once.
pub(super) const ROWS: usize = 4;

/// How many numbers a step multiplies in a lane, and how.
pub(super) trait Dot {
    /// `sum + Σ x · w` in each lane.
    fn add(sum: v128, x: v128, w: v128) -> v128;
}

/// Windows of several pixels times a layer's weights. All but counts are addresses, or bytes
/// from one to the next.
///
/// Weights lie in blocks of eight outputs: two vectors of biases, then for each step two of
/// weights, of four outputs each. A step takes 32 bits of a window's line. Sums lie pixel by
/// pixel, eight a block.
#[repr(C)]
pub struct Windows {
    /// The first line of each of four pixels' windows.
    pub pixels: [usize; ROWS],
    /// From one line of a window to the next.
    pub apart: usize,
    /// Lines of a window.
    pub lines: usize,
    /// Steps of a line.
    pub steps: usize,
    /// Blocks of eight outputs.
    pub blocks: usize,
    /// Biases and weights.
    pub weights: usize,
    /// What is written.
    pub sums: usize,
}

/// Each channel of a line of pixels for itself. All but counts are addresses, or bytes from one
/// to the next.
///
/// Of each four channels there are a vector of biases, then for each strip and each tap along
/// it one of weights. A strip holds 32 bits a value: of one channel, those that lie below each
/// other. Sums lie pixel by pixel.
#[repr(C)]
pub struct Channels {
    /// The first strip, at the first tap of the first pixel.
    pub strips: usize,
    /// From one strip to the next.
    pub apart: usize,
    /// Strips.
    pub lines: usize,
    /// Taps along a strip.
    pub taps: usize,
    /// From one tap to the next.
    pub tap: usize,
    /// From one pixel's first tap to the next one's.
    pub pixel: usize,
    /// Pixels.
    pub count: usize,
    /// Fours of channels.
    pub fours: usize,
    /// Biases and weights.
    pub weights: usize,
    /// What is written.
    pub sums: usize,
}

#[inline(always)]
fn vector(at: usize) -> *const v128 {
    at as *const v128
}

/// Sums of four pixels' windows.
///
/// # Safety
/// The addresses are of as much memory as the counts say.
#[inline(always)]
pub(super) unsafe fn four_windows<D: Dot>(job: &Windows) {
    let Windows {
        pixels,
        apart,
        lines,
        steps,
        blocks,
        weights,
        sums,
    } = *job;
    let mut w = vector(weights);
    let width = 2 * blocks;
    for block in 0..blocks {
        // SAFETY: the caller's addresses reach as far as these loops go.
        unsafe {
            let bias = [v128_load(w), v128_load(w.add(1))];
            w = w.add(2);
            let mut all = [bias; ROWS];
            let mut rows = pixels;
            for _ in 0..lines {
                for k in 0..steps {
                    let weights = [v128_load(w), v128_load(w.add(1))];
                    w = w.add(2);
                    for (all, row) in all.iter_mut().zip(rows) {
                        let x = v128_load32_splat((row as *const u32).add(k));
                        all[0] = D::add(all[0], x, weights[0]);
                        all[1] = D::add(all[1], x, weights[1]);
                    }
                }
                rows = rows.map(|row| row + apart);
            }
            let to = (sums as *mut v128).add(2 * block);
            for (i, [a, b]) in all.into_iter().enumerate() {
                v128_store(to.add(i * width), a);
                v128_store(to.add(i * width + 1), b);
            }
        }
    }
}

/// Sums of the first pixel's window; several sums an output are under way at once, so that none
/// waits for the last.
///
/// # Safety
/// The addresses are of as much memory as the counts say.
#[inline(always)]
pub(super) unsafe fn one_window<D: Dot>(job: &Windows) {
    const APART: usize = 4;
    let mut w = vector(job.weights);
    let (zero, steps) = (i32x4_splat(0), job.steps);
    for block in 0..job.blocks {
        // SAFETY: the caller's addresses reach as far as these loops go.
        unsafe {
            let mut all = [[zero; 2]; APART];
            all[0] = [v128_load(w), v128_load(w.add(1))];
            w = w.add(2);
            let mut row = job.pixels[0];
            for _ in 0..job.lines {
                let x = row as *const u32;
                let together = steps - steps % APART;
                let mut k = 0;
                while k < together {
                    for (i, all) in all.iter_mut().enumerate() {
                        let x = v128_load32_splat(x.add(k + i));
                        all[0] = D::add(all[0], x, v128_load(w.add(2 * i)));
                        all[1] = D::add(all[1], x, v128_load(w.add(2 * i + 1)));
                    }
                    w = w.add(2 * APART);
                    k += APART;
                }
                while k < steps {
                    let x = v128_load32_splat(x.add(k));
                    all[0][0] = D::add(all[0][0], x, v128_load(w));
                    all[0][1] = D::add(all[0][1], x, v128_load(w.add(1)));
                    w = w.add(2);
                    k += 1;
                }
                row += job.apart;
            }
            let to = (job.sums as *mut v128).add(2 * block);
            for half in 0..2 {
                let [a, b, c, d] = [0, 1, 2, 3].map(|i: usize| all[i][half]);
                v128_store(to.add(half), i32x4_add(i32x4_add(a, b), i32x4_add(c, d)));
            }
        }
    }
}

/// Sums of a line of pixels, channel by channel.
///
/// # Safety
/// The addresses are of as much memory as the counts say.
#[inline(always)]
pub(super) unsafe fn channels<D: Dot>(job: &Channels) {
    let mut w = vector(job.weights);
    let weights = 1 + job.lines * job.taps;
    let three = job.taps == 3 && job.pixel == job.tap;
    for four in 0..job.fours {
        let (mut strip, mut to) = (
            job.strips + four * size_of::<v128>(),
            (job.sums as *mut v128).wrapping_add(four),
        );
        let mut left = job.count;
        // SAFETY: the caller's addresses reach as far as these loops go.
        unsafe {
            while left >= ROWS {
                let all = if three {
                    three_taps::<D>(job, strip, w)
                } else {
                    any_taps::<D, ROWS>(job, strip, w)
                };
                for sum in all {
                    v128_store(to, sum);
                    to = to.wrapping_add(job.fours);
                }
                strip += ROWS * job.pixel;
                left -= ROWS;
            }
            while left > 0 {
                let [sum] = any_taps::<D, 1>(job, strip, w);
                v128_store(to, sum);
                to = to.wrapping_add(job.fours);
                strip += job.pixel;
                left -= 1;
            }
        }
        w = w.wrapping_add(weights);
    }
}

/// Four pixels that lie side by side, as do the three taps of each: what one reads, so does the
/// next.
///
/// # Safety
/// See [`channels`].
#[inline(always)]
unsafe fn three_taps<D: Dot>(job: &Channels, mut strip: usize, w: *const v128) -> [v128; ROWS] {
    // SAFETY: the caller's.
    unsafe {
        let mut all = [v128_load(w); ROWS];
        let mut w = w.add(1);
        for _ in 0..job.lines {
            let [a, b, c] = [0, 1, 2].map(|i| v128_load(w.add(i)));
            let x = [0, 1, 2, 3, 4, 5].map(|i| v128_load(vector(strip + i * job.tap)));
            for (i, sum) in all.iter_mut().enumerate() {
                *sum = D::add(D::add(D::add(*sum, x[i], a), x[i + 1], b), x[i + 2], c);
            }
            w = w.add(3);
            strip += job.apart;
        }
        all
    }
}

/// # Safety
/// See [`channels`].
#[inline(always)]
unsafe fn any_taps<D: Dot, const N: usize>(
    job: &Channels,
    mut strip: usize,
    w: *const v128,
) -> [v128; N] {
    // SAFETY: the caller's.
    unsafe {
        let mut all = [v128_load(w); N];
        let mut w = w.add(1);
        for _ in 0..job.lines {
            let mut at = strip;
            for _ in 0..job.taps {
                let weights = v128_load(w);
                for (i, sum) in all.iter_mut().enumerate() {
                    *sum = D::add(*sum, v128_load(vector(at + i * job.pixel)), weights);
                }
                w = w.add(1);
                at += job.tap;
            }
            strip += job.apart;
        }
        all
    }
}
