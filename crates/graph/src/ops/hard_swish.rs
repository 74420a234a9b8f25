//! HARD_SWISH: see the engine's file of the same name.

use super::{Data, Lowered, View, table};
use crate::GraphError;

/// Bits that values gain on the way: they are computed as 16-bit numbers.
const HIGH_BITS: u32 = 7;
/// What ±3 is as a 16-bit number.
const THREE: f32 = 3.0 / 32768.0;

pub(crate) fn lower(view: &View<'_>, data: &mut Data) -> Result<Lowered, GraphError> {
    let ((x_scale, x_zero), (y_scale, y_zero)) = table::scales(view)?;
    // In single precision, as TFLite Micro's `HardSwishPrepare`.
    let fine = x_scale / (1u32 << HIGH_BITS) as f32;
    let to_y = view.multiplier(f64::from(fine / y_scale))?;
    if to_y.shift > 0 {
        return Err(view.error(format!(
            "the input's scale {x_scale:e} is 128 or more times the output's {y_scale:e}"
        )));
    }
    let to_relu = view.multiplier(f64::from(fine / THREE))?;
    let factors = Factors {
        to_y: (half_word(to_y.significand), to_y.shift),
        to_relu: (half_word(to_relu.significand), to_relu.shift),
    };
    table::lower(view, data, &lampyris_core::ops::HARD_SWISH, |x| {
        i32::from(factors.hard_swish(x - x_zero)) + y_zero
    })
}

/// To the output, and to where ±3 fills 16 bits: significands in Q0.15, and shifts.
struct Factors {
    to_y: (i16, i32),
    to_relu: (i16, i32),
}

impl Factors {
    /// Source: TFLite Micro `kernels/hard_swish_common.cc`.
    fn hard_swish(&self, x: i32) -> i16 {
        let x = (x << HIGH_BITS) as i16;
        let scaled = high_mul(x, self.to_y.0);
        let (significand, shift) = self.to_relu;
        // Shifted before and after the product, so that it saturates where it must and
        // keeps the bit that it can.
        let mut relu = x;
        if shift > 0 {
            relu = shift_up(relu, shift - 1);
        }
        relu = high_mul(relu, significand);
        if shift > 0 {
            relu = shift_up(relu, 1);
        }
        if shift < 0 {
            relu = shift_down(relu, -shift);
        }
        // From −1..1 to 0..1.
        let relu = (i32::from(relu) + (1 << 15)) >> 1;
        let product = relu * i32::from(scaled) / (1 << 15);
        shift_down(product as i16, -self.to_y.1)
    }
}

/// A significand in Q0.31 as Q0.15.
fn half_word(significand: i32) -> i16 {
    let rounded = (i64::from(significand) + (1 << 15)) >> 16;
    rounded.min(i64::from(i16::MAX)) as i16
}

/// The product of two Q0.15 numbers, to nearest; −1 · −1 saturates.
fn high_mul(a: i16, b: i16) -> i16 {
    if a == i16::MIN && b == i16::MIN {
        return i16::MAX;
    }
    let product = i32::from(a) * i32::from(b);
    let nudge = if product >= 0 { 1 << 14 } else { 1 - (1 << 14) };
    ((product + nudge) / (1 << 15)) as i16
}

/// `x · 2^n`, saturating.
fn shift_up(x: i16, n: i32) -> i16 {
    let wide = i64::from(x) << n.min(40);
    wide.clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i16
}

/// `x / 2^n` to nearest, ties away from zero; for n above 15 TFLite Micro's mask of 16
/// bits is full, and what comes out is the sign.
fn shift_down(x: i16, n: i32) -> i16 {
    if n > 15 {
        return if x < 0 { -1 } else { 1 };
    }
    let x = i32::from(x);
    let mask = (1 << n) - 1;
    let threshold = (mask >> 1) + i32::from(x < 0);
    ((x >> n) + i32::from(x & mask > threshold)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_words_round_and_saturate() {
        assert_eq!(half_word(1 << 30), 1 << 14);
        assert_eq!(half_word((1 << 30) + (1 << 15)), (1 << 14) + 1);
        assert_eq!(half_word(i32::MAX), i16::MAX);
        assert_eq!(high_mul(1 << 14, 3), 2);
        // −1.5 to nearest with ties up, then cut off towards zero: −1.
        assert_eq!(high_mul(1 << 14, -3), -1);
        assert_eq!(high_mul(i16::MIN, i16::MIN), i16::MAX);
    }

    #[test]
    fn shifts_round_ties_away_from_zero() {
        assert_eq!(shift_up(300, 7), i16::MAX);
        assert_eq!(shift_up(-300, 7), i16::MIN);
        assert_eq!((shift_down(5, 1), shift_down(-5, 1)), (3, -3));
        assert_eq!((shift_down(0, 16), shift_down(-9, 16)), (1, -1));
    }

    #[test]
    fn the_middle_third_is_a_parabola() {
        // Input 6/128 a step, output 6/128: x · (x + 3) / 6.
        let scale = 6.0f32 / 128.0;
        let fine = scale / 128.0;
        let m = |real: f32| {
            let m = crate::quantize_multiplier(f64::from(real)).expect("a small factor");
            (half_word(m.significand), m.shift)
        };
        let factors = Factors {
            to_y: m(fine / scale),
            to_relu: m(fine / THREE),
        };
        for x in -128..=127 {
            let real = f64::from(x) * f64::from(scale);
            let want = real * (real + 3.0).clamp(0.0, 6.0) / 6.0 / f64::from(scale);
            let found = factors.hard_swish(x);
            assert!(
                (want - f64::from(found)).abs() <= 1.0,
                "{x}: {want} {found}"
            );
        }
    }
}
