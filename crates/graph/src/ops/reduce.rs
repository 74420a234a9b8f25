//! What MEAN, SUM and REDUCE_MAX share: see `kernel/reduce.rs` of the engine.

use super::{View, walk};
use crate::{GraphError, Tensor};

/// TFLite Micro takes so many dimensions.
const MAX_RANK: usize = 5;

/// The tensors, the walks over what stays and what goes, and how many values go into one.
pub(crate) struct Reduce<'a> {
    pub(crate) x: &'a Tensor,
    pub(crate) y: &'a Tensor,
    pub(crate) walks: Vec<u32>,
    pub(crate) count: usize,
}

impl<'a> Reduce<'a> {
    pub(crate) fn read(view: &View<'a>, keep_dims: bool) -> Result<Self, GraphError> {
        view.arity(2..=2, "the values and the axes")?;
        let (_, x) = view.activation(0)?;
        let y = view.output()?;
        view.signed(&[x, y])?;
        let rank = x.shape.len();
        if rank > MAX_RANK {
            return Err(view.error(format!(
                "{rank} dimensions; at most {MAX_RANK} are supported"
            )));
        }
        let goes = axes(view, rank)?;
        let strides = walk::strides(&x.shape);
        let (mut kept, mut gone, mut shape) = (vec![], vec![], vec![]);
        for (i, &size) in x.shape.iter().enumerate() {
            let to = if goes[i] { &mut gone } else { &mut kept };
            to.push((size, [strides[i], 0]));
            if !goes[i] || keep_dims {
                shape.push(if goes[i] { 1 } else { size });
            }
        }
        if y.shape != shape {
            return Err(view.error(format!(
                "{:?} becomes {shape:?}, not {:?}",
                x.shape, y.shape
            )));
        }
        Ok(Self {
            x,
            y,
            walks: [walk::words(view, &kept)?, walk::words(view, &gone)?].concat(),
            count: gone.iter().map(|&(size, _)| size).product(),
        })
    }
}

/// Which dimensions go. Negative axes count from the end; one may be named twice.
fn axes(view: &View<'_>, rank: usize) -> Result<Vec<bool>, GraphError> {
    let axes = view.constant(1, "axes")?;
    if axes.is_empty() {
        return Err(view.error("names no axis; one or more are supported"));
    }
    let mut goes = vec![false; rank];
    for axis in axes {
        let from_start = i64::from(axis) + if axis < 0 { rank as i64 } else { 0 };
        let place = usize::try_from(from_start).ok();
        let Some(place) = place.and_then(|at| goes.get_mut(at)) else {
            return Err(view.error(format!(
                "there is no axis {axis}; the input has {rank} dimensions"
            )));
        };
        *place = true;
    }
    Ok(goes)
}

/// The own words of MEAN and SUM: see `kernel/total.rs` of the engine.
pub(crate) fn total(
    view: &View<'_>,
    reduce: &Reduce<'_>,
    [significand, shift]: [i32; 2],
) -> Result<[u32; 4], GraphError> {
    let ((_, x_zero), (_, y_zero)) = (view.scale(reduce.x)?, view.scale(reduce.y)?);
    let zeros = x_zero.wrapping_mul(reduce.count as i32);
    Ok([zeros, significand, shift, y_zero].map(|n| n as u32))
}
