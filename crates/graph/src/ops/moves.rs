//! What operators move, byte by byte: strided copies, which the engine makes on a chip
//! and [`Moves::apply`] on the host, where all that is moved is constant.

use std::ops::Range;

use lampyris_core::kernel::moves::MAX_RANK;
use lampyris_core::{Operator, ops as chip};

use super::{
    Lowered, View, concatenation, pack, slice, split, split_v, strided_slice, transpose, unpack,
};
use crate::{GraphError, Op, Tensor};

/// Runs of fewer bytes than that are copied one by one, along a longer dimension.
const SHORT: usize = 8;

/// A dimension of a move: how many steps, and how many values each of them is in the
/// input and in the output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Dim {
    pub(crate) size: usize,
    pub(crate) from: isize,
    pub(crate) to: isize,
}

/// A loop nest that copies, outermost dimension first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Move {
    /// Where it begins in the input.
    pub(crate) from: usize,
    /// Where it begins in the output.
    pub(crate) to: usize,
    pub(crate) dims: Vec<Dim>,
}

impl Move {
    /// The same copy in as few dimensions as can be: those that lie side by side in the
    /// input and in the output are one.
    fn merged(&self) -> Vec<Dim> {
        let mut dims: Vec<Dim> = Vec::new();
        for &inner in self.dims.iter().filter(|d| d.size != 1) {
            let size = inner.size as isize;
            match dims.last_mut() {
                Some(outer) if outer.from == inner.from * size && outer.to == inner.to * size => {
                    *outer = Dim {
                        size: outer.size * inner.size,
                        ..inner
                    };
                }
                _ => dims.push(inner),
            }
        }
        if dims.is_empty() {
            dims.push(Dim {
                size: 1,
                from: 1,
                to: 1,
            });
        }
        // The order makes no difference to what is copied, but to how long it takes.
        let is_run = |d: &Dim| (d.from, d.to) == (1, 1) && d.size >= SHORT;
        if !dims.last().is_some_and(is_run) {
            dims.sort_by_key(|d| d.size);
        }
        dims
    }
}

/// The moves of a node, and the inputs that they move.
pub(crate) struct Moves {
    /// Places of the inputs; the others hold shapes, axes and the like.
    pub(crate) inputs: Range<usize>,
    /// One for each input or for each output, whichever are more.
    pub(crate) moves: Vec<Move>,
}

impl Moves {
    /// The copy of input `place` to the one output.
    pub(crate) fn one(place: usize, only: Move) -> Self {
        Self {
            inputs: place..place + 1,
            moves: vec![only],
        }
    }

    /// The words that the engine reads.
    pub(crate) fn words(&self, view: &View<'_>) -> Result<Vec<u32>, GraphError> {
        let mut words = Vec::new();
        for one in &self.moves {
            let dims = one.merged();
            if dims.len() > MAX_RANK {
                return Err(view.error(format!(
                    "moves values along {} separate dimensions; {MAX_RANK} are supported",
                    dims.len()
                )));
            }
            words.extend([dims.len(), one.from, one.to].map(|n| n as u32));
            let dim = |d: &Dim| [d.size as u32, d.from as u32, d.to as u32];
            words.extend(dims.iter().rev().flat_map(dim));
        }
        Ok(words)
    }

    /// Makes the moves on values of `bytes` bytes each.
    pub(crate) fn apply(&self, bytes: usize, inputs: &[&[u8]], outputs: &mut [Vec<u8>]) {
        for (k, one) in self.moves.iter().enumerate() {
            let from = inputs[k.min(inputs.len() - 1)];
            let last = outputs.len() - 1;
            let to = &mut outputs[k.min(last)];
            let steps = one.dims.iter().map(|d| d.size).product();
            for mut step in 0..steps {
                let (mut read, mut write) = (one.from as isize, one.to as isize);
                for dim in one.dims.iter().rev() {
                    let at = (step % dim.size) as isize;
                    step /= dim.size;
                    read += at * dim.from;
                    write += at * dim.to;
                }
                let (read, write) = (read as usize * bytes, write as usize * bytes);
                to[write..write + bytes].copy_from_slice(&from[read..read + bytes]);
            }
        }
    }
}

/// The moves of a node, and the operator that makes them on a chip; `None` where the node
/// does more than move values.
pub(crate) fn of(view: &View<'_>) -> Result<Option<(&'static Operator, Moves)>, GraphError> {
    let (operator, moves) = match &view.node.op {
        Op::Concatenation { axis, activation } => (
            &chip::CONCATENATION,
            concatenation::moves(view, *axis, *activation),
        ),
        Op::Pack { axis } => (&chip::PACK, pack::moves(view, *axis)),
        Op::Unpack { axis } => (&chip::UNPACK, unpack::moves(view, *axis)),
        Op::Split => (&chip::SPLIT, split::moves(view)),
        Op::SplitV => (&chip::SPLIT_V, split_v::moves(view)),
        Op::Slice => (&chip::SLICE, slice::moves(view)),
        Op::StridedSlice { .. } => (&chip::STRIDED_SLICE, strided_slice::moves(view)),
        Op::Transpose => (&chip::TRANSPOSE, transpose::moves(view)),
        _ => return Ok(None),
    };
    Ok(Some((operator, moves?)))
}

/// The node on the chip.
pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    let (operator, moves) = of(view)?.ok_or_else(|| view.error("moves no values"))?;
    let words = moves.words(view)?;
    view.lowered(operator, words, moves.inputs)
}

/// How many values lie from one index of a dimension to the next.
pub(crate) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for d in (1..shape.len()).rev() {
        strides[d - 1] = strides[d] * shape[d];
    }
    strides
}

/// Values side by side along an axis: of parts that are `sizes` long there, each with
/// `inner` values at an index and `outer` times over, and of the whole. Parts go into the
/// whole, or come out of it.
pub(crate) fn side_by_side(outer: usize, sizes: &[usize], inner: usize, into: bool) -> Vec<Move> {
    let whole = sizes.iter().sum::<usize>() * inner;
    let mut at = 0;
    let part = |&size: &usize| {
        let run = size * inner;
        let dim = |size: usize, part: usize, whole: usize| {
            let (from, to) = if into { (part, whole) } else { (whole, part) };
            Dim {
                size,
                from: from as isize,
                to: to as isize,
            }
        };
        let (from, to) = if into { (0, at) } else { (at, 0) };
        at += run;
        Move {
            from,
            to,
            dims: vec![dim(outer, run, whole), dim(run, 1, 1)],
        }
    };
    sizes.iter().map(part).collect()
}

impl<'a> View<'a> {
    /// The input at that place, which must be given: an activation or a constant.
    pub(crate) fn given(&self, place: usize) -> Result<&'a Tensor, GraphError> {
        self.input(place)
            .map(|(_, tensor)| tensor)
            .ok_or_else(|| self.error(format!("input {place} is missing")))
    }

    /// All outputs, of which there is at least one.
    pub(crate) fn outputs(&self) -> Result<Vec<&'a Tensor>, GraphError> {
        let found: Option<Vec<_>> = self
            .node
            .outputs
            .iter()
            .map(|&t| self.graph.tensors.get(t))
            .collect();
        found
            .filter(|outputs| !outputs.is_empty())
            .ok_or_else(|| self.error("has no outputs"))
    }

    /// An axis of `rank` dimensions, counted from the end where negative.
    pub(crate) fn axis(&self, axis: i32, rank: usize) -> Result<usize, GraphError> {
        let from_start = if axis < 0 {
            i64::from(axis) + rank as i64
        } else {
            i64::from(axis)
        };
        usize::try_from(from_start)
            .ok()
            .filter(|&axis| axis < rank)
            .ok_or_else(|| self.error(format!("there is no axis {axis} in {rank} dimensions")))
    }

    /// The one constant int32 value of the input at that place.
    pub(crate) fn one_constant(&self, place: usize, what: &str) -> Result<i32, GraphError> {
        match self.constant(place, what)?[..] {
            [one] => Ok(one),
            ref other => {
                Err(self.error(format!("the {what} must be one value, not {}", other.len())))
            }
        }
    }

    /// Bytes move from `x` to `y`, of which the file says that it has this shape.
    pub(crate) fn moves_to(
        &self,
        x: &Tensor,
        y: &Tensor,
        shape: &[usize],
    ) -> Result<(), GraphError> {
        if x.dtype != y.dtype {
            return Err(self.error(format!(
                "\"{}\" and \"{}\" must have the same type",
                x.name, y.name
            )));
        }
        if y.shape != shape {
            return Err(self.error(format!(
                "makes {shape:?} of {:?}; \"{}\" has {:?}",
                x.shape, y.name, y.shape
            )));
        }
        if shape.contains(&0) {
            return Err(self.error(format!("{shape:?} holds no values")));
        }
        Ok(())
    }
}
