//! RESIZE_NEAREST_NEIGHBOR: see the engine's file of the same name.

use super::{Data, Lowered, View};
use crate::GraphError;

/// How positions of the output fall onto those of the input.
#[derive(Clone, Copy)]
pub(crate) struct Sampling {
    /// The centres of the corners meet.
    pub(crate) align_corners: bool,
    /// Pixels are sampled at their centres.
    pub(crate) half_pixel_centers: bool,
}

pub(crate) fn lower(
    view: &View<'_>,
    sampling: Sampling,
    data: &mut Data,
) -> Result<Lowered, GraphError> {
    view.arity(2..=2, "the picture and the size")?;
    let (_, x) = view.values(0)?;
    let &[n, h, w, c] = &x.shape[..] else {
        return Err(view.error(format!("{:?} is no picture [N, H, W, C]", x.shape)));
    };
    let size = view.constant(1, "size")?;
    let &[rows, columns] = &size[..] else {
        return Err(view.error(format!("the size {size:?} must be two values")));
    };
    let positive = |size: i32| usize::try_from(size).unwrap_or(0);
    let (rows, columns) = (positive(rows), positive(columns));
    view.moves_to(x, view.output()?, &[n, rows, columns, c])?;
    let mut table = |len, outputs| {
        let index = |i| sampling.index(i, len, outputs) as i32;
        data.push_words((0..outputs).map(index))
    };
    let params = vec![table(h, rows), table(w, columns)];
    view.lowered(&lampyris_core::ops::RESIZE_NEAREST_NEIGHBOR, params, [0])
}

impl Sampling {
    /// The position in `len` of position `i` in `outputs`, all in single precision. Source:
    /// TFLite `GetNearestNeighbor` in `resize_nearest_neighbor.h`.
    fn index(self, i: usize, len: usize, outputs: usize) -> usize {
        let scale = if self.align_corners && outputs > 1 {
            (len - 1) as f32 / (outputs - 1) as f32
        } else {
            len as f32 / outputs as f32
        };
        let offset = if self.half_pixel_centers { 0.5 } else { 0.0 };
        let place = (i as f32 + offset) * scale;
        let nearest = if self.align_corners {
            place.round()
        } else {
            place.floor()
        };
        (nearest as usize).min(len - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(align_corners: bool, half_pixel_centers: bool, len: usize, to: usize) -> Vec<usize> {
        let sampling = Sampling {
            align_corners,
            half_pixel_centers,
        };
        (0..to).map(|i| sampling.index(i, len, to)).collect()
    }

    #[test]
    fn four_ways_to_five_of_three() {
        // Steps of 0.6, from 0 and from 0.3, rounded down; steps of 0.5, from 0 and from
        // 0.25, rounded, halves up.
        assert_eq!(table(false, false, 3, 5), [0, 0, 1, 1, 2]);
        assert_eq!(table(false, true, 3, 5), [0, 0, 1, 2, 2]);
        assert_eq!(table(true, false, 3, 5), [0, 1, 1, 2, 2]);
        assert_eq!(table(true, true, 3, 5), [0, 1, 1, 2, 2]);
    }

    #[test]
    fn from_and_to_one() {
        for (align, half) in [(false, false), (false, true), (true, false), (true, true)] {
            assert_eq!(table(align, half, 1, 3), [0, 0, 0]);
        }
        assert_eq!(table(false, true, 5, 1), [2]);
        assert_eq!(table(true, false, 5, 1), [0]);
    }
}
