//! STRIDED_SLICE: see the engine's file of the same name.

use super::View;
use super::moves::{Dim, Move, Moves, strides};
use crate::{GraphError, Op};

pub(crate) fn moves(view: &View<'_>) -> Result<Moves, GraphError> {
    let &Op::StridedSlice {
        begin_mask,
        end_mask,
        ellipsis_mask,
        new_axis_mask,
        shrink_axis_mask,
        offset,
    } = &view.node.op
    else {
        return Err(view.error("is no STRIDED_SLICE"));
    };
    view.arity(4..=4, "the values, begin, end and strides")?;
    if (ellipsis_mask, new_axis_mask, offset) != (0, 0, false) {
        return Err(view.error(
            "has an ellipsis, a new axis or an end that counts from the begin, which TFLite \
             Micro silently ignores; name begin, end and stride of each dimension",
        ));
    }
    let x = view.given(0)?;
    let begin = view.constant(1, "begin")?;
    let end = view.constant(2, "end")?;
    let stride = view.constant(3, "strides")?;
    let rank = x.shape.len();
    if [begin.len(), end.len(), stride.len()] != [rank; 3] || rank > 32 {
        return Err(view.error(format!(
            "begin {begin:?}, end {end:?} and strides {stride:?} must each have a value for each \
             dimension of {:?}",
            x.shape
        )));
    }
    let apart = strides(&x.shape);
    let mut from = 0;
    let (mut shape, mut sizes, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for d in 0..rank {
        let bit = |mask: u32| mask >> d & 1 == 1;
        let axis = Axis {
            len: x.shape[d] as i64,
            begin: (!bit(begin_mask)).then_some(i64::from(begin[d])),
            end: (!bit(end_mask)).then_some(i64::from(end[d])),
            stride: i64::from(stride[d]),
        };
        let (start, size) = axis.range(bit(shrink_axis_mask)).ok_or_else(|| {
            view.error(format!(
                "takes no value from {} to {} by {} in a dimension of {}",
                begin[d], end[d], stride[d], x.shape[d]
            ))
        })?;
        from += start * apart[d];
        sizes.push(size);
        steps.push(stride[d] as isize * apart[d] as isize);
        if !bit(shrink_axis_mask) {
            shape.push(size);
        }
    }
    view.moves_to(x, view.output()?, &shape)?;
    let to = strides(&sizes);
    let dim = |d: usize| Dim {
        size: sizes[d],
        from: steps[d],
        to: to[d] as isize,
    };
    Ok(Moves::one(
        0,
        Move {
            from,
            to: 0,
            dims: (0..rank).map(dim).collect(),
        },
    ))
}

/// What is taken of a dimension; an end that is left out is the dimension's own.
struct Axis {
    len: i64,
    begin: Option<i64>,
    end: Option<i64>,
    stride: i64,
}

impl Axis {
    /// The first index and how many; `None` where that is nothing. Source: TFLite
    /// `StartForAxis` and `StopForAxis` in `strided_slice_logic.h`.
    fn range(&self, shrinks: bool) -> Option<(usize, usize)> {
        let forwards = self.stride > 0;
        // The places before the first and behind the last that the stride comes from
        // or goes to.
        let (low, high) = if forwards {
            (0, self.len)
        } else {
            (-1, self.len - 1)
        };
        let place = |index: i64| {
            let from_start = if index < 0 { index + self.len } else { index };
            from_start.clamp(low, high)
        };
        let (first, last) = if forwards { (low, high) } else { (high, low) };
        let start = self.begin.map_or(first, place);
        let count = if shrinks {
            1
        } else {
            let stop = self.end.map_or(last, place);
            let towards = (stop - start) * self.stride.signum();
            let step = self.stride.abs();
            if step == 0 {
                return None;
            }
            (towards + step - 1).div_euclid(step)
        };
        let inside = (0..self.len).contains(&start) && self.stride != 0;
        (inside && count > 0).then_some((start as usize, count as usize))
    }
}
