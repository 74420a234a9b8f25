//! Pools: a window of one channel becomes one value.

use super::window::{self, Span, Window, reach_of};
use crate::error::Fault;
use crate::node::Node;
use crate::ops::Reach;

/// A sum of so many bytes fits 31 bits.
const MAX_TAPS: usize = 1 << 24;
/// The most pixels that a kernel may have under way at once.
const TILE: usize = 1;

/// The window's words, then both ends of the clamp.
struct Params {
    window: Window,
    low: i32,
    high: i32,
}

impl Params {
    fn read(node: &Node<'_>) -> Result<Self, Fault> {
        let words: &[u32; window::WORDS + 2] = node.params().ok_or(Fault::Params)?;
        let (words, &[low, high]) = words.split_first_chunk().ok_or(Fault::Params)? else {
            return Err(Fault::Params);
        };
        let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
            return Err(Fault::Shape);
        };
        Ok(Self {
            window: Window::read(words, &x, &y),
            low: low as i32,
            high: high as i32,
        })
    }
}

pub(crate) fn reach(node: &Node<'_>, input: usize) -> Option<Reach> {
    let words = node.words().first_chunk()?;
    (input == 0).then(|| reach_of(node, words, TILE)).flatten()
}

pub(crate) fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    let p = Params::read(node)?;
    let range = -128..=127;
    if !range.contains(&p.low) || !range.contains(&p.high) || p.low > p.high {
        return Err(Fault::Params);
    }
    let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
        return Err(Fault::Shape);
    };
    p.window.check(&x, &y)?;
    let taps = p.window.rows.kernel.checked_mul(p.window.columns.kernel);
    let mut empty = false;
    p.window
        .pixels(|_, down, across, _| empty |= down.count == 0 || across.count == 0);
    if p.window.depth != p.window.outputs || empty || taps.is_none_or(|taps| taps > MAX_TAPS) {
        return Err(Fault::Shape);
    }
    Ok(())
}

/// Every output is what `of` makes of its pixel and channel, clamped.
pub(crate) fn eval(node: &Node<'_>, arena: &mut [u8], of: impl Fn(&Pool<'_>, usize) -> i32) {
    let (Ok(p), Some(x), Some(y)) = (Params::read(node), node.input(0), node.output(0)) else {
        return;
    };
    let outputs = p.window.outputs;
    p.window.pixels(|batch, down, across, number| {
        let tile = (number.wrapping_mul(outputs), outputs, p.window.reversed);
        let Some((missing, x, y)) = node.tile(arena, &x, &y, tile) else {
            return;
        };
        let place = p.window.place(batch, down, 0, across);
        let pixel = Pool {
            window: &p.window,
            x: x.get(place.wrapping_sub(missing)..).unwrap_or(&[]),
            down,
            across,
        };
        for (channel, y) in y.iter_mut().enumerate() {
            *y = of(&pixel, channel).max(p.low).min(p.high) as i8;
        }
    });
}

/// One output pixel, and what it reads: from its first tap on.
pub(crate) struct Pool<'a> {
    window: &'a Window,
    x: &'a [i8],
    down: Span,
    across: Span,
}

impl Pool<'_> {
    /// Calls `each` with every value of that channel in the window.
    #[inline]
    pub(crate) fn taps(&self, channel: usize, mut each: impl FnMut(i32)) {
        let (depth, width) = (self.window.depth, self.window.columns.size);
        let mut line = channel;
        for _ in 0..self.down.count {
            let mut at = line;
            for _ in 0..self.across.count {
                each(self.x.get(at).map_or(0, |&x| i32::from(x)));
                at = at.wrapping_add(depth);
            }
            line = line.wrapping_add(depth.wrapping_mul(width));
        }
    }
}
