//! QUANTIZE: see the engine's file of the same name.

use super::{Data, Lowered, View, table};
use crate::{DType, GraphError};

pub(crate) fn lower(view: &View<'_>, data: &mut Data) -> Result<Lowered, GraphError> {
    let (x, y) = table::ends(view)?;
    if x.dtype == DType::U8 && y.dtype == DType::U8 {
        return Err(view.error(
            "goes from uint8 to uint8; int8 to int8, uint8 to int8 and int8 to uint8 are supported",
        ));
    }
    let ((x_scale, x_zero), (y_scale, y_zero)) = (view.scale(x)?, view.scale(y)?);
    let factor = view.multiplier(f64::from(x_scale) / f64::from(y_scale))?;
    table::lower(view, data, &lampyris_core::ops::QUANTIZE, |x| {
        factor.apply(x - x_zero).wrapping_add(y_zero)
    })
}
