//! SLICE: see the engine's file of the same name.

use super::View;
use super::moves::{Dim, Move, Moves, strides};
use crate::GraphError;

pub(crate) fn moves(view: &View<'_>) -> Result<Moves, GraphError> {
    view.arity(3..=3, "the values, where to begin and the size")?;
    let x = view.given(0)?;
    let begin = view.constant(1, "begin")?;
    let size = view.constant(2, "size")?;
    if begin.len() != x.shape.len() || size.len() != x.shape.len() {
        return Err(view.error(format!(
            "begin {begin:?} and size {size:?} must each have a value for each dimension of {:?}",
            x.shape
        )));
    }
    let mut shape = Vec::new();
    for ((&len, &begin), &size) in x.shape.iter().zip(&begin).zip(&size) {
        // -1 is all that is left.
        let wanted = match size {
            -1 => len as i64 - i64::from(begin),
            size => i64::from(size),
        };
        if begin < 0 || wanted < 1 || i64::from(begin) + wanted > len as i64 {
            return Err(view.error(format!(
                "there is no slice of {size} from {begin} on in a dimension of {len}"
            )));
        }
        shape.push(wanted as usize);
    }
    let y = view.output()?;
    view.moves_to(x, y, &shape)?;
    let apart = strides(&x.shape);
    let dims = shape.iter().zip(apart.iter().zip(strides(&shape)));
    let starts = begin.iter().zip(&apart);
    Ok(Moves::one(
        0,
        Move {
            from: starts.map(|(&b, stride)| b as usize * stride).sum(),
            to: 0,
            dims: dims
                .map(|(&size, (&from, to))| Dim {
                    size,
                    from: from as isize,
                    to: to as isize,
                })
                .collect(),
        },
    ))
}
