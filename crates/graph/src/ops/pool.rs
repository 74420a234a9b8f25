//! Pools: see `kernel/pool.rs` of the engine.

use lampyris_core::Operator;

use super::window::{REVERSED_AT, geometry};
use super::{Lowered, View};
use crate::multiplier::activation_range;
use crate::{Activation, GraphError, Pool};

/// AVERAGE_POOL_2D or MAX_POOL_2D.
pub(crate) fn lower(
    view: &View<'_>,
    operator: &Operator,
    pool: &Pool,
    activation: Activation,
) -> Result<Lowered, GraphError> {
    view.arity(1..=1, "the values")?;
    let (_, x) = view.activation(0)?;
    let y = view.output()?;
    let geometry = geometry(view, (x, y), pool.padding, [pool.size, pool.stride, [1, 1]])?;
    if x.depth() != y.depth() {
        return Err(view.error(format!(
            "{:?} and {:?} must have the same channels",
            x.shape, y.shape
        )));
    }
    let ((x_scale, x_zero), (y_scale, y_zero)) = (view.scale(x)?, view.scale(y)?);
    // TFLite Micro's own tolerance: bytes are pooled as they are.
    if x_zero != y_zero || (x_scale - y_scale).abs() > 1e-6 {
        return Err(view.error("input and output must have the same scale and zero point"));
    }
    let (low, high) = activation_range(activation, y_scale, y_zero);
    let params = [&geometry.words[..], &[low as u32, high as u32]].concat();
    Ok(view.lowered(operator, params, [0])?.reversible(REVERSED_AT))
}
