//! DEPTHWISE_CONV_2D: see the engine's file of the same name.

use super::weighted::{self, Weights};
use super::window::{REVERSED_AT, geometry};
use super::{Data, Effort, Lowered, View};
use crate::{Activation, GraphError, Window};

pub(crate) fn lower(
    view: &View<'_>,
    window: &Window,
    activation: Activation,
    data: &mut Data,
) -> Result<Lowered, GraphError> {
    let (_, x) = view.activation(0)?;
    let y = view.output()?;
    view.arity(2..=3, "values, weights and perhaps a bias")?;
    let weights = Weights::read(view, 1, 4, 3)?;
    let kernel = [weights.dim(1), weights.dim(2)];
    let geometry = geometry(
        view,
        (x, y),
        window.padding,
        [kernel, window.stride, window.dilation],
    )?;
    let (channels, outputs) = (x.depth(), weights.dim(3));
    if weights.dim(0) != 1 || !outputs.is_multiple_of(channels) || y.depth() != outputs {
        return Err(view.error(format!(
            "weights {:?} don't take {:?} to {:?}",
            weights.tensor.shape, x.shape, y.shape
        )));
    }
    let sums = weights.lower(view, (x, y), 2, activation, true, data)?;
    let (_, x_zero) = view.scale(x)?;
    let params = [&geometry.words[..], &sums, &[x_zero as u32]].concat();
    let lowered = view.lowered(&lampyris_core::ops::DEPTHWISE_CONV_2D, params, [0])?;
    Ok(lowered.reversible(REVERSED_AT))
}

pub(crate) fn effort(view: &View<'_>) -> Effort {
    let pixels = view.output().map_or(0, |y| y.elements() / y.depth().max(1));
    weighted::effort(view, 1, 2, pixels as u64)
}
