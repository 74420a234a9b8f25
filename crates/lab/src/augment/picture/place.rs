//! Mirrored, turned, nearer or farther, moved: one map from each pixel to where it is
//! looked up, so that a picture is sampled once, and blurred once.

use super::Random;
use crate::settings::AugmentSettings;

/// Where a pixel is looked up: row and column, each `along the columns · x + along the
/// rows · y + at the first pixel`.
struct Map {
    y: [f32; 3],
    x: [f32; 3],
}

impl Map {
    fn draw(settings: &AugmentSettings, random: &mut Random, [rows, columns]: [usize; 2]) -> Self {
        let mirrored = settings.mirror && random.share() < 0.5;
        let angle = random.within(settings.rotate_deg.to_radians());
        let zoom = 1.0 + random.within(settings.scale);
        let moved = [rows, columns].map(|side| random.within(settings.shift) * side as f32);
        Self::new([rows, columns], mirrored, angle, zoom, moved)
    }

    /// About the middle: mirrored, turned by `angle` (clockwise, as rows go down), `zoom`
    /// times as large, then moved by that many rows and columns.
    fn new(
        size: [usize; 2],
        mirrored: bool,
        angle: f32,
        zoom: f32,
        [down, right]: [f32; 2],
    ) -> Self {
        let [middle_y, middle_x] = size.map(|side| (side as f32 - 1.0) / 2.0);
        let (sin, cos) = (libm::sinf(angle) / zoom, libm::cosf(angle) / zoom);
        let side = if mirrored { -1.0 } else { 1.0 };
        // Backwards, from what is seen to what was there.
        let (from_y, from_x) = (middle_y + down, middle_x + right);
        let line = |along_x: f32, along_y: f32, middle: f32| {
            [
                along_x,
                along_y,
                middle - along_x * from_x - along_y * from_y,
            ]
        };
        Self {
            y: line(-sin, cos, middle_y),
            x: line(side * cos, side * sin, middle_x),
        }
    }
}

/// Writes what the drawn map finds into `out`: between pixels the mean of the four around,
/// each by its nearness, beyond the picture the pixel at its edge.
pub(super) fn read(
    settings: &AugmentSettings,
    random: &mut Random,
    [rows, columns, channels]: [usize; 3],
    from: &[u8],
    out: &mut [f32],
) {
    let map = Map::draw(settings, random, [rows, columns]);
    let size = [rows, columns];
    // Known lengths of a pixel are twice as fast.
    match channels {
        1 => sample::<1>(&map, size, from, out),
        _ => sample::<3>(&map, size, from, out),
    }
}

fn sample<const CHANNELS: usize>(
    map: &Map,
    [rows, columns]: [usize; 2],
    from: &[u8],
    out: &mut [f32],
) {
    let (from, _) = from.as_chunks::<CHANNELS>();
    let (out, _) = out.as_chunks_mut::<CHANNELS>();
    for (y, row) in out.chunks_exact_mut(columns).enumerate() {
        let along = |line: [f32; 3]| line[1] * y as f32 + line[2];
        let (start_y, start_x) = (along(map.y), along(map.x));
        for (x, to) in row.iter_mut().enumerate() {
            let x = x as f32;
            let (top, bottom, low) = between(map.y[0] * x + start_y, rows);
            let (left, right, far) = between(map.x[0] * x + start_x, columns);
            let corner = |y: usize, x: usize| from[y * columns + x];
            let (a, b) = (corner(top, left), corner(top, right));
            let (c, d) = (corner(bottom, left), corner(bottom, right));
            for (i, to) in to.iter_mut().enumerate() {
                let upper = mix(f32::from(a[i]), f32::from(b[i]), far);
                let lower = mix(f32::from(c[i]), f32::from(d[i]), far);
                *to = mix(upper, lower, low) / 128.0 - 1.0;
            }
        }
    }
}

/// The two neighbours of a place among `count`, and how far it is from the first.
fn between(at: f32, count: usize) -> (usize, usize, f32) {
    let last = count - 1;
    let at = at.clamp(0.0, last as f32);
    let first = at as usize;
    (first, (first + 1).min(last), at - first as f32)
}

fn mix(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::random;
    use super::*;
    use std::f32::consts::FRAC_PI_2;

    /// `[3, 3]` of 0 … 8.
    fn seen(map: &Map) -> Vec<f32> {
        let from: Vec<u8> = (0..9).collect();
        let mut out = [0.0; 9];
        sample::<1>(map, [3, 3], &from, &mut out);
        out.map(|v| ((v + 1.0) * 128.0 * 100.0).round() / 100.0)
            .to_vec()
    }

    #[test]
    fn maps_by_hand() {
        let map = |mirrored, angle, zoom, moved| Map::new([3, 3], mirrored, angle, zoom, moved);
        let mirrored = [2.0, 1.0, 0.0, 5.0, 4.0, 3.0, 8.0, 7.0, 6.0];
        assert_eq!(seen(&map(true, 0.0, 1.0, [0.0; 2])), mirrored);
        // A quarter turn clockwise: what was at the left is at the top.
        let turned = [6.0, 3.0, 0.0, 7.0, 4.0, 1.0, 8.0, 5.0, 2.0];
        assert_eq!(seen(&map(false, FRAC_PI_2, 1.0, [0.0; 2])), turned);
        // Twice as large: half a pixel from the middle.
        let nearer = [2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0];
        assert_eq!(seen(&map(false, 0.0, 2.0, [0.0; 2])), nearer);
        // Down by one and right by a half; the edges are repeated.
        let moved = [0.0, 0.5, 1.5, 0.0, 0.5, 1.5, 3.0, 3.5, 4.5];
        assert_eq!(seen(&map(false, 0.0, 1.0, [1.0, 0.5])), moved);
    }

    #[test]
    fn colours_stay_together_and_sides_apart() {
        // Two rows of three pixels.
        let from: Vec<u8> = (0..18).collect();
        let mut out = [0.0; 18];
        let map = Map::new([2, 3], true, 0.0, 1.0, [0.0; 2]);
        sample::<3>(&map, [2, 3], &from, &mut out);
        let bytes = out.map(|v| (v + 1.0) * 128.0);
        assert_eq!(bytes[..9], [6.0, 7.0, 8.0, 3.0, 4.0, 5.0, 0.0, 1.0, 2.0]);
        assert_eq!(bytes[15..], [9.0, 10.0, 11.0]);
    }

    #[test]
    fn it_stays_within_what_was_asked() {
        let settings = AugmentSettings {
            mirror: true,
            shift: 0.25,
            scale: 0.2,
            ..AugmentSettings::default()
        };
        let maps: Vec<Map> = (0..200)
            .map(|i| Map::draw(&settings, &mut random(i), [9, 9]))
            .collect();
        let mirrored = maps.iter().filter(|m| m.x[0] < 0.0).count();
        assert!((70..130).contains(&mirrored), "{mirrored}");
        for map in &maps {
            let zoom = 1.0 / map.y[1];
            assert!((0.799..=1.201).contains(&zoom), "{zoom}");
            // Where the middle is looked up, in pixels as large as before.
            let down = (4.0 - (map.y[1] * 4.0 + map.y[2])) * zoom;
            assert!(down.abs() <= 0.25 * 9.0 + 1e-3, "{down}");
        }
        assert!(maps.iter().any(|m| m.y[1] > 1.1) && maps.iter().any(|m| m.y[1] < 0.9));
    }
}
