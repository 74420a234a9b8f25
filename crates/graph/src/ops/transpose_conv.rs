//! TRANSPOSE_CONV: see the engine's file of the same name.

use super::weighted::{self, Weights};
use super::{Data, Effort, Lowered, View};
use crate::{Activation, GraphError, Padding};

pub(crate) fn lower(
    view: &View<'_>,
    padding: Padding,
    stride: [usize; 2],
    activation: Activation,
    data: &mut Data,
) -> Result<Lowered, GraphError> {
    view.arity(
        3..=4,
        "the output's shape, weights, values and perhaps a bias",
    )?;
    let (_, x) = view.activation(2)?;
    let y = view.output()?;
    let weights = Weights::read(view, 1, 4, 0)?;
    let kernel = [weights.dim(1), weights.dim(2)];
    let (&[n, h, w, c], &[on, oh, ow, o]) = (&x.shape[..], &y.shape[..]) else {
        return Err(view.error(format!(
            "takes a picture [N, H, W, C] to another, not {:?} to {:?}",
            x.shape, y.shape
        )));
    };
    if stride.contains(&0) || kernel.contains(&0) || on != n {
        return Err(view.error(format!(
            "stride {stride:?} and kernel {kernel:?} must be 1 or more, and both pictures as many"
        )));
    }
    if weights.dim(3) != c || weights.dim(0) != o {
        return Err(view.error(format!(
            "weights {:?} don't take {:?} to {:?}",
            weights.tensor.shape, x.shape, y.shape
        )));
    }
    let mut params = Vec::new();
    for pair in [
        kernel,
        stride,
        pads(padding, kernel, stride, [(h, oh), (w, ow)]),
    ] {
        for value in pair {
            let word = u32::try_from(value).ok().filter(|&v| v < 1 << 30);
            params.push(word.ok_or_else(|| view.error("a window that is too large"))?);
        }
    }
    params.push(view.scale(x)?.1 as u32);
    params.extend(weights.lower(view, (x, y), 3, activation, false, data)?);
    view.lowered(&lampyris_core::ops::TRANSPOSE_CONV, params, [2])
}

/// What is cut off at the top and at the left. Source: TFLite `kernels/padding.h`,
/// `ComputePaddingHeightWidth`, which takes the output for the picture here.
fn pads(
    padding: Padding,
    kernel: [usize; 2],
    stride: [usize; 2],
    sizes: [(usize, usize); 2],
) -> [usize; 2] {
    match padding {
        Padding::Same => [0, 1].map(|axis| {
            let (_, output) = sizes[axis];
            let inputs = output.div_ceil(stride[axis]);
            let covered = inputs.saturating_sub(1).saturating_mul(stride[axis]) + kernel[axis];
            covered.saturating_sub(output) / 2
        }),
        Padding::Valid => [0; 2],
        Padding::Before(pads) => pads,
    }
}

pub(crate) fn effort(view: &View<'_>) -> Effort {
    let pixels = view
        .input(2)
        .map_or(0, |(_, x)| x.elements() / x.depth().max(1));
    weighted::effort(view, 1, 3, pixels as u64)
}
