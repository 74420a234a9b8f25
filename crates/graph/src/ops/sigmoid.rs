//! What LOGISTIC and TANH share: the input in Q4.27, and beyond which distance from
//! zero the result is at its end.
//!
//! Source: TFLite Micro `kernels/logistic_common.cc` and `kernels/tanh.cc`; TFLite
//! `kernels/internal/quantization_util.cc`, `CalculateInputRadius`.

use lampyris_core::Operator;
use lampyris_core::fixed::{Multiplier, rounding_shift};

use super::{Data, Lowered, View, table};
use crate::GraphError;
use crate::multiplier::quantize_multiplier;

/// Integer bits of the input.
const INTEGER_BITS: i32 = 4;

/// The node with the table of `f`: Q4.27 to Q0.31, of which the leading bits are kept
/// (`x >> shift`), then moved by `zero`.
pub(crate) fn lower(
    view: &View<'_>,
    data: &mut Data,
    operator: &Operator,
    f: impl Fn(i32) -> i32,
    (shift, zero): (u32, i32),
) -> Result<Lowered, GraphError> {
    let ((scale, x_zero), _) = table::scales(view)?;
    let real = f64::from(scale) * 2f64.powi(31 - INTEGER_BITS);
    if real < 0.5 {
        // TFLite Micro would shift by a negative count, which is undefined.
        return Err(view.error(format!(
            "the input's scale is {scale:e}; 2^-28 or more is supported"
        )));
    }
    // A factor of 2^31 and more: every value is beyond the radius.
    let factor = quantize_multiplier(real).unwrap_or(Multiplier::ZERO);
    let radius = if factor == Multiplier::ZERO {
        0
    } else {
        (f64::from(15u32 << 27) / 2f64.powi(factor.shift)).floor() as i32
    };
    table::lower(view, data, operator, |x| {
        let x = x - x_zero;
        if x <= -radius {
            return -128;
        }
        if x >= radius {
            return 127;
        }
        rounding_shift(f(factor.apply(x)), shift) + zero
    })
}
