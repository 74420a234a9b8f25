//! Sums and largest values over any dimensions of a tensor.
//!
//! Parameters are two walks through the input, one over the dimensions that stay and one
//! over those that go, then the operator's own words. Outputs are written in order. The
//! check holds the strides of the first walk so large that no value is read any more
//! that an output lies on, where the output begins at the input's place or before it.

use super::walk::Walk;
use crate::error::Fault;
use crate::node::{Node, Values, cells, cells_of};
use crate::ops::Reach;

pub(crate) struct Reduce<'a> {
    kept: Walk<'a>,
    gone: Walk<'a>,
    /// The operator's own words.
    pub(crate) own: &'a [u32],
}

impl<'a> Reduce<'a> {
    pub(crate) fn read(node: &Node<'a>) -> Option<Self> {
        let (kept, rest) = Walk::read(node.words())?;
        let (gone, own) = Walk::read(rest)?;
        Some(Self { kept, gone, own })
    }

    /// Whether the walks read as many values as there are, all within the input.
    fn is_sound(&self, inputs: usize, outputs: usize) -> bool {
        let read = self.gone.positions().and_then(|n| n.checked_mul(outputs));
        let within = self.kept.end().zip(self.gone.end());
        let within = within.and_then(|(kept, gone)| kept[0].checked_add(gone[0]));
        // Each stride reaches over all that lies within it.
        let mut inner = Some(1usize);
        let nested = self.kept.dims().all(|(size, [stride, _])| {
            let over = inner.is_some_and(|inner| stride >= inner);
            inner = stride.checked_mul(size);
            over
        });
        nested
            && self.kept.positions() == Some(outputs)
            && read == Some(inputs)
            && within.is_some_and(|last| last < inputs)
    }
}

pub(crate) fn reach(_: &Node<'_>, input: usize) -> Option<Reach> {
    (input == 0).then_some(Reach::ELEMENTWISE)
}

/// One input, one output, and walks that read each value once.
pub(crate) fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    let p = Reduce::read(node).ok_or(Fault::Params)?;
    match (node.input(0), node.output(0)) {
        (Some(x), Some(y)) if p.is_sound(x.len(), y.len()) => Ok(()),
        _ => Err(Fault::Shape),
    }
}

/// What is made of the values that an output stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fold {
    Sum,
    Largest,
}

/// Folds, and writes what `finish` makes of each result.
pub(crate) fn eval(
    node: &Node<'_>,
    arena: &mut [u8],
    fold: Fold,
    finish: &mut dyn FnMut(i32) -> i32,
) {
    let (Some(p), Some(x), Some(y)) = (Reduce::read(node), node.input(0), node.output(0)) else {
        return;
    };
    let arena = cells(arena);
    let (Some(x), Some(y)) = (node.values(arena, &x), cells_of(arena, &y)) else {
        return;
    };
    let mut y = y.iter();
    p.kept.rows(&mut |(size, [stride, _]), [mut at, _]| {
        for _ in 0..size {
            if let Some(y) = y.next() {
                y.set(finish(one(&p.gone, &x, at, fold)) as i8);
            }
            at = at.wrapping_add(stride);
        }
    });
}

/// The fold of the values that lie along the walk from `start` on.
fn one(walk: &Walk<'_>, x: &Values<'_>, start: usize, fold: Fold) -> i32 {
    let mut result = if fold == Fold::Sum { 0 } else { i32::MIN };
    walk.rows(&mut |(size, [stride, _]), [from, _]| {
        let mut at = start.wrapping_add(from);
        for _ in 0..size {
            let value = x.get(at);
            result = match fold {
                Fold::Sum => result.wrapping_add(value),
                Fold::Largest => result.max(value),
            };
            at = at.wrapping_add(stride);
        }
    });
    result
}
