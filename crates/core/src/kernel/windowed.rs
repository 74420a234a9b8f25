//! What convolutions have in common: windows over a picture, and weights for their taps.

use super::weighted::{self, Weighted};
use super::window::{self, Window};
use crate::error::Fault;
use crate::node::Node;

/// Words of an operator's parameters: the window's, the weights', and the input's zero point.
/// A convolution has one more, its groups.
pub(crate) const WORDS: usize = window::WORDS + weighted::WORDS + 1;
const MAX_TAPS: usize = 0xffff;

/// A convolution's or a depthwise convolution's numbers.
pub(crate) struct Windowed<'a> {
    pub(crate) window: &'a Window,
    pub(crate) sums: &'a Weighted<'a>,
    pub(crate) x_zero: i32,
    /// 0 for a depthwise convolution.
    pub(crate) groups: usize,
    /// Channels that an output reads.
    pub(crate) depth: usize,
    /// Weights of an output.
    pub(crate) taps: usize,
}

impl Windowed<'_> {
    /// Hands them to `then`: built in place, for a chip copies what is returned.
    #[inline(never)]
    pub(crate) fn read(
        node: &Node<'_>,
        words: &[u32],
        then: &mut dyn FnMut(&Windowed<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let (window, rest) = words.split_first_chunk().ok_or(Fault::Params)?;
        let (sums, rest) = rest.split_first_chunk().ok_or(Fault::Params)?;
        let (&x_zero, rest) = rest.split_first().ok_or(Fault::Params)?;
        let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
            return Err(Fault::Shape);
        };
        let ([.., channels], [.., outputs]) = (x.dims(), y.dims());
        let (groups, depth) = match rest.first() {
            Some(&groups) => (
                groups as usize,
                channels.checked_div(groups as usize).ok_or(Fault::Params)?,
            ),
            None => (0, 1),
        };
        let taps = window::area(window).and_then(|area| area.checked_mul(depth));
        let weights = taps.and_then(|taps| taps.checked_mul(outputs));
        let Some(ref sums) = Weighted::read(node, sums, weights, outputs) else {
            return Err(Fault::Constant);
        };
        then(&Windowed {
            window: &Window::read(window, &x, &y),
            sums,
            x_zero: x_zero as i32,
            groups,
            depth,
            taps: taps.ok_or(Fault::Shape)?,
        })
    }

    /// All but the numbers of channels.
    pub(crate) fn check(&self, node: &Node<'_>) -> Result<(), Fault> {
        self.sums.check()?;
        if !(-128..=127).contains(&self.x_zero) {
            return Err(Fault::Params);
        }
        self.window.check(node)?;
        if !(1..=MAX_TAPS).contains(&self.taps) {
            return Err(Fault::Shape);
        }
        Ok(())
    }
}
