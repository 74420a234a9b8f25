//! RELU6: see the engine's file of the same name.

use super::{Data, Lowered, View, table};
use crate::multiplier::activation_range;
use crate::{Activation, GraphError};

pub(crate) fn lower(view: &View<'_>, data: &mut Data) -> Result<Lowered, GraphError> {
    // TFLite Micro clamps the bytes, whatever the output's scale says.
    let ((x_scale, x_zero), _) = table::scales(view)?;
    let (low, high) = activation_range(Activation::Relu6, x_scale, x_zero);
    table::lower(view, data, &lampyris_core::ops::RELU6, |x| {
        x.clamp(low, high)
    })
}
