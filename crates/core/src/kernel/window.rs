//! Windows that slide over a picture `[N, H, W, C]`: convolutions and pools.
//!
//! An output pixel reads the taps of its window that lie within the picture; those
//! in the padding are left out. Outputs are written pixel by pixel, `[N, OH, OW]` in
//! order or from the last to the first, so that an output may lie over what was read:
//! see [`reach`]. That there are two directions lets a chain of layers move to and fro
//! in the arena, where one would move them further with every layer.

use crate::error::Fault;
use crate::node::{Node, Tensor};
use crate::ops::Reach;

/// Words that an operator's parameters hold for it.
pub(crate) const WORDS: usize = 9;
/// Positions and extents stay below this, so that no sum of them overflows.
const LIMIT: usize = 1 << 30;

/// One direction of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    /// Positions of the picture.
    pub(crate) size: usize,
    /// Positions of the output.
    pub(crate) outputs: usize,
    /// Taps.
    pub(crate) kernel: usize,
    /// Positions from one window to the next.
    pub(crate) stride: usize,
    /// Positions from one tap to the next.
    pub(crate) dilation: usize,
    /// Positions of padding before the first.
    pub(crate) pad: usize,
}

/// The taps of a window that lie within the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The first such tap.
    pub(crate) first: usize,
    /// How many there are.
    pub(crate) count: usize,
    /// The position of the first one.
    pub(crate) at: usize,
}

impl Axis {
    /// Where the window of output `out` meets the picture.
    pub(crate) fn span(&self, out: usize) -> Span {
        let start = out.wrapping_mul(self.stride);
        let before = self.pad.saturating_sub(start);
        let first = self.steps(before);
        let at = start
            .wrapping_add(first.wrapping_mul(self.dilation))
            .wrapping_sub(self.pad);
        let room = self.steps(self.size.saturating_sub(at));
        Span {
            first,
            count: self.kernel.saturating_sub(first).min(room),
            at,
        }
    }

    /// What the window of output `out` reaches of the picture, from the first position to
    /// behind the last. It grows with `out` at both ends, which [`span`](Self::span) does
    /// not where a dilation skips positions.
    fn bounds(&self, out: usize) -> (usize, usize) {
        let start = out.wrapping_mul(self.stride);
        let taps = self.kernel.saturating_sub(1).wrapping_mul(self.dilation);
        let end = start.wrapping_add(taps).wrapping_add(1);
        let within = |at: usize| at.saturating_sub(self.pad).min(self.size);
        (within(start), within(end))
    }

    /// How many steps of the dilation cover that many positions.
    fn steps(&self, positions: usize) -> usize {
        if self.dilation == 1 {
            return positions;
        }
        let rest = self.dilation.saturating_sub(1);
        positions
            .wrapping_add(rest)
            .checked_div(self.dilation)
            .unwrap_or(0)
    }

    /// Whether every window meets the picture.
    pub(crate) fn meets(&self) -> bool {
        (0..self.outputs).all(|out| self.span(out).count > 0)
    }

    fn is_sound(&self) -> bool {
        let last = self
            .outputs
            .saturating_sub(1)
            .checked_mul(self.stride)
            .zip(self.kernel.saturating_sub(1).checked_mul(self.dilation))
            .and_then(|(window, tap)| window.checked_add(tap));
        let steps = self.kernel > 0 && self.stride > 0 && self.dilation > 0;
        let small = |n: usize| n < LIMIT;
        // The limit is a power of two: all are below it if the bits of all together are.
        let all = self.size | self.pad | self.stride | self.dilation;
        steps && small(all) && last.is_some_and(small)
    }
}

/// A window with the picture that it slides over and the one that it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) batches: usize,
    pub(crate) rows: Axis,
    pub(crate) columns: Axis,
    /// Channels of the picture.
    pub(crate) depth: usize,
    /// Channels of the output.
    pub(crate) outputs: usize,
    /// Whether the last pixel comes first.
    pub(crate) reversed: bool,
}

impl Window {
    /// Nine words: kernel, stride, dilation and padding before, each in y and in x, and
    /// 1 where the last pixel comes first; the rest is the tensors' shape.
    pub(crate) fn read(words: &[u32; WORDS], x: &Tensor<'_>, y: &Tensor<'_>) -> Self {
        let &[ky, kx, sy, sx, dy, dx, py, px, reversed] = words;
        let axis = |size, outputs, [kernel, stride, dilation, pad]: [u32; 4]| Axis {
            size,
            outputs,
            kernel: kernel as usize,
            stride: stride as usize,
            dilation: dilation as usize,
            pad: pad as usize,
        };
        let ([batches, h, w, depth], [_, oh, ow, outputs]) = (x.dims(), y.dims());
        Self {
            batches,
            rows: axis(h, oh, [ky, sy, dy, py]),
            columns: axis(w, ow, [kx, sx, dx, px]),
            depth,
            outputs,
            reversed: reversed != 0,
        }
    }

    /// Both tensors are pictures of as many batches, and no position overflows.
    pub(crate) fn check(&self, node: &Node<'_>) -> Result<(), Fault> {
        let ends = node.input(0).zip(node.output(0));
        let pictures =
            ends.is_some_and(|(x, y)| x.rank() == 4 && y.rank() == 4 && x.dims()[0] == y.dims()[0]);
        if pictures && self.rows.is_sound() && self.columns.is_sound() {
            return Ok(());
        }
        Err(Fault::Shape)
    }

    /// Calls `each` for every output pixel, in order or from the last on, with the pixel's
    /// number.
    ///
    /// Not generic over `each`, here as in [`run`]: one copy of these loops serves all.
    pub(crate) fn pixels(&self, each: &mut dyn FnMut(&Place, usize)) {
        let area = self.rows.size.wrapping_mul(self.columns.size);
        let turn = |i: usize, n: usize| {
            if self.reversed {
                n.wrapping_sub(i).wrapping_sub(1)
            } else {
                i
            }
        };
        let step = if self.reversed { usize::MAX } else { 1 };
        let mut number = turn(0, self.count());
        for batch in 0..self.batches {
            let batch = turn(batch, self.batches).wrapping_mul(area);
            for row in 0..self.rows.outputs {
                let down = self.rows.span(turn(row, self.rows.outputs));
                for column in 0..self.columns.outputs {
                    let across = self.columns.span(turn(column, self.columns.outputs));
                    each(
                        &Place {
                            batch,
                            down,
                            across,
                        },
                        number,
                    );
                    number = number.wrapping_add(step);
                }
            }
        }
    }

    /// Output pixels.
    fn count(&self) -> usize {
        let area = self.rows.outputs.wrapping_mul(self.columns.outputs);
        area.wrapping_mul(self.batches)
    }
}

/// Where a pixel's window lies on the picture.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// The batch's place among the picture's pixels.
    pub(crate) batch: usize,
    pub(crate) down: Span,
    pub(crate) across: Span,
}

impl Place {
    /// Which taps of the window lie within the picture.
    #[cfg(lampyris_kernels)]
    pub(crate) fn spans(&self) -> [usize; 4] {
        let (down, across) = (&self.down, &self.across);
        [down.first, down.count, across.first, across.count]
    }
}

/// An output pixel under way, and what it reads.
pub(crate) struct Pixel<'a> {
    window: &'a Window,
    /// The picture, or what the output has left of it.
    pub(crate) x: &'a [i8],
    /// Values that are missing in front of `x`.
    missing: usize,
    pub(crate) down: Span,
    pub(crate) across: Span,
    batch: usize,
}

impl Pixel<'_> {
    /// Where in `x` the first value lies that the taps in row `row` of the span read.
    #[inline]
    pub(crate) fn row(&self, row: usize) -> usize {
        let window = self.window;
        self.down
            .at
            .wrapping_add(row.wrapping_mul(window.rows.dilation))
            .wrapping_mul(window.columns.size)
            .wrapping_add(self.across.at)
            .wrapping_add(self.batch)
            .wrapping_mul(window.depth)
            .wrapping_sub(self.missing)
    }
}

/// Evaluates a node whose first input is the picture: `each` writes one pixel at a time.
pub(crate) fn run(
    node: &Node<'_>,
    arena: &mut [u8],
    window: &Window,
    each: &mut dyn FnMut(&Pixel<'_>, &mut [i8]),
) {
    let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
        return;
    };
    let len = window.outputs;
    window.pixels(&mut |place, number| {
        let tile = (number.wrapping_mul(len), len, window.reversed);
        if let Some((missing, x, y)) = node.tile(arena, &x, &y, tile) {
            let pixel = Pixel {
                window,
                x,
                missing,
                down: place.down,
                across: place.across,
                batch: place.batch,
            };
            each(&pixel, y);
        }
    });
}

/// Taps of a window of these words.
pub(crate) fn area(words: &[u32; WORDS]) -> Option<usize> {
    let &[ky, kx, ..] = words;
    (ky as usize).checked_mul(kx as usize)
}

/// How far the output must lie before or behind the picture, so that it can be written
/// `tile` pixels at a time over what no pixel reads that is still to come.
///
/// Before: for every pixel, where the tile that begins with it ends, less where the
/// first value lies that it or a later one reads. Behind: where the last value ends that
/// it or an earlier one reads, less where the tile begins that ends with it.
pub(crate) fn reach(window: &Window, tile: usize) -> Reach {
    let (mut before, mut behind) = (0, 0);
    let (rows, columns, all) = (&window.rows, &window.columns, window.count());
    let (mut batch, mut row, mut column) = (0usize, 0usize, 0usize);
    for number in 0..all {
        let place = |row: usize, column: usize| {
            let pixel = row.wrapping_mul(columns.size).wrapping_add(column);
            pixel.wrapping_add(batch).wrapping_mul(window.depth)
        };
        // Rows below begin further left, but lower, unless the picture's edge holds them
        // where this one is; the same for the ends of those above.
        let (top, bottom) = rows.bounds(row);
        let (left, right) = columns.bounds(column);
        let below = rows.bounds(row.wrapping_add(1)).0;
        let above = rows.bounds(row.wrapping_sub(1)).1;
        let mut first = place(top, left);
        if row.wrapping_add(1) < rows.outputs {
            first = first.min(place(below, 0));
        }
        let mut end = place(bottom.saturating_sub(1), right);
        if row > 0 {
            end = end.max(place(above, 0));
        }
        let done = number.saturating_add(tile).min(all);
        before = before.max(done.saturating_mul(window.outputs).saturating_sub(first));
        let begun = number.saturating_add(1).saturating_sub(tile);
        behind = behind.max(end.saturating_sub(begun.saturating_mul(window.outputs)));
        column = column.wrapping_add(1);
        if column == columns.outputs {
            (row, column) = (row.wrapping_add(1), 0);
        }
        if row == rows.outputs {
            row = 0;
            batch = batch.wrapping_add(rows.size.wrapping_mul(columns.size));
        }
    }
    Reach {
        before,
        behind,
        reversed: window.reversed,
    }
}

/// The reach of a node whose first input is the picture.
pub(crate) fn reach_of(node: &Node<'_>, words: &[u32; WORDS], tile: usize) -> Option<Reach> {
    let (x, y) = (node.input(0)?, node.output(0)?);
    Some(reach(&Window::read(words, &x, &y), tile))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn axis(size: usize, outputs: usize, kernel: usize, stride: usize, pad: usize) -> Axis {
        Axis {
            size,
            outputs,
            kernel,
            stride,
            dilation: 1,
            pad,
        }
    }

    fn span(first: usize, count: usize, at: usize) -> Span {
        Span { first, count, at }
    }

    #[test]
    fn spans_are_cut_at_both_ends() {
        let a = axis(5, 5, 3, 1, 1);
        assert_eq!(a.span(0), span(1, 2, 0));
        assert_eq!(a.span(2), span(0, 3, 1));
        assert_eq!(a.span(4), span(0, 2, 3));
        // A picture smaller than the kernel, and a window that misses it altogether.
        assert_eq!(axis(1, 1, 5, 1, 2).span(0), span(2, 1, 0));
        assert_eq!(axis(2, 9, 2, 3, 0).span(8).count, 0);
    }

    #[test]
    fn dilated_taps_skip_positions() {
        let a = Axis {
            dilation: 3,
            ..axis(8, 8, 3, 1, 3)
        };
        assert_eq!(a.span(0), span(1, 2, 0));
        assert_eq!(a.span(1), span(1, 2, 1));
        assert_eq!(a.span(2), span(1, 2, 2));
        assert_eq!(a.span(4), span(0, 3, 1));
        assert_eq!(a.span(7), span(0, 2, 4));
    }

    #[test]
    #[cfg_attr(miri, ignore = "sums alone, and many of them")]
    fn the_reach_is_what_a_simulation_finds() {
        let (mut tight, mut cases) = (0, 0);
        for (h, w) in [(1, 1), (5, 4), (4, 7)] {
            for (k, s, p) in [
                (2, 3, 3),
                (1, 1, 0),
                (3, 1, 1),
                (3, 2, 0),
                (2, 2, 0),
                (5, 1, 2),
                (4, 3, 2),
            ] {
                for (depth, outputs, tile) in [(2, 2, 1), (3, 5, 1), (4, 1, 3)] {
                    for (reversed, dilation) in [(false, 1), (true, 1), (false, 2), (true, 2)] {
                        let out = |n: usize| (n + 2 * p).saturating_sub(k) / s + 1;
                        let along = |n| Axis {
                            dilation,
                            ..axis(n, out(n), k, s, p)
                        };
                        let window = Window {
                            batches: 2,
                            rows: along(h),
                            columns: along(w),
                            depth,
                            outputs,
                            reversed,
                        };
                        let reach = reach(&window, tile);
                        let by = if reversed { reach.behind } else { reach.before };
                        assert!(is_safe(&window, tile, by), "{window:?} {tile} {reach:?}");
                        cases += 1;
                        // As small as can be, but where taps miss the picture.
                        tight += usize::from(by == 0 || !is_safe(&window, tile, by - 1));
                    }
                }
            }
        }
        assert!(tight * 10 > cases * 7, "{tight} of {cases}");
    }

    /// Whether no tile reaches into what its or later pixels read, with the output that
    /// many bytes before the picture, or behind it where the last pixel comes first.
    fn is_safe(window: &Window, tile: usize, by: usize) -> bool {
        extern crate std;
        let mut reads = std::vec::Vec::new();
        window.pixels(&mut |place, number| {
            let mut read = std::vec::Vec::new();
            for row in 0..place.down.count {
                for tap in 0..place.across.count {
                    let row = place.down.at + row * window.rows.dilation;
                    let column = place.across.at + tap * window.columns.dilation;
                    let pixel = place.batch + row * window.columns.size + column;
                    read.extend([pixel * window.depth, (pixel + 1) * window.depth]);
                }
            }
            reads.push((number, read));
        });
        let all = reads.len();
        (0..all).all(|i| {
            let number = reads[i].0;
            let to_come = || reads.iter().skip(i).flat_map(|r| r.1.iter().copied());
            if window.reversed {
                let begun = (number + 1).saturating_sub(tile) * window.outputs;
                to_come().max().is_none_or(|end| end <= begun + by)
            } else {
                let done = (number + tile).min(all) * window.outputs;
                to_come().min().is_none_or(|first| done <= first + by)
            }
        })
    }
}
