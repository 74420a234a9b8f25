//! Where the windows of a picture lie: with padding around it, or gathered.

use lampyris_net::{Shape, Window};

use super::lanes::{Four, LANES};
use super::tile::Walk;

/// A picture `[H, W, C]` and the window that moves over it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture {
    /// Height and width.
    pub(super) sides: [usize; 2],
    pub(super) channels: usize,
    /// Of the window.
    pub(super) size: [usize; 2],
    pub(super) stride: [usize; 2],
    /// Zeros above and before it.
    pub(super) before: [usize; 2],
    /// Places of the window.
    pub(super) outputs: [usize; 2],
}

impl Picture {
    pub(super) fn new(window: &Window, input: Shape) -> Self {
        let pads = window.pads(input);
        let sides = [input.height, input.width];
        let outputs = [0, 1]
            .map(|d| (sides[d] + pads[d][0] + pads[d][1] - window.size[d]) / window.stride[d] + 1);
        let picture = Self {
            sides,
            channels: input.channels,
            size: window.size,
            stride: window.stride,
            before: [pads[0][0], pads[1][0]],
            outputs,
        };
        // A single column is a single row to all but the eye, and rows are quicker.
        if sides[1] == 1 && window.size[1] == 1 {
            let turn = |[y, x]: [usize; 2]| [x, y];
            return Self {
                sides: turn(sides),
                size: turn(picture.size),
                stride: [1, picture.stride[0]],
                before: turn(picture.before),
                outputs: turn(outputs),
                ..picture
            };
        }
        picture
    }

    /// One pixel under a window of one.
    pub(super) fn pixel(channels: usize) -> Self {
        Self {
            sides: [1, 1],
            channels,
            size: [1, 1],
            stride: [1, 1],
            before: [0, 0],
            outputs: [1, 1],
        }
    }

    /// Of one move in each direction: the picture of gradients of its places, with
    /// `channels` each, that a window of the same size moves over for the gradients of the
    /// pixels.
    pub(super) fn turned(&self, channels: usize) -> Self {
        Self {
            sides: self.outputs,
            channels,
            size: self.size,
            stride: [1, 1],
            before: [0, 1].map(|d| self.size[d] - 1 - self.before[d]),
            outputs: self.sides,
        }
    }

    /// The picture of its places' values, with no padding.
    pub(super) fn alone(&self) -> Self {
        Self {
            sides: self.outputs,
            outputs: self.outputs,
            ..Self::pixel(self.channels)
        }
    }

    /// Values.
    pub(super) fn inputs(&self) -> usize {
        self.sides[0] * self.sides[1] * self.channels
    }

    /// Places of the window.
    pub(super) fn places(&self) -> usize {
        self.outputs[0] * self.outputs[1]
    }

    /// Height and width with all padding that windows see.
    fn padded_sides(&self) -> [usize; 2] {
        [0, 1].map(|d| {
            let seen = (self.outputs[d] - 1) * self.stride[d] + self.size[d];
            seen.max(self.before[d] + self.sides[d])
        })
    }

    /// Values of a row with its padding.
    pub(super) fn pitch(&self) -> usize {
        self.padded_sides()[1] * self.channels
    }

    /// Values with padding, and one step more behind them.
    pub(super) fn padded_len(&self) -> usize {
        self.padded_sides()[0] * self.pitch() + self.stride[1] * self.channels
    }

    /// Where the first pixel lies within the padding.
    pub(super) fn inner(&self) -> usize {
        self.before[0] * self.pitch() + self.before[1] * self.channels
    }

    /// How so many rows and columns of windows lie in the padded picture.
    pub(super) fn walk(&self, [rows, places]: [usize; 2]) -> Walk {
        Walk {
            rows,
            pitch: self.stride[0] * self.pitch(),
            places,
            step: self.stride[1] * self.channels,
            runs: self.size[0],
            apart: self.pitch(),
            run: self.size[1] * self.channels,
        }
    }

    /// With zeros behind the channels, so that they fill lanes.
    pub(super) fn filled(&self) -> Self {
        Self {
            channels: self.channels.next_multiple_of(LANES),
            ..*self
        }
    }

    /// Puts padding around a picture whose pixels have `channels` values, up to this one's;
    /// `room` is used for this alone.
    pub(super) fn pad(&self, x: &[f32], channels: usize, room: &mut Vec<f32>) {
        room.resize(self.padded_len(), 0.0);
        let padded = room[self.inner()..].chunks_mut(self.pitch());
        for (x, padded) in x.chunks_exact(self.sides[1] * channels).zip(padded) {
            if channels == self.channels {
                padded[..x.len()].copy_from_slice(x);
                continue;
            }
            let pixels = padded.chunks_exact_mut(self.channels);
            for (x, padded) in x.chunks_exact(channels).zip(pixels) {
                copy(x, padded);
            }
        }
    }

    /// Calls `run(first covered value, first value, values)` for what each row of each
    /// window has within the picture.
    fn runs(&self, mut run: impl FnMut(usize, usize, usize)) {
        let c = self.channels;
        let [height, width] = self.sides;
        let [kh, kw] = self.size;
        for place in 0..self.places() {
            let y = place / self.outputs[1] * self.stride[0];
            let x = place % self.outputs[1] * self.stride[1];
            let first = self.before[1].saturating_sub(x).min(kw);
            let last = (width + self.before[1]).saturating_sub(x).min(kw);
            for ky in 0..kh {
                let row = (y + ky).wrapping_sub(self.before[0]);
                if row < height && first < last {
                    let covered = ((place * kh + ky) * kw + first) * c;
                    let pixel = row * width + x + first - self.before[1];
                    run(covered, pixel * c, (last - first) * c);
                }
            }
        }
    }

    /// What windows cover, a row a place; `room` is used for this alone.
    pub(super) fn gather(&self, x: &[f32], room: &mut Vec<f32>) {
        let [kh, kw] = self.size;
        room.resize(self.places() * kh * kw * self.channels, 0.0);
        self.runs(|covered, pixel, len| {
            copy(&x[pixel..pixel + len], &mut room[covered..covered + len]);
        });
    }

    /// Adds what [`Picture::gather`] would take to where it would take it from.
    pub(super) fn scatter(&self, covered: &[f32], x: &mut [f32]) {
        self.runs(|at, pixel, len| {
            let to = &mut x[pixel..pixel + len];
            to.iter_mut()
                .zip(&covered[at..])
                .for_each(|(to, v)| *to += v);
        });
    }
}

/// As `copy_from_slice`, but without a call for what is short.
#[inline(always)]
fn copy(from: &[f32], to: &mut [f32]) {
    let last = from.len() - from.len() % 4;
    if from.len() > 16 {
        to.copy_from_slice(from);
        return;
    }
    for at in [0, 4, 8, 12] {
        if at < last {
            Four::first(&from[at..]).put(&mut to[at..]);
        }
    }
    for at in [0, 1, 2] {
        if last + at < from.len() {
            to[last + at] = from[last + at];
        }
    }
}
