//! Pictures as cameras and files give them, and how they become smaller.
//!
//! **Arithmetic.** Whole numbers only. A pixel of the smaller picture is the mean over
//! the area that it covers: with the source's side of n pixels cut into m, source pixel i
//! covers [i·m, (i + 1)·m) and pixel x covers [x·n, (x + 1)·n), so that every weight is a
//! whole number and the mean is rounded once, halves up. The same rule makes a small
//! picture larger.

/// How the pixels of a picture lie in memory, row by row from the top, without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// One byte a pixel, 0 black to 255 white.
    Grey,
    /// Red, green, blue: three bytes a pixel.
    Rgb,
    /// Red, green, blue and a fourth byte that is not looked at.
    Rgba,
    /// Two bytes a pixel, the higher one first: five bits of red, six of green, five of
    /// blue, as small cameras give them.
    Rgb565,
}

impl Pixels {
    /// Bytes a pixel.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
            Self::Rgba => 4,
            Self::Rgb565 => 2,
        }
    }
}

/// Most pixels of a [`View`], so that a sum over all of them fits into 32 bits.
pub const MAX_PIXELS: usize = 1 << 24;

/// A picture in someone else's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View<'a> {
    width: usize,
    height: usize,
    pixels: Pixels,
    bytes: &'a [u8],
}

impl<'a> View<'a> {
    /// A picture of `width` × `height` pixels; `None` where there are none, more than
    /// [`MAX_PIXELS`], or not exactly as many bytes as they take.
    #[must_use]
    pub fn new(width: usize, height: usize, pixels: Pixels, bytes: &'a [u8]) -> Option<Self> {
        let count = width.checked_mul(height)?;
        let fits = count > 0 && count <= MAX_PIXELS && bytes.len() == count * pixels.bytes();
        fits.then_some(Self {
            width,
            height,
            pixels,
            bytes,
        })
    }

    /// Pixels in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }
}

/// A stretch of rows or columns of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// The first.
    pub from: usize,
    /// How many, at least 1.
    pub count: usize,
}

/// Which source pixels a target pixel covers along one side, with their weights.
///
/// `index` is below `targets`; the weights of one target add up to `side.count`.
fn covered(side: Side, targets: usize, index: usize) -> impl Iterator<Item = (usize, u32)> + Clone {
    let (begin, end) = (index * side.count, (index + 1) * side.count);
    let last = end.div_ceil(targets).max(1) - 1;
    (begin / targets..=last).map(move |i| {
        let from = begin.max(i * targets);
        let to = end.min((i + 1) * targets);
        (side.from + i, (to - from) as u32)
    })
}

impl View<'_> {
    /// Mean red, green and blue over the area of one pixel of a `[rows, columns]` picture
    /// of the stretch `[y, x]` of this one, which lies within it.
    fn mean(&self, stretch: [Side; 2], grid: [usize; 2], at: [usize; 2]) -> [u32; 3] {
        let [y, x] = stretch;
        let row_bytes = self.width * self.pixels.bytes();
        let mut sums = [0u32; 3];
        for (row, wy) in covered(y, grid[0], at[0]) {
            let row = self.bytes.get(row * row_bytes..).unwrap_or(&[]);
            for (column, wx) in covered(x, grid[1], at[1]) {
                let pixel = row.get(column * self.pixels.bytes()..).unwrap_or(&[]);
                let weight = wy * wx;
                for (sum, value) in sums.iter_mut().zip(self.pixels.rgb(pixel)) {
                    *sum += weight * u32::from(value);
                }
            }
        }
        let area = (y.count * x.count) as u32;
        sums.map(|sum| (sum + area / 2) / area.max(1))
    }

    /// Writes `[rows, columns, channels]` of the stretch `[y, x]` of this picture, each byte
    /// less 128; `channels` is 3 (red, green, blue) or 1 (grey).
    ///
    /// Grey is (77 red + 150 green + 29 blue + 128) / 256, rounded down, of the means:
    /// the luma of ITU-R BT.601 in 8 bits. The stretch is cut to what the picture has.
    pub fn area(&self, stretch: [Side; 2], grid: [usize; 2], channels: usize, out: &mut [i8]) {
        let cut = |side: Side, most: usize| {
            let from = side.from.min(most - 1);
            Side {
                from,
                count: side.count.clamp(1, most - from),
            }
        };
        let stretch = [cut(stretch[0], self.height), cut(stretch[1], self.width)];
        let rows = out.chunks_exact_mut((grid[1] * channels).max(1));
        for (y, row) in rows.take(grid[0]).enumerate() {
            for (x, to) in row.chunks_exact_mut(channels.max(1)).enumerate() {
                let [r, g, b] = self.mean(stretch, grid, [y, x]);
                if let [r_to, g_to, b_to] = to {
                    (*r_to, *g_to, *b_to) = (less_128(r), less_128(g), less_128(b));
                } else if let [grey] = to {
                    *grey = less_128((77 * r + 150 * g + 29 * b + 128) >> 8);
                }
            }
        }
    }
}

/// A byte as an int8 whose zero is the middle grey.
fn less_128(byte: u32) -> i8 {
    (byte as u8 ^ 0x80) as i8
}

impl Pixels {
    /// The first pixel of `bytes`; black where they are too few.
    fn rgb(self, bytes: &[u8]) -> [u8; 3] {
        match (self, bytes) {
            (Self::Grey, &[v, ..]) => [v; 3],
            (Self::Rgb | Self::Rgba, &[r, g, b, ..]) => [r, g, b],
            (Self::Rgb565, &[high, low, ..]) => {
                let (r, g, b) = (high >> 3, (high & 7) << 3 | low >> 5, low & 31);
                // The highest bits once more, so that full stays full.
                [r << 3 | r >> 2, g << 2 | g >> 4, b << 3 | b >> 2]
            }
            _ => [0; 3],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(view: &View<'_>) -> [Side; 2] {
        [view.height(), view.width()].map(|count| Side { from: 0, count })
    }

    #[test]
    fn means_by_hand() {
        // 3 × 1 pixels to 2: the middle one counts half to each side.
        let view = View::new(3, 1, Pixels::Grey, &[10, 100, 40]).expect("legal");
        let mut out = [0; 2];
        view.area(whole(&view), [1, 2], 1, &mut out);
        assert_eq!(out, [-88, -68]);
        // And one becomes three.
        let view = View::new(1, 1, Pixels::Rgb, &[1, 2, 3]).expect("legal");
        let mut out = [0; 9];
        view.area(whole(&view), [1, 3], 3, &mut out);
        assert_eq!(
            out,
            [1, 2, 3, 1, 2, 3, 1, 2, 3].map(|v: i16| (v - 128) as i8)
        );
    }

    #[test]
    fn a_view_has_all_its_bytes() {
        assert!(View::new(2, 2, Pixels::Rgb, &[0; 12]).is_some());
        assert!(View::new(2, 2, Pixels::Rgb, &[0; 11]).is_none());
        assert!(View::new(0, 2, Pixels::Grey, &[]).is_none());
        assert!(View::new(usize::MAX, 2, Pixels::Grey, &[]).is_none());
    }
}
