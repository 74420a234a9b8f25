//! Pictures, and windows that move over them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::NetError;

/// What one layer hands to the next: a picture `[height, width, channels]`, stored
/// row by row with the channels of a pixel side by side (TFLite's NHWC without N).
/// Sound and motion have their frames in time along the height. Plain features are
/// 1×1×n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Shape {
    /// Rows: frames in time where there are any.
    #[ts(type = "number")]
    pub height: usize,
    /// Columns.
    #[ts(type = "number")]
    pub width: usize,
    /// Values a pixel.
    #[ts(type = "number")]
    pub channels: usize,
}

impl Shape {
    /// A picture.
    pub const fn new(height: usize, width: usize, channels: usize) -> Self {
        Self {
            height,
            width,
            channels,
        }
    }

    /// `n` values side by side.
    pub const fn flat(n: usize) -> Self {
        Self::new(1, 1, n)
    }

    /// What a block's features `[frames, columns]` are: a picture of one channel, or
    /// plain features where there is one frame.
    pub const fn of_frames(features: usize, frames: usize) -> Self {
        if frames <= 1 {
            return Self::flat(features);
        }
        Self::new(frames, features / frames, 1)
    }

    /// Whether it is one row of values.
    pub const fn is_flat(self) -> bool {
        self.height == 1 && self.width == 1
    }

    /// Values in all.
    pub const fn len(self) -> usize {
        self.height
            .saturating_mul(self.width)
            .saturating_mul(self.channels)
    }

    /// Whether it holds nothing, which no network accepts.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// As a graph has it, batch first: `[1, n]` where it is flat, else
    /// [`Shape::picture`].
    pub fn dims(self) -> Vec<usize> {
        if self.is_flat() {
            return vec![1, self.channels];
        }
        self.picture()
    }

    /// `[1, height, width, channels]`.
    pub fn picture(self) -> Vec<usize> {
        vec![1, self.height, self.width, self.channels]
    }
}

impl From<usize> for Shape {
    fn from(n: usize) -> Self {
        Self::flat(n)
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}×{}×{}", self.height, self.width, self.channels)
    }
}

/// What lies around a picture when a window slides over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Padding {
    /// As many zeros as it takes for ⌈size / stride⌉ outputs, the odd one at the end.
    #[default]
    Same,
    /// Nothing: the window stays within the picture.
    Valid,
}

/// A window and how it moves, each in y and in x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Pixels it covers.
    pub size: [usize; 2],
    /// Pixels from one place to the next.
    pub stride: [usize; 2],
    /// What lies around the picture.
    pub padding: Padding,
}

/// Largest window and stride; TFLite Micro's own loops have no limit, a slip of the
/// hand should.
const MAX_SIDE: u32 = 1024;

impl Window {
    pub(crate) fn new(size: [u32; 2], stride: [u32; 2], padding: Padding) -> Self {
        Self {
            size: size.map(|n| n as usize),
            stride: stride.map(|n| n as usize),
            padding,
        }
    }

    /// Refuses sizes and strides of 0 or beyond reason.
    pub(crate) fn check(&self, place: &str) -> Result<(), NetError> {
        let sides = [("window", self.size), ("stride", self.stride)];
        for (name, [y, x]) in sides {
            if ![y, x].iter().all(|n| (1..=MAX_SIDE as usize).contains(n)) {
                return Err(NetError::new(
                    format!("a {name} of {y}×{x}"),
                    place,
                    format!("choose 1 to {MAX_SIDE} in height and width"),
                ));
            }
        }
        Ok(())
    }

    /// The stride where it isn't the window's size.
    pub(crate) fn other_stride(&self) -> Option<[usize; 2]> {
        (self.stride != self.size).then_some(self.stride)
    }

    /// Height and width of what the window makes of a picture.
    pub(crate) fn outputs(&self, input: Shape, place: &str) -> Result<[usize; 2], NetError> {
        let sides = [input.height, input.width];
        let [y, x] = self.size;
        if self.padding == Padding::Valid && (y > sides[0] || x > sides[1]) {
            return Err(NetError::new(
                format!(
                    "a window of {y}×{x} over a picture of {}×{}",
                    sides[0], sides[1]
                ),
                place,
                "choose a smaller window, pool less before it, or give it padding \"same\" where it has one",
            ));
        }
        Ok([0, 1].map(|d| match self.padding {
            Padding::Same => sides[d].div_ceil(self.stride[d]),
            Padding::Valid => (sides[d] - self.size[d]) / self.stride[d] + 1,
        }))
    }

    /// Zeros before and behind a picture, in y and in x. Source: TFLite's
    /// `kernels/padding.h`, `ComputePaddingHeightWidth`.
    pub fn pads(&self, input: Shape) -> [[usize; 2]; 2] {
        let sides = [input.height, input.width];
        [0, 1].map(|d| match self.padding {
            Padding::Valid => [0, 0],
            Padding::Same => {
                let outputs = sides[d].div_ceil(self.stride[d]);
                let needed = (outputs - 1) * self.stride[d] + self.size[d];
                let all = needed.saturating_sub(sides[d]);
                [all / 2, all - all / 2]
            }
        })
    }

    /// Calls `tap(output pixel, input pixel, tap)` for every tap of every place that
    /// lies within the picture, places row by row, taps row by row within each.
    ///
    /// # Panics
    ///
    /// Where the window doesn't fit the picture, which a checked network's does.
    pub fn walk(&self, input: Shape, mut tap: impl FnMut(usize, usize, usize)) {
        let pads = self.pads(input);
        let [rows, columns] = self
            .outputs(input, "")
            .expect("the layer was checked against this picture");
        for place in 0..rows * columns {
            let (y, x) = (place / columns, place % columns);
            for ky in 0..self.size[0] {
                let row = (y * self.stride[0] + ky).wrapping_sub(pads[0][0]);
                if row >= input.height {
                    continue;
                }
                for kx in 0..self.size[1] {
                    let column = (x * self.stride[1] + kx).wrapping_sub(pads[1][0]);
                    if column < input.width {
                        tap(place, row * input.width + column, ky * self.size[1] + kx);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(size: u32, stride: u32, padding: Padding) -> Window {
        Window::new([size; 2], [stride; 2], padding)
    }

    #[test]
    fn same_padding_has_the_odd_one_at_the_end() {
        let picture = Shape::new(5, 4, 1);
        // 5 by 2: 3 places need 2·2 + 3 = 7, 2 more; 4 by 2: 2 places need 5, 1 more.
        let w = window(3, 2, Padding::Same);
        assert_eq!(w.pads(picture), [[1, 1], [0, 1]]);
        assert_eq!(w.outputs(picture, "here"), Ok([3, 2]));
        // A stride beyond the window needs nothing.
        assert_eq!(window(1, 3, Padding::Same).pads(picture), [[0; 2]; 2]);
    }

    #[test]
    fn valid_windows_stay_within() {
        let w = window(3, 2, Padding::Valid);
        assert_eq!(w.outputs(Shape::new(8, 3, 1), "here"), Ok([3, 1]));
        let e = w
            .outputs(Shape::new(2, 9, 1), "layer 3")
            .expect_err("2 < 3");
        assert_eq!(e.place, "layer 3");
        assert!(e.what.contains("3×3") && e.what.contains("2×9"), "{e}");
        for (size, stride) in [(0, 1), (1, 0), (1025, 1)] {
            window(size, stride, Padding::Same)
                .check("here")
                .expect_err("out of range");
        }
    }

    #[test]
    fn taps_beside_the_picture_are_left_out() {
        let mut taps = Vec::new();
        window(2, 1, Padding::Same).walk(Shape::new(2, 1, 1), |o, i, t| taps.push((o, i, t)));
        // One column: the second of the window is always beside it.
        assert_eq!(taps, [(0, 0, 0), (0, 1, 2), (1, 1, 0)]);
    }

    #[test]
    fn flat_shapes_have_two_dimensions() {
        assert_eq!(Shape::from(7).dims(), [1, 7]);
        assert_eq!(Shape::of_frames(12, 1), Shape::flat(12));
        assert_eq!(Shape::of_frames(12, 4), Shape::new(4, 3, 1));
        assert_eq!(Shape::new(7, 1, 2).dims(), [1, 7, 1, 2]);
        assert_eq!(Shape::new(7, 3, 2).to_string(), "7×3×2");
    }
}
