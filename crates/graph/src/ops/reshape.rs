//! RESHAPE: see the engine's file of the same name.

use super::{Lowered, View};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    view.arity(1..=2, "the values and perhaps the shape")?;
    if view.input(1).is_some_and(|(_, shape)| shape.data.is_none()) {
        return Err(
            view.error("the shape is computed at run time; only a constant one is supported")
        );
    }
    copy(view, &lampyris_core::ops::RESHAPE, 0)
}

/// A node whose output has the bytes of the input at `place` under another shape.
pub(crate) fn copy(
    view: &View<'_>,
    operator: &lampyris_core::Operator,
    place: usize,
) -> Result<Lowered, GraphError> {
    let (_, input) = view.activation(place)?;
    let output = view.output()?;
    if input.elements() != output.elements() {
        return Err(view.error(format!(
            "{:?} has {} values and {:?} has {}; they must be equal",
            input.shape,
            input.elements(),
            output.shape,
            output.elements()
        )));
    }
    // TFLite Micro copies bytes whatever the scales say.
    if input.dtype != output.dtype {
        return Err(view.error(format!(
            "\"{}\" and \"{}\" must have the same type",
            input.name, output.name
        )));
    }
    view.lowered(operator, Vec::new(), [place])
}
