//! TANH: see the engine's file of the same name.

use lampyris_core::fixed::{exp_of_negative, two_over_one_plus};

use super::{Data, Lowered, View, sigmoid};
use crate::GraphError;

/// From Q0.31 to steps of 1/128, around 0.
const ENDS: (u32, i32) = (24, 0);

pub(crate) fn lower(view: &View<'_>, data: &mut Data) -> Result<Lowered, GraphError> {
    sigmoid::lower(view, data, &lampyris_core::ops::TANH, tanh, ENDS)
}

/// `tanh x` of Q4.27, as Q0.31: `(1 − e^−2x) / (1 + e^−2x)`. Twice x is the same word
/// with one integer bit more. Source: gemmlowp `fixedpoint/fixedpoint.h`.
fn tanh(x: i32) -> i32 {
    if x == 0 {
        return 0;
    }
    let two = two_over_one_plus(exp_of_negative::<5>(-x.saturating_abs()));
    // 2 / (1 + e) − 1, from Q2.29 to Q0.31.
    let size = (i64::from(two) - (1 << 29)) << 2;
    let size = size.min(i64::from(i32::MAX)) as i32;
    if x > 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_real_function() {
        for x in (-(1 << 30)..1 << 30).step_by(7_654_321) {
            let real = (f64::from(x) / 2f64.powi(27)).tanh();
            let found = f64::from(tanh(x)) / 2f64.powi(31);
            assert!((real - found).abs() < 1e-6, "{x}: {real} {found}");
        }
        assert_eq!(tanh(0), 0);
    }
}
