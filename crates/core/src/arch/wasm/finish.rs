//! From sums to bytes.
//!
//! The law rounds twice: a sum times a multiplier to a whole number, and that over a power of
//! two to another. What comes out is the whole number nearest to the real product, unless the
//! product is nearly halfway between two. So f32 computes the product, and where its distance
//! from the nearest whole number says that the law might choose the other, the law is asked.
//!
//! How near is too near: with e the shift, the first rounding moves the result by at most
//! 2^−(e+1), or not at all where e is 0. f32 rounds the sum, the multiplier and their
//! product, each by 2^−24 of their size, which is below 2^−13 where the result is a byte's
//! or next to one: 2^−12 leaves room. Results further away are clamped, and it does not matter
//! what they are, as long as they are no larger than what f32 can round ([`MOST`]).

use alloc::vec::Vec;
use core::arch::wasm32::{
    f32x4, f32x4_abs, f32x4_add, f32x4_convert_i32x4, f32x4_ge, f32x4_mul, f32x4_splat, f32x4_sub,
    i8x16_narrow_i16x8, i16x8_max, i16x8_min, i16x8_narrow_i32x4, i16x8_splat, i32x4_bitmask,
    i32x4_splat, i32x4_sub, v128, v128_any_true, v128_or,
};

use super::vector::{LANES, store16};
use crate::fixed::Multiplier;
use crate::kernel::weighted::Weighted;

/// A number whose ulp is 1: added to one of up to 2^22, it rounds that to a whole number.
const MAGIC: f32 = 12_582_912.0;
/// Below this a product is rounded by adding [`MAGIC`].
pub(super) const MOST: f32 = 2_097_152.0;
/// What f32 may be wrong by, with room.
const ERROR: f32 = 1.0 / 4096.0;

/// The zero point and the clamp.
#[derive(Clone, Copy)]
pub(super) struct Clamp {
    /// What turns the bits of a rounded number into a byte's value.
    bias: v128,
    /// As 16-bit numbers. (Between the two halvings of width also because the compiler takes
    /// these apart into many instructions where they follow each other.)
    low: v128,
    high: v128,
}

impl Clamp {
    pub(super) fn new(zero: i32, low: i32, high: i32) -> Self {
        Self {
            bias: i32x4_splat(MAGIC.to_bits() as i32 - zero),
            low: i16x8_splat(low as i16),
            high: i16x8_splat(high as i16),
        }
    }

    /// The nearest whole numbers, with the zero point; and which lanes are at least `limit`
    /// away from theirs.
    #[inline(always)]
    pub(super) fn nearest(self, real: v128, limit: v128) -> (v128, v128) {
        let shifted = f32x4_add(real, f32x4_splat(MAGIC));
        let whole = f32x4_sub(shifted, f32x4_splat(MAGIC));
        let unsure = f32x4_ge(f32x4_abs(f32x4_sub(real, whole)), limit);
        (i32x4_sub(shifted, self.bias), unsure)
    }

    /// Sixteen results as bytes.
    #[inline(always)]
    pub(super) fn narrow(self, [a, b, c, d]: [v128; 4]) -> v128 {
        let clamped = |a, b| {
            let both = i16x8_narrow_i32x4(a, b);
            i16x8_min(i16x8_max(both, self.low), self.high)
        };
        i8x16_narrow_i16x8(clamped(a, b), clamped(c, d))
    }
}

/// Whether any of sixteen lanes is set.
#[inline(always)]
pub(super) fn any([a, b, c, d]: [v128; 4]) -> bool {
    v128_any_true(v128_or(v128_or(a, b), v128_or(c, d)))
}

/// Which of sixteen lanes are set.
#[inline(always)]
pub(super) fn mask([a, b, c, d]: [v128; 4]) -> u32 {
    let bits = |v, at: u32| u32::from(i32x4_bitmask(v)) << at;
    bits(a, 0) | bits(b, 4) | bits(c, 8) | bits(d, 12)
}

/// How far from the nearest whole number a product may be and still be rounded to it, where
/// the law's first rounding moves it by so much.
pub(super) fn limit(moved: f32) -> f32 {
    0.5 - ERROR - moved
}

/// 2^n as f32, for n of −126 to 127.
pub(super) fn power(n: i32) -> f32 {
    f32::from_bits(((127 + n) as u32) << 23)
}

/// The real number that a multiplier is, to the nearest f32.
pub(super) fn real(m: Multiplier) -> f32 {
    m.significand as f32 * power(m.shift - 31)
}

/// Multipliers of sixteen outputs.
#[derive(Clone, Copy)]
struct Lanes {
    /// The first of them.
    first: usize,
    scale: [v128; 4],
    limit: [v128; 4],
}

/// What a layer's sums become.
pub(super) struct Finish {
    clamp: Clamp,
    zero: i32,
    low: i32,
    high: i32,
    /// One an output.
    multipliers: Vec<Multiplier>,
    /// As many as it takes for outputs and vectors to end together, where the outputs are a
    /// multiple of eight; otherwise those of one row, filled up.
    lanes: Vec<Lanes>,
    /// Whether rows of sums follow each other without a gap.
    flat: bool,
}

impl Finish {
    /// For rows of sums of `depth` products each; none where a product could be too large.
    pub(super) fn of(sums: &Weighted<'_>, depth: usize) -> Option<Self> {
        let outputs = sums.bias.len();
        // No sum is further from 0 than its bias and as many of the largest products.
        let largest = |o: usize| sums.bias[o].unsigned_abs() as f32 + depth as f32 * 16384.0;
        if !(0..outputs).all(|o| largest(o) * real(sums.multiplier(o)) < MOST) {
            return None;
        }
        let (period, flat) = match outputs % LANES {
            0 => (outputs, true),
            8 => (2 * outputs, true),
            _ => (outputs.next_multiple_of(LANES), false),
        };
        let (zero, low, high) = sums.range();
        let multipliers: Vec<Multiplier> = (0..outputs).map(|o| sums.multiplier(o)).collect();
        let one = |o: usize| match multipliers.get(if flat { o % outputs } else { o }) {
            // Rounded to the left first, where the law's rounding is another.
            Some(m) if m.shift > 0 => (real(*m), -1.0),
            Some(m) if m.shift == 0 => (real(*m), limit(0.0)),
            Some(m) => (real(*m), limit(power(m.shift - 1))),
            None => (0.0, 1.0),
        };
        let four = |at: usize| {
            let [a, b, c, d] = [0, 1, 2, 3].map(|i| one(at + i));
            (f32x4(a.0, b.0, c.0, d.0), f32x4(a.1, b.1, c.1, d.1))
        };
        let group = |at: usize| {
            let [a, b, c, d] = [0, 4, 8, 12].map(|i| four(at + i));
            Lanes {
                first: at,
                scale: [a.0, b.0, c.0, d.0],
                limit: [a.1, b.1, c.1, d.1],
            }
        };
        Some(Self {
            clamp: Clamp::new(zero, low, high),
            zero,
            low,
            high,
            lanes: (0..period).step_by(LANES).map(group).collect(),
            multipliers,
            flat,
        })
    }

    /// Rows of sums, `width` vectors each, to the rows of `y`.
    #[inline(never)]
    pub(super) fn rows(&self, sums: &[v128], width: usize, y: &mut [u8]) {
        if self.flat {
            self.row(sums, y);
            return;
        }
        let outputs = self.multipliers.len();
        for (sums, y) in sums.chunks(width).zip(y.chunks_mut(outputs)) {
            self.row(sums, y);
        }
    }

    fn row(&self, sums: &[v128], y: &mut [u8]) {
        let (whole, rest) = y.as_chunks_mut::<LANES>();
        let (sums, more) = sums.split_at((4 * whole.len()).min(sums.len()));
        // Once through all outputs after another; then what is left of them.
        let period = self.lanes.len();
        let mut sums = sums.as_chunks::<4>().0.chunks(period);
        for (y, sums) in whole.chunks_mut(period).zip(&mut sums) {
            for ((y, sums), lanes) in y.iter_mut().zip(sums).zip(&self.lanes) {
                self.group(sums, lanes, y);
            }
        }
        let mut lanes = self
            .lanes
            .get(whole.len() % period.max(1)..)
            .unwrap_or(&[])
            .iter();
        if let Some(lanes) = lanes.next().filter(|_| !rest.is_empty()) {
            let (mut four, mut sixteen) = ([i32x4_splat(0); 4], [0; LANES]);
            four.iter_mut().zip(more).for_each(|(to, from)| *to = *from);
            self.group(&four, lanes, &mut sixteen);
            let each = rest.iter_mut().zip(sixteen);
            each.for_each(|(to, from)| *to = from);
        }
    }

    /// Sixteen sums.
    #[inline(always)]
    fn group(&self, sums: &[v128; 4], lanes: &Lanes, y: &mut [u8; LANES]) {
        let [a, b, c, d] = [0, 1, 2, 3].map(|i: usize| {
            let real = f32x4_mul(f32x4_convert_i32x4(sums[i]), lanes.scale[i]);
            self.clamp.nearest(real, lanes.limit[i])
        });
        // SAFETY: there are sixteen bytes.
        unsafe { store16(y, 0, self.clamp.narrow([a.0, b.0, c.0, d.0])) };
        let unsure = [a.1, b.1, c.1, d.1];
        if any(unsure) {
            self.exact(sums, lanes.first, mask(unsure), y);
        }
    }

    /// Those that are too near to a half, as the law has them.
    #[cold]
    #[inline(never)]
    fn exact(&self, sums: &[v128; 4], first: usize, mut unsure: u32, y: &mut [u8; LANES]) {
        let outputs = self.multipliers.len();
        while unsure != 0 {
            let lane = unsure.trailing_zeros() as usize % LANES;
            unsure &= unsure - 1;
            let mut output = first + lane;
            while output >= outputs {
                output -= outputs;
            }
            // SAFETY: four vectors are sixteen numbers.
            let sum = unsafe { sums.as_ptr().cast::<i32>().add(lane).read() };
            if let Some(m) = self.multipliers.get(output) {
                let value = m.apply(sum).wrapping_add(self.zero);
                y[lane] = value.max(self.low).min(self.high) as u8;
            }
        }
    }
}
