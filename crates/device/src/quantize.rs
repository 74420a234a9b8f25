//! From a real number to the `i8` that the network reads.

/// `round(x / scale) + zero_point`, halves away from zero, held within −128 … 127.
/// `scale` is above 0. NaN gives the zero point.
///
/// Source: TFLite's quantization of float inputs, `AffineQuantize`.
#[must_use]
pub fn quantize(x: f32, scale: f32, zero_point: i8) -> i8 {
    let steps = libm::roundf(x / scale);
    // Far outside the range of i8 and inside that of i32, so that the sum is exact.
    let steps = if steps > 512.0 {
        512
    } else if steps < -512.0 {
        -512
    } else if steps.is_nan() {
        0
    } else {
        steps as i32
    };
    (steps + i32::from(zero_point)).clamp(-128, 127) as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_halves_away_from_zero() {
        // 0.5 is a power of two, so that these quotients are exact.
        let rounded =
            [-1.25, -0.75, -0.25, 0.0, 0.2, 0.25, 0.75, 1.25].map(|x| quantize(x, 0.5, 0));
        assert_eq!(rounded, [-3, -2, -1, 0, 0, 1, 2, 3]);
    }

    #[test]
    fn saturates_and_survives_what_is_not_a_number() {
        assert_eq!(quantize(1e30, 0.1, -5), 127);
        assert_eq!(quantize(-1e30, 0.1, 100), -128);
        assert_eq!(quantize(f32::INFINITY, 0.1, -128), 127);
        assert_eq!(quantize(f32::NEG_INFINITY, 0.1, 127), -128);
        assert_eq!(quantize(f32::NAN, 0.1, -7), -7);
        assert_eq!(quantize(12.7, 0.1, 0), 127);
        assert_eq!(quantize(0.0, 0.1, -128), -128);
        // The steps alone are cut at ±512: beyond every zero point's reach.
        assert_eq!(quantize(-51.0, 0.1, 127), -128);
        assert_eq!(quantize(25.5, 0.1, -128), 127);
    }
}
