//! Fixed-point arithmetic, equal to TFLite Micro's portable kernels to the last
//! bit: every product is rounded, then every shift is rounded again (*double
//! rounding*; a build of TFLite with single rounding gives other last bits).
//!
//! `Qm.n` is a signed word with m integer bits and n fraction bits. Sources:
//! TFLite `kernels/internal/common.h` (`MultiplyByQuantizedMultiplier`) and
//! gemmlowp `fixedpoint/fixedpoint.h`.

/// A real factor as `significand · 2^(shift − 31)`; the significand is 0 or in `2^30..2^31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiplier {
    /// Q0.31.
    pub significand: i32,
    /// −31 to 30; to the left where positive.
    pub shift: i32,
}

impl Multiplier {
    /// The factor 0.
    pub const ZERO: Self = Self {
        significand: 0,
        shift: 0,
    };

    /// Whether it can be applied: see the fields' ranges.
    pub fn is_valid(self) -> bool {
        (self.significand == 0 || self.significand >= 1 << 30) && (-31..=30).contains(&self.shift)
    }

    /// `x` times the factor, rounded twice: the product to nearest, the shift to
    /// nearest with ties away from zero. The left shift wraps, as on the chip.
    pub fn apply(self, x: i32) -> i32 {
        let left = self.shift.max(0) as u32;
        let right = (-self.shift).max(0) as u32;
        rounding_shift(high_mul(x.wrapping_shl(left), self.significand), right)
    }
}

/// The product of two Q0.31 numbers, to nearest; −1 · −1 saturates.
///
/// `a·b/2^31`, ties towards plus infinity: the same as gemmlowp's nudge by sign
/// and truncation.
#[inline]
pub fn high_mul(a: i32, b: i32) -> i32 {
    if a == i32::MIN && b == i32::MIN {
        return i32::MAX;
    }
    ((i64::from(a) * i64::from(b) + (1 << 30)) >> 31) as i32
}

/// `x / 2^n` to nearest, ties away from zero; 0 for n of 32 and more.
#[inline]
pub fn rounding_shift(x: i32, n: u32) -> i32 {
    if n >= 32 {
        return 0;
    }
    let mask = (1u32.wrapping_shl(n)).wrapping_sub(1) as i32;
    let threshold = (mask >> 1) + i32::from(x < 0);
    x.wrapping_shr(n) + i32::from(x & mask > threshold)
}

/// `x · 2^n`, saturating, for n up to 31.
fn saturating_shl(x: i32, n: u32) -> i32 {
    saturate(i64::from(x) << (n & 31))
}

/// `e^x` for x ≤ 0 of that many integer bits (Q5.26 with 5, Q4.27 with 4), as Q0.31;
/// e^0 is 2^31 − 1.
///
/// A polynomial on (−1/4, 0], then one factor for each bit of what is left.
pub fn exp_of_negative<const INTEGER_BITS: u32>(x: i32) -> i32 {
    const { assert!(INTEGER_BITS <= 5, "larger powers have no factor") };
    let fraction = 31 - INTEGER_BITS;
    let quarter = 1i32 << (fraction - 2);
    /// e^(−1/8), and 1/3, in Q0.31.
    const EXP_MINUS_EIGHTH: i32 = 1_895_147_668;
    const THIRD: i32 = 715_827_883;
    /// e^(−2^k) for k from −2 to 4, in Q0.31.
    const FACTORS: [i32; 7] = [
        1_672_461_947,
        1_302_514_674,
        790_015_084,
        290_630_308,
        39_332_535,
        720_401,
        242,
    ];
    if x >= 0 {
        return i32::MAX;
    }
    let part = (x & (quarter - 1)) - quarter;
    // Around −1/8, where e^y ≈ 1 + y + y²/2 + y³/6 + y⁴/24.
    let y = (part << INTEGER_BITS) + (1 << 28);
    let y2 = high_mul(y, y);
    let y3 = high_mul(y2, y);
    let y4 = high_mul(y2, y2);
    let tail = high_mul(rounding_shift(y4, 2).wrapping_add(y3), THIRD).wrapping_add(y2);
    let series = y.wrapping_add(rounding_shift(tail, 1));
    let mut result = EXP_MINUS_EIGHTH.wrapping_add(high_mul(series, EXP_MINUS_EIGHTH));
    let rest = part.wrapping_sub(x);
    for (factor, bit) in FACTORS.iter().zip(fraction - 2..) {
        if rest & 1i32.wrapping_shl(bit) != 0 {
            result = high_mul(result, *factor);
        }
    }
    result
}

/// `1 / (1 + x)` for x in Q0.31 from 0 to 1, as Q0.31.
pub fn reciprocal_of_one_plus(x: i32) -> i32 {
    saturating_shl(two_over_one_plus(x), 1)
}

/// `2 / (1 + x)` for x in Q0.31 from 0 to 1, as Q2.29: three steps of Newton's method.
pub fn two_over_one_plus(x: i32) -> i32 {
    /// 48/17 and −32/17 in Q2.29: the line that starts Newton's method.
    const START: i32 = 1_515_870_810;
    const SLOPE: i32 = -1_010_580_540;
    const ONE: i32 = 1 << 29;
    let half_denominator = saturate((i64::from(x) + (1 << 31)) >> 1);
    let mut y = START.wrapping_add(high_mul(half_denominator, SLOPE));
    for _ in 0..3 {
        let error = ONE.wrapping_sub(high_mul(half_denominator, y));
        y = y.wrapping_add(saturating_shl(high_mul(y, error), 2));
    }
    y
}

fn saturate(x: i64) -> i32 {
    x.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_rounds_to_nearest_and_saturates() {
        assert_eq!(high_mul(1 << 30, 1 << 30), 1 << 29);
        assert_eq!(high_mul(i32::MIN, i32::MIN), i32::MAX);
        // 3 · 2^30 / 2^31 = 1.5, and −1.5: ties go up, as nudge and truncation give.
        assert_eq!(high_mul(3, 1 << 30), 2);
        assert_eq!(high_mul(-3, 1 << 30), -1);
        assert_eq!(high_mul(i32::MAX, i32::MAX), i32::MAX - 1);
    }

    #[test]
    fn product_equals_the_nudge_and_truncate_form() {
        let mut x = 1u64;
        for _ in 0..20_000 {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (a, b) = ((x >> 32) as i32, x as i32);
            let product = i64::from(a) * i64::from(b);
            let nudge = if product >= 0 { 1 << 30 } else { 1 - (1 << 30) };
            assert_eq!(high_mul(a, b), ((product + nudge) / (1 << 31)) as i32);
        }
    }

    #[test]
    fn shift_rounds_ties_away_from_zero() {
        for (x, n, want) in [
            (5, 1, 3),
            (-5, 1, -3),
            (4, 1, 2),
            (3, 2, 1),
            (-6, 2, -2),
            (2, 2, 1),
            (-2, 2, -1),
            (1, 2, 0),
            (7, 0, 7),
            (i32::MIN, 31, -1),
            (i32::MAX, 31, 1),
            (i32::MIN, 32, 0),
            (i32::MAX, 40, 0),
        ] {
            assert_eq!(rounding_shift(x, n), want, "{x} >> {n}");
        }
    }

    #[test]
    fn both_roundings_apply() {
        // 0.5 · 2^-1 · 3 = 0.75: the product gives 2 (1.5 rounded), the shift 1.
        let m = Multiplier {
            significand: 1 << 30,
            shift: -1,
        };
        assert_eq!(m.apply(3), 1);
        // 1 · 0.25: the product gives 1 (0.5 rounded), the shift 1 again, where
        // one rounding of 0.25 would give 0.
        assert_eq!(m.apply(1), 1);
        let up = Multiplier {
            significand: 1 << 30,
            shift: 4,
        };
        assert_eq!(up.apply(-7), -56);
    }

    #[test]
    fn multipliers_outside_their_range_are_seen() {
        let m = |significand, shift| Multiplier { significand, shift };
        assert!(m(0, 0).is_valid() && m(1 << 30, -31).is_valid() && m(i32::MAX, 30).is_valid());
        assert!(!m(1, 0).is_valid() && !m(-1, 0).is_valid());
        assert!(!m(1 << 30, 31).is_valid() && !m(1 << 30, -32).is_valid());
    }

    #[test]
    fn exponential_falls_from_one() {
        assert_eq!(exp_of_negative::<5>(0), i32::MAX);
        // e^-1 = 0.36788 is 790015084 in Q0.31; the series is good to 2^-21.
        assert!((exp_of_negative::<5>(-(1 << 26)) - 790_015_084).abs() < 1000);
        assert!((exp_of_negative::<4>(-(1 << 27)) - 790_015_084).abs() < 1000);
        assert_eq!(exp_of_negative::<5>(i32::MIN), 0);
        // e^-16 is 241.6 in Q0.31.
        assert_eq!(exp_of_negative::<4>(i32::MIN), 242);
        let mut last = i32::MAX;
        for step in 1..4096 {
            let e = exp_of_negative::<5>(-step * (1 << 19));
            assert!(e <= last);
            last = e;
        }
    }

    #[test]
    fn reciprocal_halves_at_one() {
        assert!(reciprocal_of_one_plus(0) >= i32::MAX - 8);
        assert!((reciprocal_of_one_plus(i32::MAX) - (1 << 30)).abs() < 8);
    }
}
