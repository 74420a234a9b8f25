//! Windows over a picture: see `kernel/window.rs` of the engine.

use super::View;
use crate::{GraphError, Padding, Tensor};

/// What a window needs of one direction.
struct Axis {
    size: usize,
    kernel: usize,
    stride: usize,
    dilation: usize,
}

impl Axis {
    /// Positions that the taps span.
    fn extent(&self) -> usize {
        (self.kernel - 1).saturating_mul(self.dilation) + 1
    }

    /// Outputs, and padding before the first. Source: TFLite `kernels/padding.h`,
    /// `ComputePaddingHeightWidth`.
    fn outputs(&self, padding: Padding, axis: usize) -> (Option<usize>, usize) {
        match padding {
            Padding::Same => {
                let outputs = self.size.div_ceil(self.stride);
                let needed = (outputs - 1)
                    .saturating_mul(self.stride)
                    .saturating_add(self.extent());
                (Some(outputs), needed.saturating_sub(self.size) / 2)
            }
            Padding::Valid => {
                let room = (self.size + self.stride).saturating_sub(self.extent());
                (Some(room / self.stride), 0)
            }
            // What stands behind is whatever the outputs need.
            Padding::Before(pads) => (None, pads[axis]),
        }
    }
}

/// A window as the engine reads it: kernel, stride, dilation and padding in y and x, and
/// the direction, which the plan decides.
pub(crate) struct Geometry {
    pub(crate) words: [u32; 9],
}

/// Where the direction stands in [`Geometry::words`].
pub(crate) const REVERSED_AT: usize = 8;

/// Checks that such a window leads from `x` to a picture of the size of `y`.
pub(crate) fn geometry(
    view: &View<'_>,
    (x, y): (&Tensor, &Tensor),
    padding: Padding,
    [kernel, stride, dilation]: [[usize; 2]; 3],
) -> Result<Geometry, GraphError> {
    let (&[n, h, w, _], &[on, oh, ow, _]) = (&x.shape[..], &y.shape[..]) else {
        return Err(view.error(format!(
            "takes a picture [N, H, W, C] to another, not {:?} to {:?}",
            x.shape, y.shape
        )));
    };
    if [kernel, stride, dilation].as_flattened().contains(&0) {
        return Err(view.error(format!(
            "kernel {kernel:?}, stride {stride:?} and dilation {dilation:?} must be 1 or more"
        )));
    }
    let mut pads = [0; 2];
    for (axis, (size, given)) in [(h, oh), (w, ow)].into_iter().enumerate() {
        let along = Axis {
            size,
            kernel: kernel[axis],
            stride: stride[axis],
            dilation: dilation[axis],
        };
        let (outputs, pad) = along.outputs(padding, axis);
        if outputs.is_some_and(|outputs| outputs != given) || on != n {
            return Err(view.error(format!(
                "kernel {kernel:?}, stride {stride:?}, dilation {dilation:?} and padding {padding:?} don't take {:?} to {:?}",
                x.shape, y.shape
            )));
        }
        pads[axis] = pad;
    }
    let mut words = [0; 9];
    for (to, from) in words
        .iter_mut()
        .zip([kernel, stride, dilation, pads].as_flattened())
    {
        *to = u32::try_from(*from)
            .map_err(|_| view.error(format!("a window of {from} positions is too large")))?;
    }
    Ok(Geometry { words })
}
