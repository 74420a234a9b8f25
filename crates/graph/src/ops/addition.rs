//! What ADD and SUB share: see `kernel/addition.rs` of the engine.

use lampyris_core::Operator;

use super::pairs::{self, Pair};
use super::{Lowered, View};
use crate::multiplier::activation_range;
use crate::{Activation, GraphError};

/// Source: TFLite Micro `kernels/add_common.cc`, `CalculateOpDataAdd`.
pub(crate) fn lower(
    view: &View<'_>,
    operator: &Operator,
    activation: Activation,
) -> Result<Lowered, GraphError> {
    let pair = Pair::read(view)?;
    let [a, b, y] = pair.scales(view)?;
    let common = 2.0 * f64::from(a.0.max(b.0));
    let operand = |(scale, zero): pairs::Scale| {
        let [significand, shift] = pairs::words(view.multiplier(f64::from(scale) / common)?);
        Ok([zero as u32, significand, shift])
    };
    let to_y = view.multiplier(common / (f64::from(1u32 << 20) * f64::from(y.0)))?;
    if to_y.shift > 0 {
        return Err(view.error(format!(
            "an input's scale {:e} is 2^19 or more times the output's {:e}",
            a.0.max(b.0),
            y.0
        )));
    }
    let (low, high) = activation_range(activation, y.0, y.1);
    let ends = [y.1 as u32, low as u32, high as u32];
    let own = [&operand(a)?[..], &operand(b)?, &pairs::words(to_y), &ends].concat();
    pair.lowered(view, operator, &own)
}
