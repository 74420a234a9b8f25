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
//! weights follow from those before by additions, and the mean is multiplied by a reciprocal:
//! there is no division for a pixel.

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
            count: self.count.min(most - from).max(1),
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
            Pixels::Grey => self.walk(stretch, target, |[v]: &[u8; 1]| u32::from(*v)),
            Pixels::Rgb => self.walk(stretch, target, |rgb: &[u8; 3]| Rgb::of(rgb.map(u32::from))),
            Pixels::Rgba => self.walk(stretch, target, |[r, g, b, _]: &[u8; 4]| {
                Rgb::of([*r, *g, *b].map(u32::from))
            }),
            Pixels::Rgb565 => self.walk(stretch, target, |pixel: &[u8; 2]| {
                let pixel = u32::from(u16::from_be_bytes(*pixel));
                let (r, g, b) = (pixel >> 11, pixel >> 5 & 63, pixel & 31);
                // The highest bits once more, so that full stays full.
                Rgb::of([r << 3 | r >> 2, g << 2 | g >> 4, b << 3 | b >> 2])
            }),
        }
    }

    /// The area mean for one way in which values lie in the `B` bytes of a pixel.
    fn walk<const B: usize, V: Value>(
        &self,
        [y, x]: [Side; 2],
        target: Target<'_>,
        read: impl Fn(&[u8; B]) -> V,
    ) {
        let pixels = self.bytes.as_chunks::<B>().0;
        let mean = Mean::over(y.count * x.count);
        let channels = target.channels.max(1);
        let place = target.place.map(|side| side.count);
        let mut down = Cuts::new(y, place[0]);
        for to in target.rows() {
            let rows = down.step();
            let mut across = Cuts::new(x, place[1]);
            for to in to.chunks_exact_mut(channels) {
                let columns = across.step();
                let mut at = rows.first * self.width + columns.first;
                let (mut weight, mut rest) = (rows.head, y.count as u32);
                let mut sum = V::ZERO;
                loop {
                    let row = pixels.get(at..).unwrap_or_default();
                    sum = sum.plus(columns.sum(row, &read), weight);
                    rest -= weight;
                    if rest == 0 {
                        break;
                    }
                    weight = rest.min(rows.each);
                    at += self.width;
                }
                sum.write(&mean, to);
            }
        }
    }
}

/// What a pixel holds, or a weighted sum of such.
///
/// Written out for each value instead of over an array: where code is to be small,
/// compilers leave such loops as they are, and they take three times as long.
trait Value: Copy {
    const ZERO: Self;
    /// This and `weight` times the other.
    fn plus(self, other: Self, weight: u32) -> Self;
    fn times(self, weight: u32) -> Self;
    /// Writes the mean that this is the sum of to one channel or three.
    fn write(self, mean: &Mean, to: &mut [i8]);
}

impl Value for u32 {
    const ZERO: Self = 0;

    fn plus(self, other: Self, weight: u32) -> Self {
        self + weight * other
    }

    fn times(self, weight: u32) -> Self {
        self * weight
    }

    fn write(self, mean: &Mean, to: &mut [i8]) {
        let value = less_128(mean.of(self));
        if let [grey] = to {
            *grey = value;
        } else if let [red, green, blue, ..] = to {
            (*red, *green, *blue) = (value, value, value);
        }
    }
}

#[derive(Clone, Copy)]
struct Rgb {
    r: u32,
    g: u32,
    b: u32,
}

impl Rgb {
    fn of([r, g, b]: [u32; 3]) -> Self {
        Self { r, g, b }
    }
}

impl Value for Rgb {
    const ZERO: Self = Self { r: 0, g: 0, b: 0 };

    fn plus(self, other: Self, weight: u32) -> Self {
        Self {
            r: self.r + weight * other.r,
            g: self.g + weight * other.g,
            b: self.b + weight * other.b,
        }
    }

    fn times(self, weight: u32) -> Self {
        Self {
            r: self.r * weight,
            g: self.g * weight,
            b: self.b * weight,
        }
    }

    fn write(self, mean: &Mean, to: &mut [i8]) {
        let (r, g, b) = (mean.of(self.r), mean.of(self.g), mean.of(self.b));
        if let [grey] = to {
            *grey = less_128((77 * r + 150 * g + 29 * b + 128) >> 8);
        } else if let [red, green, blue, ..] = to {
            (*red, *green, *blue) = (less_128(r), less_128(g), less_128(b));
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

impl<'a> Target<'a> {
    /// The part of each row that lies in the place.
    fn rows(self) -> impl Iterator<Item = &'a mut [i8]> {
        let [y, x] = self.place;
        let rows = self.out.chunks_exact_mut(self.row.max(1));
        let (from, bytes) = (x.from * self.channels, x.count * self.channels);
        let part = move |row: &'a mut [i8]| row.get_mut(from..from + bytes).unwrap_or_default();
        rows.skip(y.from).take(y.count).map(part)
    }
}

/// A byte as an int8 whose zero is the middle grey.
fn less_128(byte: u32) -> i8 {
    (byte as u8 ^ 0x80) as i8
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
    /// The weighted sum over the pixels of a source row, which begins with the first.
    fn sum<const B: usize, V: Value>(&self, row: &[[u8; B]], read: impl Fn(&[u8; B]) -> V) -> V {
        let Some((first, row)) = row.split_first() else {
            return V::ZERO;
        };
        let (whole, row) = row.split_at_checked(self.whole).unwrap_or_default();
        let mut sum = V::ZERO;
        for pixel in whole {
            sum = sum.plus(read(pixel), 1);
        }
        sum = sum.times(self.each).plus(read(first), self.head);
        if self.tail > 0
            && let Some(last) = row.first()
        {
            sum = sum.plus(read(last), self.tail);
        }
        sum
    }
}

/// A side cut into target pixels, one after another.
struct Cuts {
    /// The next one begins `part` / `targets` into pixel `at`.
    at: usize,
    part: u32,
    /// From one to the next: so many pixels and that much more.
    step: usize,
    more: u32,
    targets: u32,
    count: u32,
}

impl Cuts {
    fn new(side: Side, targets: usize) -> Self {
        let targets = targets.max(1);
        Self {
            at: side.from,
            part: 0,
            step: side.count / targets,
            more: (side.count % targets) as u32,
            targets: targets as u32,
            count: side.count as u32,
        }
    }

    /// The next target pixel; to be asked for no more than there are.
    fn step(&mut self) -> Cut {
        let (first, part) = (self.at, self.part);
        self.at += self.step;
        self.part += self.more;
        if self.part >= self.targets {
            self.part -= self.targets;
            self.at += 1;
        }
        let each = self.targets;
        match self.at - first {
            0 => Cut {
                first,
                head: self.count,
                whole: 0,
                each,
                tail: 0,
            },
            pixels => Cut {
                first,
                head: each - part,
                whole: pixels - 1,
                each,
                tail: self.part,
            },
        }
    }
}

/// Divides sums of bytes by an area without a division, for which small cores have no
/// instruction.
///
/// With s such that b = ⌈area / 2^s⌉ ≤ 2^12, ⌊⌊n / 2^s⌋ · ⌊2^23 / b⌋ / 2^23⌋ is never above
/// n / area. For n < 256 · area it is less than 3/8 below it: at most 1/8 for ⌊2^23 / b⌋, as
/// ⌊n / 2^s⌋ < 2^20, and, where s > 0 and so b ≥ 2^11, 1/8 for ⌈ ⌉ and 2^−11 for ⌊ ⌋. So one
/// step more at most makes it exact.
struct Mean {
    area: u32,
    shift: u32,
    reciprocal: u32,
}

impl Mean {
    /// `area` is 1 … [`MAX_PIXELS`].
    fn over(area: usize) -> Self {
        let area = area as u32;
        let shift = 20u32.saturating_sub(area.leading_zeros());
        let rounded = (area + (1 << shift) - 1) >> shift;
        Self {
            area,
            shift,
            reciprocal: (1 << 23) / rounded.max(1),
        }
    }

    /// `sum` / area, halves up; `sum` is at most 255 areas.
    fn of(&self, sum: u32) -> u32 {
        let n = sum + self.area / 2;
        let quotient = ((n >> self.shift) * self.reciprocal) >> 23;
        let more = n - quotient * self.area >= self.area;
        quotient + u32::from(more)
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
    fn the_mean_is_exact() {
        let large = (0..40).map(|i| MAX_PIXELS - i * i * 9973);
        let around = (0..25).flat_map(|bit| [(1 << bit) - 1, 1 << bit, (1 << bit) + 1]);
        let areas = (1..3000).chain(large).chain(around);
        for area in areas.filter(|area| (1..=MAX_PIXELS).contains(area)) {
            let mean = Mean::over(area);
            let area = area as u64;
            for quotient in 0..256 {
                // Where the rounded mean changes, and in between.
                let edge = quotient * area - area.min(quotient * area) / 2;
                for sum in [edge.saturating_sub(1), edge, edge + 1, edge + area / 2] {
                    let sum = sum.min(255 * area);
                    let expected = (2 * sum + area) / (2 * area);
                    let found = mean.of(sum as u32);
                    assert_eq!(u64::from(found), expected, "{sum} / {area}");
                }
            }
        }
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
