//! The walk over a picture gives what the rule says, byte for byte: each pixel is the mean
//! over the area that it covers. Here the rule is spelt out, one source pixel after another.

use lampyris_dsp::image::{IMAGE, stretch};
use lampyris_dsp::picture::Side;
use lampyris_dsp::{BlockError, Pixels, Signal, View};

const FORMATS: [Pixels; 4] = [Pixels::Grey, Pixels::Rgb, Pixels::Rgba, Pixels::Rgb565];

/// A small generator of our own: the same choices in every run.
struct Dice(u32);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % n
    }

    /// Mostly small, now and then large, at least 1.
    fn size(&mut self, most: usize) -> usize {
        let most = if self.below(3) == 0 {
            most
        } else {
            most.min(9)
        };
        1 + self.below(most)
    }

    /// A stretch of a side of `most`, often all of it.
    fn side(&mut self, most: usize) -> Side {
        let from = if self.below(2) == 0 {
            0
        } else {
            self.below(most)
        };
        let count = if self.below(2) == 0 {
            most - from
        } else {
            1 + self.below(most - from)
        };
        Side { from, count }
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        // Noise, or flat and extreme, where rounding would show.
        let flat = self.below(4) == 0;
        let byte = |x: usize| if flat { [0, 255][x / 128] } else { x as u8 };
        (0..count).map(|_| byte(self.below(256))).collect()
    }
}

/// Red, green and blue of a pixel.
fn rgb(pixels: Pixels, bytes: &[u8], index: usize) -> [u64; 3] {
    let at = |byte: usize| u64::from(bytes[index * pixels.bytes() + byte]);
    match pixels {
        Pixels::Grey => [at(0); 3],
        Pixels::Rgb | Pixels::Rgba => [at(0), at(1), at(2)],
        Pixels::Rgb565 => {
            let word = at(0) * 256 + at(1);
            let (r, g, b) = (word / 2048, word / 32 % 64, word % 32);
            [r * 33 / 4, g * 65 / 16, b * 33 / 4]
        }
    }
}

/// How much of the target pixel `x` of `m` lies on the source pixel `i` of `n`.
fn overlap(x: usize, m: usize, i: usize, n: usize) -> u64 {
    let (from, to) = ((x * n).max(i * m), ((x + 1) * n).min((i + 1) * m));
    to.saturating_sub(from) as u64
}

struct Picture {
    width: usize,
    height: usize,
    pixels: Pixels,
    bytes: Vec<u8>,
}

impl Picture {
    fn random(dice: &mut Dice, pixels: Pixels) -> Self {
        let (width, height) = (dice.size(70), dice.size(70));
        let bytes = dice.bytes(width * height * pixels.bytes());
        Self {
            width,
            height,
            pixels,
            bytes,
        }
    }

    fn view(&self) -> View<'_> {
        View::new(self.width, self.height, self.pixels, &self.bytes).expect("legal")
    }

    /// The rule.
    fn area(&self, [sy, sx]: [Side; 2], grid: [usize; 2], channels: usize) -> Vec<i8> {
        let area = (sy.count * sx.count) as u64;
        let mut out = Vec::new();
        for y in 0..grid[0] {
            for x in 0..grid[1] {
                let mut sums = [0; 3];
                for i in 0..sy.count {
                    for j in 0..sx.count {
                        let weight =
                            overlap(y, grid[0], i, sy.count) * overlap(x, grid[1], j, sx.count);
                        let index = (sy.from + i) * self.width + sx.from + j;
                        let values = rgb(self.pixels, &self.bytes, index);
                        sums.iter_mut()
                            .zip(values)
                            .for_each(|(sum, v)| *sum += weight * v);
                    }
                }
                let [r, g, b] = sums.map(|sum| (2 * sum + area) / (2 * area));
                let bytes = match channels {
                    1 => vec![(77 * r + 150 * g + 29 * b + 128) / 256],
                    _ => vec![r, g, b],
                };
                out.extend(bytes.iter().map(|v| (*v as i16 - 128) as i8));
            }
        }
        out
    }
}

#[test]
fn the_walk_is_the_rule() {
    let mut dice = Dice(1);
    for case in 0..4000 {
        let picture = Picture::random(&mut dice, FORMATS[case % 4]);
        let stretch = [dice.side(picture.height), dice.side(picture.width)];
        let grid = [dice.size(40), dice.size(40)];
        let channels = [1, 3][dice.below(2)];
        let mut out = vec![99; grid[0] * grid[1] * channels];
        picture.view().area(stretch, grid, channels, &mut out);
        let told = format!(
            "{}×{} {:?}, {stretch:?} to {grid:?}, {channels}",
            picture.width, picture.height, picture.pixels
        );
        assert!(out == picture.area(stretch, grid, channels), "{told}");
    }
}

fn settings(width: usize, height: usize, colour: bool, whole: bool) -> [f32; 4] {
    let switch = |on| if on { 1.0 } else { 0.0 };
    [width as f32, height as f32, switch(colour), switch(whole)]
}

fn see(settings: &[f32], view: &View<'_>) -> Vec<i8> {
    let axes = if settings[2] > 0.0 { 3 } else { 1 };
    let signal = Signal {
        rate_hz: 10.0,
        samples: 1,
        axes,
    };
    let layout = (IMAGE.check)(&signal, settings).expect("legal");
    let mut out = vec![99; layout.features];
    IMAGE.see.expect("a block for pictures")(settings, view, &mut out);
    out
}

#[test]
fn the_middle_is_seen() {
    let mut dice = Dice(2);
    for case in 0..800 {
        let picture = Picture::random(&mut dice, FORMATS[case % 4]);
        let (width, height) = (8 + dice.below(30), 8 + dice.below(30));
        let colour = dice.below(2) == 0;
        let settings = settings(width, height, colour, false);
        let seen = stretch(&settings, picture.width, picture.height);
        let [y, x] = seen;
        // In the middle, as large as fits, and of the wanted shape but for whole pixels.
        for (side, all) in [(y, picture.height), (x, picture.width)] {
            let before = side.from;
            let behind = all - side.from - side.count;
            assert!(behind == before || behind == before + 1);
        }
        assert!(y.count == picture.height || x.count == picture.width);
        let (wide, tall) = (x.count * height, y.count * width);
        assert!(wide.abs_diff(tall) < width.max(height) || x.count == 1 || y.count == 1);
        let channels = if colour { 3 } else { 1 };
        let expected = picture.area(seen, [height, width], channels);
        assert!(see(&settings, &picture.view()) == expected);
    }
}

#[test]
fn the_whole_picture_is_fitted_in() {
    let mut dice = Dice(3);
    for case in 0..800 {
        let picture = Picture::random(&mut dice, FORMATS[case % 4]);
        let (width, height) = (8 + dice.below(30), 8 + dice.below(30));
        let colour = dice.below(2) == 0;
        let channels = if colour { 3 } else { 1 };
        let settings = settings(width, height, colour, true);
        let all = [Side::all(picture.height), Side::all(picture.width)];
        assert_eq!(stretch(&settings, picture.width, picture.height), all);
        // The nearest whole number of pixels that keeps the shape, at least one.
        let wider = picture.width * height > picture.height * width;
        let nearest = |a: usize, b: usize| ((2 * a + b) / (2 * b)).max(1);
        let (rows, columns) = if wider {
            (nearest(width * picture.height, picture.width), width)
        } else {
            (height, nearest(height * picture.width, picture.height))
        };
        let (top, left) = ((height - rows) / 2, (width - columns) / 2);
        let mut expected = vec![0; width * height * channels];
        let small = picture.area(all, [rows, columns], channels);
        for (y, row) in small.chunks(columns * channels).enumerate() {
            let at = ((top + y) * width + left) * channels;
            expected[at..at + row.len()].copy_from_slice(row);
        }
        let told = format!("{}×{} in {width}×{height}", picture.width, picture.height);
        assert!(see(&settings, &picture.view()) == expected, "{told}");
    }
}

#[test]
fn names_are_those_of_colours() {
    let signal = |axes| Signal {
        rate_hz: 10.0,
        samples: 1,
        axes,
    };
    let name = |colour, feature| {
        let mut text = String::new();
        let settings = settings(8, 8, colour, false);
        let axes = if colour { 3 } else { 1 };
        let axis = (IMAGE.name)(&signal(axes), &settings, feature, &mut text);
        (text, axis.expect("strings take all"))
    };
    assert_eq!(name(false, 63), ("grey".into(), None));
    assert_eq!(name(true, 190), ("green".into(), None));
    assert_eq!(name(true, 192), (String::new(), None));
}

#[test]
fn signals_that_are_no_pictures_are_refused() {
    let check = |samples, axes, colour| {
        let signal = Signal {
            rate_hz: 10.0,
            samples,
            axes,
        };
        (IMAGE.check)(&signal, &settings(48, 48, colour, false))
    };
    for (samples, axes, colour) in [(2, 1, false), (1, 3, false), (1, 1, true), (1, 4, true)] {
        let error = check(samples, axes, colour).expect_err("no picture");
        let channels = if colour { 3 } else { 1 };
        assert_eq!(
            error,
            BlockError::Picture {
                channels,
                samples,
                axes
            }
        );
        assert!(
            error
                .to_string()
                .ends_with(&format!("give 1 sample of {channels} axes"))
        );
    }
    assert_eq!(check(0, 1, false), Err(BlockError::Signal));
    let layout = check(1, 3, true).expect("a picture");
    assert_eq!((layout.features, layout.columns()), (48 * 48 * 3, 3));
    assert_eq!((layout.scratch, layout.grid), (0, Some([48, 48])));
}
