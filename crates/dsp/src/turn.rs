//! Cosines for tables: of fractions of a turn, so that nothing has to be reduced by π.

/// cos(2π · `part` / `whole`), off by at most 1.5 · 10⁻⁷; `whole` is at least 1. The same at
/// mirrored places, and exact at quarters.
pub(crate) fn cosine(part: usize, whole: usize) -> f32 {
    let whole = whole.max(1);
    let part = part % whole;
    // The lower half of the turn mirrors the upper one, the second quarter the first.
    let part = if 2 * part > whole { whole - part } else { part };
    let (half, sign) = if 4 * part > whole {
        (whole - 2 * part, -1.0)
    } else {
        (2 * part, 1.0)
    };
    // `half` is the angle, of at most a quarter turn, in units of π / `whole`.
    let unit = core::f32::consts::PI / whole as f32;
    // Taylor's series: what they leave out is below what an f32 of this size can hold.
    let cosine = if 4 * half <= whole {
        let x = unit * half as f32;
        let x2 = x * x;
        1.0 - x2 * (1.0 / 2.0 - x2 * (1.0 / 24.0 - x2 * (1.0 / 720.0 - x2 / 40_320.0)))
    } else {
        // Beyond an eighth the sine of what is missing is the more exact.
        let x = 0.5 * unit * (whole - 2 * half) as f32;
        let x2 = x * x;
        let series = 1.0 / 120.0 - x2 * (1.0 / 5040.0 - x2 / 362_880.0);
        x - x * x2 * (1.0 / 6.0 - x2 * series)
    };
    sign * cosine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_cosine() {
        for whole in [1usize, 2, 3, 7, 8, 80, 160, 512, 2048, 8191] {
            for part in 0..2 * whole {
                let turn = core::f64::consts::TAU * part as f64 / whole as f64;
                let error = f64::from(cosine(part, whole)) - libm::cos(turn);
                assert!(error.abs() < 1.5e-7, "{part} / {whole}: {error}");
            }
        }
        assert_eq!([0, 1, 2, 3].map(|i| cosine(i, 4)), [1.0, 0.0, -1.0, 0.0]);
        assert_eq!(cosine(3, 0), 1.0);
    }
}
