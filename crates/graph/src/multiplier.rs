//! From scales to what the chip multiplies with, as TFLite Micro computes it.

use lampyris_core::fixed::Multiplier;

use crate::Activation;

/// A real factor ≥ 0 as significand and shift; `None` where it is too large (2^30 and more),
/// negative or not a number.
///
/// Source: TFLite `kernels/internal/quantization_util.cc`, `QuantizeMultiplier`:
/// the significand is rounded half away from zero; what is below 2^-32 is 0.
pub fn quantize_multiplier(real: f64) -> Option<Multiplier> {
    let none = Multiplier::ZERO;
    if !real.is_finite() || real < 0.0 {
        return None;
    }
    if real < f64::MIN_POSITIVE {
        return Some(none);
    }
    // real = fraction · 2^shift with the fraction in 1/2..1.
    let bits = real.to_bits();
    let mut shift = (bits >> 52) as i32 - 1022;
    let fraction = f64::from_bits(bits & ((1 << 52) - 1) | (1022 << 52));
    let mut significand = (fraction * f64::from(1u32 << 31)).round() as i64;
    if significand == 1 << 31 {
        significand /= 2;
        shift += 1;
    }
    match shift {
        ..=-32 => Some(none),
        -31..=31 => Some(Multiplier {
            significand: significand as i32,
            shift,
        }),
        _ => None,
    }
}

/// Both ends of what a result is clamped to.
///
/// Source: TFLite `kernels/kernel_util.cc`, `CalculateActivationRangeQuantized`.
pub fn activation_range(activation: Activation, scale: f32, zero_point: i32) -> (i32, i32) {
    let at = |real: f32| {
        // The division is in single precision, the rounding half away from zero.
        let steps = (real / scale).round() as i32;
        zero_point.saturating_add(steps).clamp(-128, 127)
    };
    match activation {
        Activation::None => (-128, 127),
        Activation::Relu => (at(0.0), 127),
        Activation::ReluN1To1 => (at(-1.0), at(1.0)),
        Activation::Relu6 => (at(0.0), at(6.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(real: f64) -> Option<(i32, i32)> {
        quantize_multiplier(real).map(|m| (m.significand, m.shift))
    }

    #[test]
    fn significand_and_shift() {
        assert_eq!(parts(0.0), Some((0, 0)));
        assert_eq!(parts(0.5), Some((1 << 30, 0)));
        assert_eq!(parts(1.0), Some((1 << 30, 1)));
        assert_eq!(parts(0.75), Some((3 << 29, 0)));
        // Just below 1 rounds up to 2^31: halved, one shift more.
        assert_eq!(parts(1.0 - f64::EPSILON), Some((1 << 30, 1)));
        assert_eq!(parts(2f64.powi(-32)), Some((1 << 30, -31)));
        assert_eq!(parts(2f64.powi(-33)), Some((0, 0)));
        assert_eq!(parts(f64::MIN_POSITIVE / 2.0), Some((0, 0)));
        assert_eq!(parts(2f64.powi(31)), None);
        assert_eq!(parts(f64::NAN), None);
        assert_eq!(parts(-1.0), None);
    }

    #[test]
    fn activations_clamp_between_quantized_bounds() {
        assert_eq!(activation_range(Activation::None, 0.1, 5), (-128, 127));
        assert_eq!(activation_range(Activation::Relu, 0.1, -3), (-3, 127));
        assert_eq!(activation_range(Activation::Relu6, 0.1, -100), (-100, -40));
        assert_eq!(activation_range(Activation::Relu6, 1e-30, 0), (0, 127));
        // 6 / 4 = 1.5 rounds away from zero.
        assert_eq!(activation_range(Activation::Relu6, 4.0, -128), (-128, -126));
    }
}
