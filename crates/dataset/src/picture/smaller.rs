//! A picture in another size.

/// `[to rows, to columns, 3]` of `[rows, columns, 3]`; `size` and `to` are width and height,
/// none of them 0, and less than 65,536. What is missing of `rgb` is black.
///
/// Each pixel is the mean over the area that it covers, in whole numbers, rounded once, halves
/// up: with a side of n pixels cut into m, pixel i covers [i·m, (i + 1)·m), and pixel x of the
/// result [x·n, (x + 1)·n). The image block of the features makes its pictures by the same rule.
#[must_use]
pub fn smaller(size: [u32; 2], rgb: &[u8], to: [u32; 2]) -> Vec<u8> {
    let [width, height] = size.map(|n| n as usize);
    let [columns, rows] = to.map(|n| n as usize);
    let area = (width * height) as u64;
    let mut out = Vec::with_capacity(rows * columns * 3);
    let mut across = vec![0u32; columns * 3];
    let mut sums = vec![0u64; columns * 3];
    // The source row that `across` holds: two target rows share the one between them.
    let mut held = usize::MAX;
    for row in 0..rows {
        sums.fill(0);
        for (y, weight) in covered(height, rows, row) {
            if y != held {
                let from = rgb.get(y * width * 3..).unwrap_or_default();
                sum_across(from, width, &mut across);
                held = y;
            }
            for (sum, part) in sums.iter_mut().zip(&across) {
                *sum += weight * u64::from(*part);
            }
        }
        out.extend(
            sums.iter()
                .map(|sum| ((sum + area / 2) / area.max(1)) as u8),
        );
    }
    out
}

/// Weighted sums of a row's pixels, three for each target column.
fn sum_across(row: &[u8], width: usize, across: &mut [u32]) {
    let columns = across.len() / 3;
    for (column, sums) in across.chunks_exact_mut(3).enumerate() {
        sums.fill(0);
        for (x, weight) in covered(width, columns, column) {
            let pixel = row.get(3 * x..3 * x + 3).unwrap_or_default();
            for (sum, value) in sums.iter_mut().zip(pixel) {
                *sum += weight as u32 * u32::from(*value);
            }
        }
    }
}

/// Which of `count` source pixels the target pixel `index` of `targets` covers, with weights
/// that add up to `count`.
fn covered(count: usize, targets: usize, index: usize) -> impl Iterator<Item = (usize, u64)> {
    let (begin, end) = (index * count, (index + 1) * count);
    (begin / targets..end.div_ceil(targets)).map(move |i| {
        let weight = end.min((i + 1) * targets) - begin.max(i * targets);
        (i, weight as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_by_hand() {
        let three = [10, 0, 0, 100, 0, 0, 40, 0, 255];
        assert_eq!(smaller([3, 1], &three, [2, 1]), [40, 0, 0, 60, 0, 170]);
        assert_eq!(smaller([1, 3], &three, [1, 2]), [40, 0, 0, 60, 0, 170]);
        assert_eq!(smaller([3, 1], &three, [3, 1]), three);
        assert_eq!(smaller([1, 1], &[1, 2, 3], [2, 2]), [1, 2, 3].repeat(4));
    }

    #[test]
    fn white_stays_white_and_weights_add_up() {
        for (from, to) in [
            ([640, 480], [96, 96]),
            ([7, 13], [16, 16]),
            ([1, 9], [5, 2]),
        ] {
            let white = vec![255; (from[0] * from[1] * 3) as usize];
            let all = smaller(from, &white, to);
            assert_eq!(all.len(), (to[0] * to[1] * 3) as usize);
            assert!(all.iter().all(|v| *v == 255), "{from:?} {to:?}");
        }
        for (count, targets) in [(7, 3), (3, 7), (5, 5), (1, 4)] {
            for index in 0..targets {
                let sum: u64 = covered(count, targets, index).map(|(_, w)| w).sum();
                assert_eq!(sum, count as u64);
            }
        }
    }
}
