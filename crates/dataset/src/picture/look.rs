//! What a picture looks like: a few figures and a thumb, from which health, the map and the
//! near-duplicates are told without decoding it again.

use super::smaller;

/// Rows and columns of [`PictureLook::thumb`].
pub const THUMB: usize = 16;

/// Most pixels a side of the picture whose sharpness is measured: about what a model is shown,
/// so that a camera with more pixels does not make a picture sharper.
const SHARP_SIDE: u32 = 96;

/// Version of [`PictureLook::to_bytes`].
const VERSION: u8 = 1;

/// What a picture looks like; small, made once of its pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureLook {
    /// Mean luma, 0 (black) to 255 (white).
    pub mean: f32,
    /// Standard deviation of the luma.
    pub deviation: f32,
    /// How sharp it is: the root of the mean square of the Laplacian (how far a pixel is from
    /// its four neighbours, times four) as a share of the luma's standard deviation, at no more
    /// than 96 pixels a side. About 0.1 of a blur, 0.5 to 2 of a sharp picture, 4.5 of noise;
    /// 0 of one colour.
    pub sharpness: f32,
    /// The whole picture as `[16, 16, 3]`: red, green, blue.
    pub thumb: Vec<u8>,
}

impl PictureLook {
    /// Bytes of [`PictureLook::to_bytes`].
    const BYTES: usize = 1 + 3 * 4 + THUMB * THUMB * 3;

    /// Looks at `[height, width, 3]`: red, green, blue; neither side is 0.
    #[must_use]
    pub fn of(width: u32, height: u32, rgb: &[u8]) -> Self {
        let side = [width, height].map(|n| n.min(SHARP_SIDE));
        let small = smaller([width, height], rgb, side);
        let luma: Vec<i32> = small.chunks_exact(3).map(luma).collect();
        let [mean, deviation] = moments(&luma);
        let thumb = smaller([width, height], rgb, [THUMB as u32; 2]);
        Self {
            mean: mean as f32,
            deviation: deviation as f32,
            sharpness: sharpness(&luma, side[0] as usize, deviation) as f32,
            thumb,
        }
    }

    /// For storing; opaque to whoever stores it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::BYTES);
        out.push(VERSION);
        for figure in [self.mean, self.deviation, self.sharpness] {
            out.extend(figure.to_le_bytes());
        }
        out.extend_from_slice(&self.thumb);
        out
    }

    /// What [`PictureLook::to_bytes`] gave; `None` of anything else, and of another version:
    /// the picture is looked at again then.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&version, rest) = bytes.split_first()?;
        if version != VERSION || bytes.len() != Self::BYTES {
            return None;
        }
        let (mean, rest) = rest.split_first_chunk()?;
        let (deviation, rest) = rest.split_first_chunk()?;
        let (sharpness, thumb) = rest.split_first_chunk()?;
        let look = Self {
            mean: f32::from_le_bytes(*mean),
            deviation: f32::from_le_bytes(*deviation),
            sharpness: f32::from_le_bytes(*sharpness),
            thumb: thumb.to_vec(),
        };
        let figures = [look.mean, look.deviation, look.sharpness];
        figures.iter().all(|f| f.is_finite()).then_some(look)
    }
}

/// Luma of ITU-R BT.601 in 8 bits.
fn luma(pixel: &[u8]) -> i32 {
    match *pixel {
        [r, g, b] => (77 * i32::from(r) + 150 * i32::from(g) + 29 * i32::from(b) + 128) >> 8,
        _ => 0,
    }
}

/// Mean and standard deviation.
fn moments(values: &[i32]) -> [f64; 2] {
    let n = values.len().max(1) as f64;
    let sum: i64 = values.iter().map(|v| i64::from(*v)).sum();
    let squares: i64 = values.iter().map(|v| i64::from(*v) * i64::from(*v)).sum();
    let mean = sum as f64 / n;
    let variance = squares as f64 / n - mean * mean;
    [mean, variance.max(0.0).sqrt()]
}

fn sharpness(luma: &[i32], width: usize, deviation: f64) -> f64 {
    let height = luma.len() / width.max(1);
    if width < 3 || height < 3 || deviation < 1.0 {
        return 0.0;
    }
    let mut squares = 0i64;
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let at = y * width + x;
            let around = luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width];
            let step = i64::from(4 * luma[at] - around);
            squares += step * step;
        }
    }
    let count = ((width - 2) * (height - 2)) as f64;
    (squares as f64 / count).sqrt() / deviation
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn grey(width: u32, height: u32, value: impl Fn(u32, u32) -> u8) -> Vec<u8> {
        let all = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        all.flat_map(|(x, y)| [value(x, y); 3]).collect()
    }

    #[test]
    fn figures_by_hand() {
        // Columns of 0 and 200: each inner pixel is 200 away from two of its neighbours.
        let stripes = grey(8, 8, |x, _| if x % 2 == 0 { 0 } else { 200 });
        let look = PictureLook::of(8, 8, &stripes);
        assert_eq!((look.mean, look.deviation), (100.0, 100.0));
        assert_eq!(look.sharpness, 4.0);
        let flat = PictureLook::of(4, 4, &grey(4, 4, |_, _| 7));
        assert_eq!((flat.mean, flat.deviation, flat.sharpness), (7.0, 0.0, 0.0));
        assert_eq!(flat.thumb, vec![7; 768]);
    }

    #[test]
    fn sharpness_is_of_the_scene_and_not_of_its_pixels_or_its_light() {
        let scene = |side: u32, gain: f64| {
            grey(side, side, |x, y| {
                let at = |n: u32| f64::from(n) / f64::from(side) * 40.0;
                (128.0 + gain * (at(x).sin() + at(y).cos())) as u8
            })
        };
        let of = |side, gain| PictureLook::of(side, side, &scene(side, gain)).sharpness;
        let once = of(192, 60.0);
        assert!((of(384, 60.0) / once - 1.0).abs() < 0.05);
        assert!((of(192, 20.0) / once - 1.0).abs() < 0.1);
    }

    #[test]
    fn one_pixel_has_a_look() {
        let look = PictureLook::of(1, 1, &[1, 2, 3]);
        assert_eq!(look.sharpness, 0.0);
        assert_eq!(look.thumb.len(), THUMB * THUMB * 3);
    }

    #[test]
    fn bytes_come_back_and_others_are_refused() {
        let look = PictureLook::of(8, 8, &grey(8, 8, |x, y| (x * y) as u8));
        let bytes = look.to_bytes();
        assert_eq!(PictureLook::from_bytes(&bytes), Some(look));
        for end in 0..bytes.len() {
            assert_eq!(PictureLook::from_bytes(&bytes[..end]), None);
        }
        let mut newer = bytes.clone();
        newer[0] = 2;
        assert_eq!(PictureLook::from_bytes(&newer), None);
        let mut nonsense = bytes;
        nonsense[1..5].copy_from_slice(&f32::NAN.to_le_bytes());
        assert_eq!(PictureLook::from_bytes(&nonsense), None);
    }
}
