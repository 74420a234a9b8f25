//! SPLIT: see the engine's file of the same name.

use super::View;
use super::moves::{Moves, side_by_side};
use crate::GraphError;

pub(crate) fn moves(view: &View<'_>) -> Result<Moves, GraphError> {
    view.arity(2..=2, "the axis and the values")?;
    let x = view.given(1)?;
    let axis = view.axis(view.one_constant(0, "axis")?, x.shape.len())?;
    let parts = view.outputs()?.len();
    if x.shape[axis] % parts != 0 {
        return Err(view.error(format!(
            "axis {axis} of {:?} can't be cut into {parts} equal parts",
            x.shape
        )));
    }
    cut(view, 1, axis, &vec![x.shape[axis] / parts; parts])
}

/// Cuts the input at `place` along an axis: an output for each of `sizes`, which make up
/// the axis.
pub(super) fn cut(
    view: &View<'_>,
    place: usize,
    axis: usize,
    sizes: &[usize],
) -> Result<Moves, GraphError> {
    let x = view.given(place)?;
    for (y, &size) in view.outputs()?.iter().zip(sizes) {
        let mut shape = x.shape.clone();
        shape[axis] = size;
        view.moves_to(x, y, &shape)?;
    }
    let outer = x.shape[..axis].iter().product();
    let inner = x.shape[axis + 1..].iter().product();
    Ok(Moves {
        inputs: place..place + 1,
        moves: side_by_side(outer, sizes, inner, false),
    })
}
