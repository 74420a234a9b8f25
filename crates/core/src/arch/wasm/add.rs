//! Sums and differences of two tensors of the same shape.
//!
//! As in [`finish`](super::finish), f32 finds the nearest whole number: of `a · s + b · t`,
//! where s and t are what the operand's and the output's multipliers make together. The law
//! rounds each operand to a whole number of 2^−20 of a common scale, twice, then the sum
//! to that of the output.

use core::arch::wasm32::{
    f32x4_add, f32x4_convert_i32x4, f32x4_mul, f32x4_splat, i16x8_extend_high_i8x16,
    i16x8_extend_low_i8x16, i16x8_splat, i16x8_sub, i32x4_extend_high_i16x8,
    i32x4_extend_low_i16x8, v128,
};

use super::Area;
use super::finish::{Clamp, MOST, any, limit, mask, power, real};
use super::vector::{LANES, bytes, load16, store16};
use crate::kernel::addition::{self, Params};
use crate::node::Node;

/// A sum or a difference.
pub(super) struct Add {
    a: Area,
    b: Area,
    y: Area,
    sign: i32,
    params: Params,
    zeros: [v128; 2],
    scales: [v128; 2],
    limit: v128,
    clamp: Clamp,
}

impl Add {
    /// Of a checked node; none where an operand is broadcast or a constant, where a multiplier
    /// shifts to the left, and where the law's roundings could move a result by a quarter.
    pub(super) fn of(node: &Node<'_>, sign: i32) -> Option<Self> {
        let params = addition::read(node)?;
        let area = |tensor| Area::of(&tensor?);
        let (a, b, y) = (
            area(node.input(0))?,
            area(node.input(1))?,
            area(node.output(0))?,
        );
        let [m, n, last] = params.multipliers();
        let right = [m, n, last].iter().all(|m| m.shift <= 0);
        if !right || a.len != y.len || b.len != y.len {
            return None;
        }
        // Both lie in order: there is one dimension, and neither is broadcast along it.
        if node.words().get(..4) != Some(&[1, y.len as u32, 1, 1]) {
            return None;
        }
        let spare = power(addition::SPARE_BITS as i32);
        let [s, t] = [m, n].map(|m| real(m) * spare * real(last));
        // Each operand is moved by up to 1, both together by up to 2; the sum by up to half,
        // before it is shifted; f32 rounds five times, of up to 255 · (s + t).
        let moved = 2.0 * real(last) + power(last.shift - 1) + 255.0 * (s + t) * power(-21);
        if moved > 0.25 || 255.0 * (s + t) >= MOST {
            return None;
        }
        let (zero, low, high) = params.range();
        Some(Self {
            a,
            b,
            y,
            sign,
            zeros: params.zeros().map(|zero| i16x8_splat(zero as i16)),
            scales: [f32x4_splat(s), f32x4_splat(t * sign as f32)],
            limit: f32x4_splat(limit(moved)),
            clamp: Clamp::new(zero, low, high),
            params,
        })
    }

    pub(super) fn run(&self, arena: &mut [u8]) {
        let mut at = 0;
        while at + LANES <= self.y.len {
            // SAFETY: the check has proven that the operands and the output lie in the arena.
            let [a, b] = [self.a, self.b].map(|x| unsafe { load16(arena, x.at + at) });
            let [p, q, r, s] = self.nearest(a, b);
            let mut result = self.clamp.narrow([p.0, q.0, r.0, s.0]);
            let unsure = [p.1, q.1, r.1, s.1];
            if any(unsure) {
                result = self.exact(arena, at, mask(unsure), result);
            }
            // SAFETY: as above.
            unsafe { store16(arena, self.y.at + at, result) };
            at += LANES;
        }
        for at in at..self.y.len {
            arena[self.y.at + at] = self.one(arena[self.a.at + at], arena[self.b.at + at]);
        }
    }

    /// Sixteen sums from byte `at` on.
    #[inline(always)]
    fn nearest(&self, a: v128, b: v128) -> [(v128, v128); 4] {
        let [a, b] = [
            scaled(a, self.zeros[0], self.scales[0]),
            scaled(b, self.zeros[1], self.scales[1]),
        ];
        [0, 1, 2, 3].map(|i: usize| self.clamp.nearest(f32x4_add(a[i], b[i]), self.limit))
    }

    /// The same with those that are too near to a half as the law has them.
    #[cold]
    #[inline(never)]
    fn exact(&self, arena: &[u8], at: usize, unsure: u32, result: v128) -> v128 {
        let mut result = bytes(result);
        for (lane, to) in result.iter_mut().enumerate() {
            if unsure >> lane & 1 != 0 {
                let at = at + lane;
                *to = self.one(arena[self.a.at + at], arena[self.b.at + at]);
            }
        }
        // SAFETY: the array has sixteen bytes.
        unsafe { load16(&result, 0) }
    }

    fn one(&self, a: u8, b: u8) -> u8 {
        let value = |byte: u8| i32::from(byte as i8);
        self.params.of(value(a), value(b), self.sign) as u8
    }
}

/// Sixteen values, less their zero point, times their scale.
#[inline(always)]
fn scaled(values: v128, zero: v128, scale: v128) -> [v128; 4] {
    let low = i16x8_sub(i16x8_extend_low_i8x16(values), zero);
    let high = i16x8_sub(i16x8_extend_high_i8x16(values), zero);
    [
        i32x4_extend_low_i16x8(low),
        i32x4_extend_high_i16x8(low),
        i32x4_extend_low_i16x8(high),
        i32x4_extend_high_i16x8(high),
    ]
    .map(|x| f32x4_mul(f32x4_convert_i32x4(x), scale))
}
