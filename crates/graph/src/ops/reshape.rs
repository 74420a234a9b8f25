//! RESHAPE: see the engine's file of the same name.

use super::{Lowered, View};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    let (x, input) = view.activation(0)?;
    let output = view.output()?;
    if view.node.inputs.len() > 2 {
        return Err(view.error("has at most two inputs, the values and the shape"));
    }
    if view.input(1).is_some_and(|(_, shape)| shape.data.is_none()) {
        return Err(
            view.error("the shape is computed at run time; only a constant one is supported")
        );
    }
    if input.elements() != output.elements() {
        return Err(view.error(format!(
            "{:?} has {} values and {:?} has {}; they must be equal",
            input.shape,
            input.elements(),
            output.shape,
            output.elements()
        )));
    }
    if view.scale(input)? != view.scale(output)? {
        return Err(view.error("input and output must have the same scale and zero point"));
    }
    Ok(Lowered {
        code: lampyris_core::ops::RESHAPE.code,
        params: Vec::new(),
        inputs: vec![x],
    })
}
