//! Pools: a window of one channel becomes one value.

use super::window::{self, Pixel, Window, reach_of};
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
    /// Hands them to `then`: built in place, for a chip copies what is returned.
    #[inline(never)]
    fn read(
        node: &Node<'_>,
        then: &mut dyn FnMut(&Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let words: &[u32; window::WORDS + 2] = node.params().ok_or(Fault::Params)?;
        let (words, &[low, high]) = words.split_first_chunk().ok_or(Fault::Params)? else {
            return Err(Fault::Params);
        };
        let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
            return Err(Fault::Shape);
        };
        then(&Self {
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
    Params::read(node, &mut |p| {
        let range = -128..=127;
        if !range.contains(&p.low) || !range.contains(&p.high) || p.low > p.high {
            return Err(Fault::Params);
        }
        p.window.check(node)?;
        let (rows, columns) = (&p.window.rows, &p.window.columns);
        let taps = rows.kernel.checked_mul(columns.kernel);
        let few = taps.is_some_and(|taps| taps <= MAX_TAPS);
        let meets = rows.meets() && columns.meets();
        if p.window.depth != p.window.outputs || !meets || !few {
            return Err(Fault::Shape);
        }
        Ok(())
    })
}

/// Every output is what `of` makes of its channel's values in the window, clamped.
pub(crate) fn eval(node: &Node<'_>, arena: &mut [u8], of: fn(Channel<'_>) -> i32) {
    let _ = Params::read(node, &mut |p| {
        window::run(node, arena, &p.window, &mut |pixel, y| {
            for (channel, y) in y.iter_mut().enumerate() {
                let value = of(Channel {
                    window: &p.window,
                    pixel,
                    channel,
                });
                *y = value.max(p.low).min(p.high) as i8;
            }
        });
        Ok(())
    });
}

/// The values of one channel in a window.
pub(crate) struct Channel<'a> {
    window: &'a Window,
    pixel: &'a Pixel<'a>,
    channel: usize,
}

impl Channel<'_> {
    /// How many values there are.
    pub(crate) fn count(&self) -> usize {
        let (down, across) = (&self.pixel.down, &self.pixel.across);
        down.count.wrapping_mul(across.count)
    }

    /// Calls `each` with every value.
    #[inline]
    pub(crate) fn each(&self, mut each: impl FnMut(i32)) {
        let (depth, x) = (self.window.depth, self.pixel.x);
        for row in 0..self.pixel.down.count {
            let mut at = self.pixel.row(row).wrapping_add(self.channel);
            let mut left = self.pixel.across.count;
            while left > 0 {
                let Some(&value) = x.get(at) else {
                    return;
                };
                each(i32::from(value));
                at = at.wrapping_add(depth);
                left = left.wrapping_sub(1);
            }
        }
    }
}
