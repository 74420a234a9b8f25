//! RELU: see the engine's file of the same name.

use super::{Data, Lowered, View, table};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>, data: &mut Data) -> Result<Lowered, GraphError> {
    let ((x_scale, x_zero), (y_scale, y_zero)) = table::scales(view)?;
    let factor = view.multiplier(f64::from(x_scale) / f64::from(y_scale))?;
    table::lower(view, data, &lampyris_core::ops::RELU, |x| {
        factor.apply(x - x_zero).wrapping_add(y_zero).max(y_zero)
    })
}
