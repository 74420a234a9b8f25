//! Functions of two values, of tensors that may be broadcast against each other.
//!
//! Outputs are written in order, so that they may lie over an operand that is not
//! broadcast, or before it. Either operand may be a constant.

use core::cell::Cell;

use super::walk::Walk;
use crate::error::Fault;
use crate::fixed::Multiplier;
use crate::node::{Node, Values, cells, cells_of};
use crate::ops::Reach;

/// A walk over the output's positions in both operands, and the operator's own words.
pub(crate) fn params<'a, const N: usize>(node: &Node<'a>) -> Option<(Walk<'a>, &'a [u32; N])> {
    let (walk, own) = Walk::read(node.words())?;
    Some((walk, own.try_into().ok()?))
}

/// See [`Reach`]: an operand that is not broadcast may lie where the output lies.
pub(crate) fn reach(node: &Node<'_>, input: usize) -> Option<Reach> {
    let (walk, _) = Walk::read(node.words())?;
    let mut next = 1usize;
    let in_order = walk.dims().all(|(size, strides)| {
        let stride = strides.get(input).copied();
        let fits = stride == Some(next);
        next = next.wrapping_mul(size);
        fits
    });
    in_order.then_some(Reach::ELEMENTWISE)
}

/// Two operands, one output, and a walk that stays within them.
pub(crate) fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (2, 1) {
        return Err(Fault::Arity);
    }
    let (walk, _) = Walk::read(node.words()).ok_or(Fault::Params)?;
    match (node.input(0), node.input(1), node.output(0)) {
        (Some(a), Some(b), Some(y))
            if walk.positions() == Some(y.len()) && walk.is_within([a.len(), b.len()]) =>
        {
            Ok(())
        }
        _ => Err(Fault::Shape),
    }
}

/// A zero point, from its word.
pub(crate) fn is_zero_point(word: u32) -> bool {
    (-128..=127).contains(&(word as i32))
}

/// A multiplier from its words.
pub(crate) fn multiplier(significand: u32, shift: u32) -> Multiplier {
    Multiplier {
        significand: significand as i32,
        shift: shift as i32,
    }
}

/// What a result becomes: zero point added, clamped.
#[derive(Clone, Copy)]
pub(crate) struct Finish {
    zero: i32,
    low: i32,
    high: i32,
}

impl Finish {
    /// The output's zero point, and both ends of the clamp.
    pub(crate) fn read([zero, low, high]: [u32; 3]) -> Self {
        Self {
            zero: zero as i32,
            low: low as i32,
            high: high as i32,
        }
    }

    pub(crate) fn is_sound(&self) -> bool {
        let fits = |n| (-128..=127).contains(&n);
        fits(self.zero) && fits(self.low) && fits(self.high) && self.low <= self.high
    }

    /// The zero point, and both ends of the clamp.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn range(&self) -> (i32, i32, i32) {
        (self.zero, self.low, self.high)
    }

    #[inline]
    pub(crate) fn apply(&self, value: i32) -> i32 {
        let value = value.wrapping_add(self.zero);
        value.max(self.low).min(self.high)
    }
}

/// A row of outputs, and where it begins in each operand.
pub(crate) struct Row<'s> {
    operands: [Values<'s>; 2],
    at: [usize; 2],
    strides: [usize; 2],
    y: &'s [Cell<i8>],
}

impl Row<'_> {
    /// Writes the row. On its own, lest the closures that call it are linked twice.
    #[inline(never)]
    pub(crate) fn map(&self, f: impl Fn(i32, i32) -> i32) {
        let ([a, b], [mut at_a, mut at_b]) = (self.operands, self.at);
        let [step_a, step_b] = self.strides;
        for y in self.y {
            y.set(f(a.get(at_a), b.get(at_b)) as i8);
            at_a = at_a.wrapping_add(step_a);
            at_b = at_b.wrapping_add(step_b);
        }
    }
}

/// Calls `row` for each row of the output in order.
pub(crate) fn rows(node: &Node<'_>, arena: &mut [u8], row: &mut dyn FnMut(&Row<'_>)) {
    let Some((walk, _)) = Walk::read(node.words()) else {
        return;
    };
    let (Some(a), Some(b), Some(y)) = (node.input(0), node.input(1), node.output(0)) else {
        return;
    };
    let arena = cells(arena);
    let (Some(a), Some(b)) = (node.values(arena, &a), node.values(arena, &b)) else {
        return;
    };
    let Some(mut rest) = cells_of(arena, &y) else {
        return;
    };
    walk.rows(&mut |(size, strides), at| {
        if let Some(y) = rest.split_off(..size) {
            row(&Row {
                operands: [a, b],
                at,
                strides,
                y,
            });
        }
    });
}
