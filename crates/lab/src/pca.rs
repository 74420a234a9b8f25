//! Principal component analysis onto a plane.
//!
//! Power iteration, `v ← Xᵀ(Xv)`, the second direction kept at a right angle to the first.
//! Where points have few numbers, `XᵀX` is made once, and a step is nothing beside that;
//! where they have many, that matrix would cost more than two passes over the points a step.
//! It begins from a fixed direction, so equal points give equal maps.
//!
//! Source: Hotelling (1933); power iteration with deflation as in Golub and Van Loan,
//! "Matrix Computations", 7.3.

use oorandom::Rand32;

/// Steps at most; the plane is drawn, not computed with.
const STEPS: usize = 60;
/// A direction that moves less than this in a step has settled.
const SETTLED: f64 = 1e-5;

/// Most numbers of a point for which the matrix is made: it costs half as many passes over
/// the points.
const NARROW: usize = 256;

/// Points on a plane.
#[derive(Default)]
pub(crate) struct Plane {
    pub x: Vec<f32>,
    pub y: Vec<f32>,
    /// Share of the variance that the plane holds, 0 to 1.
    pub shown: f32,
}

/// Projects points `[n, width]` onto the two directions in which they vary most. The
/// largest component of each direction is positive.
pub(crate) fn project(points: &[f32], width: usize) -> Plane {
    if points.is_empty() || width == 0 {
        return Plane::default();
    }
    let centred = centred(points, width);
    let products = (width <= NARROW).then(|| products(&centred, width));
    let total: f64 = centred.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
    let mut directions: Vec<Vec<f64>> = Vec::new();
    let mut plane = Plane::default();
    let mut held = 0.0;
    for axis in [&mut plane.x, &mut plane.y] {
        let direction = direction(&centred, products.as_deref(), width, &directions);
        let places = along(&centred, width, &direction);
        held += places.iter().map(|p| p * p).sum::<f64>();
        axis.extend(places.into_iter().map(|p| p as f32));
        directions.push(direction);
    }
    if total > 0.0 {
        plane.shown = (held / total).min(1.0) as f32;
    }
    plane
}

fn centred(points: &[f32], width: usize) -> Vec<f32> {
    let n = (points.len() / width) as f64;
    let mut mean = vec![0.0f64; width];
    for row in points.chunks_exact(width) {
        mean.iter_mut()
            .zip(row)
            .for_each(|(m, v)| *m += f64::from(*v) / n);
    }
    let rows = points.chunks_exact(width);
    rows.flat_map(|row| row.iter().zip(&mean).map(|(v, m)| v - *m as f32))
        .collect()
}

/// The direction of length 1 in which the points vary most, at a right angle to
/// `others`; all zeros where they don't vary.
fn direction(
    points: &[f32],
    products: Option<&[f64]>,
    width: usize,
    others: &[Vec<f64>],
) -> Vec<f64> {
    let mut random = Rand32::new(1);
    let mut v: Vec<f64> = (0..width)
        .map(|_| f64::from(random.rand_float()) - 0.5)
        .collect();
    for _ in 0..STEPS {
        let mut next = match products {
            Some(products) => products
                .chunks_exact(width)
                .map(|row| dot(row, &v))
                .collect(),
            None => to_and_fro(points, width, &v),
        };
        for other in others {
            let common = dot(&next, other);
            next.iter_mut()
                .zip(other)
                .for_each(|(n, o)| *n -= common * o);
        }
        let length = dot(&next, &next).sqrt();
        if length <= f64::MIN_POSITIVE {
            return vec![0.0; width];
        }
        next.iter_mut().for_each(|n| *n /= length);
        let moved = next
            .iter()
            .zip(&v)
            .map(|(a, b)| (a - b) * (a - b))
            .sum::<f64>();
        v = next;
        if moved < SETTLED * SETTLED {
            break;
        }
    }
    let largest = v
        .iter()
        .fold(0.0f64, |a, b| if b.abs() > a.abs() { *b } else { a });
    if largest < 0.0 {
        v.iter_mut().for_each(|x| *x = -*x);
    }
    v
}

/// `Xᵀ(Xv)`.
fn to_and_fro(points: &[f32], width: usize, v: &[f64]) -> Vec<f64> {
    let mut next = vec![0.0f64; width];
    for (row, place) in points.chunks_exact(width).zip(along(points, width, v)) {
        next.iter_mut()
            .zip(row)
            .for_each(|(n, x)| *n += place * f64::from(*x));
    }
    next
}

/// `XᵀX`, `[width, width]`: the lower half is summed up, the upper is the same.
fn products(points: &[f32], width: usize) -> Vec<f64> {
    let mut products = vec![0.0f64; width * width];
    for row in points.chunks_exact(width) {
        for (i, (x, sums)) in row.iter().zip(products.chunks_exact_mut(width)).enumerate() {
            let x = f64::from(*x);
            let pairs = sums.iter_mut().zip(&row[..=i]);
            pairs.for_each(|(sum, y)| *sum += x * f64::from(*y));
        }
    }
    for i in 0..width {
        for j in i + 1..width {
            products[i * width + j] = products[j * width + i];
        }
    }
    products
}

fn along(points: &[f32], width: usize, direction: &[f64]) -> Vec<f64> {
    let rows = points.chunks_exact(width);
    rows.map(|row| {
        row.iter()
            .zip(direction)
            .map(|(x, d)| f64::from(*x) * d)
            .sum()
    })
    .collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_directions_are_found() {
        // An ellipse: long along (3, 4)/5, short across, nothing in the third direction.
        let mut points = Vec::new();
        for i in 0..100 {
            let angle = i as f32 * 0.062_831_85;
            let (long, short) = (10.0 * angle.cos(), 2.0 * angle.sin());
            points.extend([
                0.6 * long - 0.8 * short + 7.0,
                0.8 * long + 0.6 * short,
                5.0,
            ]);
        }
        let plane = project(&points, 3);
        for (i, (x, y)) in plane.x.iter().zip(&plane.y).enumerate() {
            let angle = i as f32 * 0.062_831_85;
            assert!((x - 10.0 * angle.cos()).abs() < 1e-2, "{i}: {x}");
            // (0.8, −0.6) rather than its opposite: the largest component is positive.
            assert!((y + 2.0 * angle.sin()).abs() < 1e-2, "{i}: {y}");
        }
        assert!((plane.shown - 1.0).abs() < 1e-5);
    }

    #[test]
    fn wide_points_are_placed_as_narrow_ones() {
        let mut random = Rand32::new(5);
        let narrow: Vec<f32> = (0..40 * 3).map(|_| random.rand_float()).collect();
        let rows = narrow.chunks_exact(3);
        let wide: Vec<f32> = rows
            .flat_map(|row| [row, &[7.0; NARROW]].concat())
            .collect();
        let (narrow, wide) = (project(&narrow, 3), project(&wide, 3 + NARROW));
        for (a, b) in narrow.x.iter().zip(&wide.x) {
            assert!((a - b).abs() < 1e-3, "{a} is not {b}");
        }
        assert!((narrow.shown - wide.shown).abs() < 1e-4);
    }

    #[test]
    fn points_that_are_one_and_no_points_are_no_trouble() {
        let plane = project(&[3.0; 20], 4);
        assert_eq!((plane.x, plane.y), (vec![0.0; 5], vec![0.0; 5]));
        assert!(project(&[], 4).x.is_empty());
        let line = project(&[1.0, 2.0, 3.0], 1);
        assert_eq!(line.x, [-1.0, 0.0, 1.0]);
        assert_eq!(line.y, [0.0; 3]);
    }
}
