//! Pictures as cameras and files give them, and how they become smaller.
//!
//! **Arithmetic.** Whole numbers only. A pixel of the smaller picture is the mean over
//! the area that it covers: with the source's side of n pixels cut into m, source pixel i
//! covers [i·m, (i + 1)·m) and pixel x covers [x·n, (x + 1)·n), so that every weight is a
//! whole number and the mean is rounded once, halves up. The same rule makes a small
//! picture larger.
//!
//! **Walk.** Each source pixel is read once for each pixel that it lies under, in rows, and
//! only the pixels at an end of a row are multiplied by a weight of their own. Places and
//! weights follow from those before by additions: besides the mean itself, nothing is
//! divided.

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

/// A stretch of rows or columns of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// The first.
    pub from: usize,
    /// How many, at least 1.
    pub count: usize,
}

impl Side {
    /// All of so many.
    #[must_use]
    pub const fn all(count: usize) -> Self {
        Self { from: 0, count }
    }

    /// The same, cut to a side of `most` ≥ 1.
    fn within(self, most: usize) -> Self {
        let from = self.from.min(most - 1);
        Self {
            from,
            count: self.count.clamp(1, most - from),
        }
    }
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

    /// Writes `[rows, columns, channels]` of the stretch `[y, x]` of this picture, each byte
    /// less 128; `channels` is 3 (red, green, blue) or 1 (grey).
    ///
    /// Grey is (77 red + 150 green + 29 blue + 128) / 256, rounded down, of the means:
    /// the luma of ITU-R BT.601 in 8 bits. The stretch is cut to what the picture has.
    pub fn area(&self, stretch: [Side; 2], grid: [usize; 2], channels: usize, out: &mut [i8]) {
        self.area_at(stretch, grid, grid.map(Side::all), channels, out);
    }

    /// [`View::area`] onto the place `[y, x]` of a picture of `grid`; what is beside the
    /// place stays as it is. The place is cut to the grid.
    pub fn area_at(
        &self,
        stretch: [Side; 2],
        grid: [usize; 2],
        place: [Side; 2],
        channels: usize,
        out: &mut [i8],
    ) {
        if grid.contains(&0) || channels == 0 {
            return;
        }
        let target = Target {
            place: [place[0].within(grid[0]), place[1].within(grid[1])],
            row: grid[1] * channels,
            channels,
            out,
        };
        let stretch = [
            stretch[0].within(self.height),
            stretch[1].within(self.width),
        ];
        match self.pixels {
            Pixels::Grey => self.walk(stretch, target, |[v]: &[u8; 1]| [u32::from(*v)]),
            Pixels::Rgb => self.walk(stretch, target, |rgb: &[u8; 3]| rgb.map(u32::from)),
            Pixels::Rgba => self.walk(stretch, target, |[r, g, b, _]: &[u8; 4]| {
                [*r, *g, *b].map(u32::from)
            }),
            Pixels::Rgb565 => self.walk(stretch, target, |[high, low]: &[u8; 2]| {
                let pixel = u32::from(*high) << 8 | u32::from(*low);
                let (r, g, b) = (pixel >> 11, pixel >> 5 & 63, pixel & 31);
                // The highest bits once more, so that full stays full.
                [r << 3 | r >> 2, g << 2 | g >> 4, b << 3 | b >> 2]
            }),
        }
    }

    /// The area mean for one way in which `C` values lie in the `B` bytes of a pixel.
    fn walk<const B: usize, const C: usize>(
        &self,
        [y, x]: [Side; 2],
        target: Target<'_>,
        read: impl Fn(&[u8; B]) -> [u32; C],
    ) {
        let pixels = self.bytes.as_chunks::<B>().0;
        let mean = Mean::over(y.count * x.count);
        let [place_y, place_x] = target.place;
        let rows = target.out.chunks_exact_mut(target.row);
        let rows = rows.skip(place_y.from).take(place_y.count);
        for (to, down) in rows.zip(Cuts::new(y, place_y.count)) {
            let to = to.chunks_exact_mut(target.channels);
            let to = to.skip(place_x.from).take(place_x.count);
            for (to, across) in to.zip(Cuts::new(x, place_x.count)) {
                let mut sums = [0; C];
                for (row, weight) in down.rows() {
                    let row = pixels.get(row * self.width..).unwrap_or_default();
                    add(&mut sums, across.sum(row, &read), weight);
                }
                put(to, sums.map(|sum| mean.of(sum)));
            }
        }
    }
}

/// Where the pixels of a smaller picture go.
struct Target<'a> {
    place: [Side; 2],
    /// Bytes of a whole row.
    row: usize,
    channels: usize,
    out: &'a mut [i8],
}

/// Writes a pixel of the means of one value (grey) or three.
fn put<const C: usize>(to: &mut [i8], means: [u32; C]) {
    let rgb = match means.as_slice() {
        [r, g, b] => [*r, *g, *b],
        [grey, ..] => [*grey; 3],
        [] => return,
    };
    if let [grey] = to {
        *grey = less_128((77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2] + 128) >> 8);
    } else {
        for (to, value) in to.iter_mut().zip(rgb) {
            *to = less_128(value);
        }
    }
}

/// A byte as an int8 whose zero is the middle grey.
fn less_128(byte: u32) -> i8 {
    (byte as u8 ^ 0x80) as i8
}

fn add<const C: usize>(sums: &mut [u32; C], values: [u32; C], weight: u32) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += weight * value;
    }
}

/// What one target pixel covers along one side: a first pixel, whole ones, a last one.
#[derive(Clone, Copy)]
struct Cut {
    /// The first source pixel, and its weight.
    first: usize,
    head: u32,
    /// How many follow that are covered as a whole, and the weight of each.
    whole: usize,
    each: u32,
    /// Weight of the one behind them; 0 where none is.
    tail: u32,
}

impl Cut {
    /// The source rows with their weights.
    fn rows(self) -> impl Iterator<Item = (usize, u32)> {
        let last = self.first + self.whole + usize::from(self.tail > 0);
        (self.first..=last).map(move |row| {
            let weight = if row == self.first {
                self.head
            } else if row <= self.first + self.whole {
                self.each
            } else {
                self.tail
            };
            (row, weight)
        })
    }

    /// The weighted sum over the pixels of a source row.
    fn sum<const B: usize, const C: usize>(
        self,
        row: &[[u8; B]],
        read: impl Fn(&[u8; B]) -> [u32; C],
    ) -> [u32; C] {
        let mut sums = [0; C];
        let row = row.get(self.first..).unwrap_or_default();
        let Some((first, row)) = row.split_first() else {
            return sums;
        };
        let (whole, row) = row.split_at_checked(self.whole).unwrap_or_default();
        for pixel in whole {
            add(&mut sums, read(pixel), 1);
        }
        sums = sums.map(|sum| sum * self.each);
        add(&mut sums, read(first), self.head);
        if let Some(last) = row.first().filter(|_| self.tail > 0) {
            add(&mut sums, read(last), self.tail);
        }
        sums
    }
}

/// A side cut into target pixels, one after another.
struct Cuts {
    /// The next one begins `part` / `targets` into pixel `at`.
    at: usize,
    part: usize,
    /// From one to the next: so many pixels and that much more.
    step: usize,
    more: usize,
    targets: usize,
    count: usize,
}

impl Cuts {
    /// `targets` is at least 1.
    fn new(side: Side, targets: usize) -> Self {
        let targets = targets.max(1);
        Self {
            at: side.from,
            part: 0,
            step: side.count / targets,
            more: side.count % targets,
            targets,
            count: side.count,
        }
    }
}

impl Iterator for Cuts {
    type Item = Cut;

    /// One more than `targets` would lie behind the side: the caller stops before.
    fn next(&mut self) -> Option<Cut> {
        let (first, part) = (self.at, self.part);
        self.at += self.step;
        self.part += self.more;
        if self.part >= self.targets {
            self.part -= self.targets;
            self.at += 1;
        }
        let each = self.targets as u32;
        Some(if self.at == first {
            Cut {
                first,
                head: self.count as u32,
                whole: 0,
                each,
                tail: 0,
            }
        } else {
            Cut {
                first,
                head: (self.targets - part) as u32,
                whole: self.at - first - 1,
                each,
                tail: self.part as u32,
            }
        })
    }
}

/// Divides sums of bytes by an area.
struct Mean {
    area: u32,
}

impl Mean {
    fn over(area: usize) -> Self {
        Self {
            area: (area as u32).max(1),
        }
    }

    /// `sum` / area, halves up; `sum` is at most 255 areas.
    fn of(&self, sum: u32) -> u32 {
        (sum + self.area / 2) / self.area
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{vec, vec::Vec};

    fn whole(view: &View<'_>) -> [Side; 2] {
        [view.height(), view.width()].map(Side::all)
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
        // Halves are rounded up.
        let view = View::new(2, 1, Pixels::Grey, &[0, 1]).expect("legal");
        let mut out = [0];
        view.area(whole(&view), [1, 1], 1, &mut out);
        assert_eq!(out, [-127]);
    }

    #[test]
    fn a_view_has_all_its_bytes() {
        assert!(View::new(2, 2, Pixels::Rgb, &[0; 12]).is_some());
        assert!(View::new(2, 2, Pixels::Rgb, &[0; 11]).is_none());
        assert!(View::new(0, 2, Pixels::Grey, &[]).is_none());
        assert!(View::new(usize::MAX, 2, Pixels::Grey, &[]).is_none());
    }

    #[test]
    fn a_place_leaves_the_rest_alone() {
        let view = View::new(2, 1, Pixels::Grey, &[0, 255]).expect("legal");
        let mut out = [7; 12];
        let place = [Side { from: 1, count: 1 }, Side { from: 1, count: 2 }];
        view.area_at(whole(&view), [3, 4], place, 1, &mut out);
        assert_eq!(out, [7, 7, 7, 7, 7, -128, 127, 7, 7, 7, 7, 7]);
        // Stretches and places beyond what there is are cut; nothing has no place.
        let far = [Side { from: 9, count: 9 }; 2];
        view.area_at(far, [3, 4], far, 1, &mut out);
        assert_eq!(out, [7, 7, 7, 7, 7, -128, 127, 7, 7, 7, 7, 127]);
        view.area(whole(&view), [0, 4], 1, &mut out);
        view.area(whole(&view), [3, 4], 0, &mut out);
        assert_eq!(out[11], 127);
    }

    #[test]
    fn full_stays_full_in_every_format() {
        for pixels in [Pixels::Grey, Pixels::Rgb, Pixels::Rgba, Pixels::Rgb565] {
            for (byte, said) in [(0, -128), (255, 127)] {
                let bytes = vec![byte; 35 * pixels.bytes()];
                let view = View::new(7, 5, pixels, &bytes).expect("legal");
                for channels in [1, 3] {
                    let mut out = vec![1; 9 * 4 * channels];
                    view.area(whole(&view), [9, 4], channels, &mut out);
                    assert_eq!(out, vec![said; 9 * 4 * channels], "{pixels:?}");
                }
            }
        }
    }

    #[test]
    fn the_largest_picture_does_not_overflow() {
        // White, so that the sum over all of it is as large as can be.
        let bytes = vec![255; MAX_PIXELS];
        for (width, height) in [(4096, 4096), (MAX_PIXELS, 1), (1, MAX_PIXELS)] {
            let view = View::new(width, height, Pixels::Grey, &bytes).expect("legal");
            for grid in [[1, 1], [3, 7]] {
                let mut out = [0; 21];
                view.area(whole(&view), grid, 1, &mut out);
                let seen: Vec<i8> = vec![127; grid[0] * grid[1]];
                assert_eq!(out[..seen.len()], seen);
            }
        }
    }
}
