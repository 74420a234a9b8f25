//! Walks through one or two tensors: see `kernel/walk.rs` of the engine.

use super::View;
use crate::GraphError;

/// The most dimensions of a walk.
pub(crate) const MAX_DIMS: usize = 6;

/// One dimension: its positions, and the stride of each tensor.
pub(crate) type Dim = (usize, [usize; 2]);

/// A walk as words. The dimensions come outermost first; those of one position go, and
/// neighbours that can be walked as one become one.
pub(crate) fn words(view: &View<'_>, dims: &[Dim]) -> Result<Vec<u32>, GraphError> {
    let mut merged: Vec<Dim> = Vec::new();
    for &(size, strides) in dims.iter().rev().filter(|&&(size, _)| size != 1) {
        match merged.last_mut() {
            Some((inner, steps)) if strides == steps.map(|step| step * *inner) => *inner *= size,
            _ => merged.push((size, strides)),
        }
    }
    if merged.is_empty() {
        merged.push((1, [1, 1]));
    }
    if merged.len() > MAX_DIMS {
        return Err(view.error(format!(
            "{} dimensions differ; at most {MAX_DIMS} are supported",
            merged.len()
        )));
    }
    let each = merged.iter().flat_map(|&(size, [a, b])| [size, a, b]);
    let word = |n| u32::try_from(n).map_err(|_| view.error(format!("{n} values are too many")));
    [merged.len()].into_iter().chain(each).map(word).collect()
}

/// The strides of a tensor's dimensions, in values.
pub(crate) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for i in (1..shape.len()).rev() {
        strides[i - 1] = strides[i] * shape[i];
    }
    strides
}
