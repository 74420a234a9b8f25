//! CONCATENATION: see the engine's file of the same name.

use super::View;
use super::moves::{Moves, side_by_side};
use crate::{Activation, DType, GraphError};

pub(crate) fn moves(
    view: &View<'_>,
    axis: i32,
    activation: Activation,
) -> Result<Moves, GraphError> {
    view.arity(1..=usize::MAX, "one or more tensors")?;
    if activation != Activation::None {
        return Err(view.error(format!(
            "has a fused {activation:?}, which TFLite Micro refuses too; put it into an operator of its own"
        )));
    }
    let first = view.given(0)?;
    let axis = view.axis(axis, first.shape.len())?;
    let y = view.output()?;
    let mut sizes = Vec::new();
    for place in 0..view.node.inputs.len() {
        let x = view.given(place)?;
        let mut shape = x.shape.clone();
        if let Some(size) = shape.get_mut(axis) {
            sizes.push(std::mem::replace(size, first.shape[axis]));
        }
        if shape != first.shape {
            return Err(view.error(format!(
                "{:?} and {:?} don't fit together along axis {axis}",
                first.shape, x.shape
            )));
        }
        if x.dtype != DType::I32 {
            view.same_scale(x, y)?;
        }
    }
    let mut shape = first.shape.clone();
    shape[axis] = sizes.iter().sum();
    view.moves_to(first, y, &shape)?;
    let outer = shape[..axis].iter().product();
    let inner = shape[axis + 1..].iter().product();
    Ok(Moves {
        inputs: 0..sizes.len(),
        moves: side_by_side(outer, &sizes, inner, true),
    })
}
