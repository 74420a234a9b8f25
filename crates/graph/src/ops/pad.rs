//! PAD: see the engine's file of the same name.

use lampyris_core::Operator;

use super::moves::{Dim, Move, Moves, strides};
use super::{Lowered, View};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    view.arity(2..=2, "the values and the paddings")?;
    let (_, zero) = view.scale(view.output()?)?;
    around(view, &lampyris_core::ops::PAD, zero)
}

/// The node that lays `value` around the first input.
pub(super) fn around(
    view: &View<'_>,
    operator: &Operator,
    value: i32,
) -> Result<Lowered, GraphError> {
    let (_, x) = view.values(0)?;
    let paddings = view.constant(1, "paddings")?;
    let (pairs, rest) = paddings.as_chunks::<2>();
    if pairs.len() != x.shape.len() || !rest.is_empty() || paddings.iter().any(|&n| n < 0) {
        return Err(view.error(format!(
            "paddings {paddings:?} must be two counts for each dimension of {:?}",
            x.shape
        )));
    }
    let padded =
        |(&size, [before, after]): (&usize, &[i32; 2])| size + *before as usize + *after as usize;
    let shape: Vec<usize> = x.shape.iter().zip(pairs).map(padded).collect();
    view.moves_to(x, view.output()?, &shape)?;
    let (from, to) = (strides(&x.shape), strides(&shape));
    let starts = pairs.iter().zip(&to);
    let only = Move {
        from: 0,
        to: starts.map(|(pair, stride)| pair[0] as usize * stride).sum(),
        dims: (0..shape.len())
            .map(|d| Dim {
                size: x.shape[d],
                from: from[d] as isize,
                to: to[d] as isize,
            })
            .collect(),
    };
    let mut params = vec![value as u32];
    params.extend(Moves::one(0, only).words(view)?);
    view.lowered(operator, params, [0])
}
