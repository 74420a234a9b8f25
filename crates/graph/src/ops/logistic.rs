//! LOGISTIC: see the engine's file of the same name.

use lampyris_core::fixed::{exp_of_negative, reciprocal_of_one_plus};

use super::{Data, Lowered, View, sigmoid, table};
use crate::GraphError;

/// From Q0.31 to steps of 1/256.
const SHIFT: u32 = 23;
const ZERO: i32 = -128;

pub(crate) fn lower(view: &View<'_>, data: &mut Data) -> Result<Lowered, GraphError> {
    let (_, (_, y_zero)) = table::scales(view)?;
    if y_zero != ZERO {
        return Err(view.error(format!(
            "the output has zero point {y_zero}; it must be {ZERO}"
        )));
    }
    let ends = (SHIFT, ZERO);
    sigmoid::lower(view, data, &lampyris_core::ops::LOGISTIC, logistic, ends)
}

/// `1 / (1 + e^−x)` of Q4.27, as Q0.31. Source: gemmlowp `fixedpoint/fixedpoint.h`.
fn logistic(x: i32) -> i32 {
    if x == 0 {
        return 1 << 30;
    }
    let above = reciprocal_of_one_plus(exp_of_negative::<4>(-x.saturating_abs()));
    if x > 0 { above } else { i32::MAX - above }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_real_function() {
        for x in (-(1 << 30)..1 << 30).step_by(7_654_321) {
            let real = 1.0 / (1.0 + (-f64::from(x) / 2f64.powi(27)).exp());
            let found = f64::from(logistic(x)) / 2f64.powi(31);
            assert!((real - found).abs() < 1e-6, "{x}: {real} {found}");
        }
        assert_eq!(logistic(0), 1 << 30);
    }
}
