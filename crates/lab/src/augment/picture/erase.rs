//! Something in the way, so that a network does not rest on one part of what it sees.
//!
//! Source: Zhong et al., "Random erasing data augmentation", 2020, with the middle grey
//! in place of noise.

use super::Random;

/// Blanks out a rectangle whose sides are up to `erase` of the picture's `[rows, columns,
/// channels]`: middle grey, 0 to a network.
pub(super) fn vary(
    erase: f32,
    random: &mut Random,
    [rows, columns, channels]: [usize; 3],
    out: &mut [f32],
) {
    if erase == 0.0 {
        return;
    }
    let (top, bottom) = stretch(erase, rows, random);
    let (left, right) = stretch(erase, columns, random);
    let rows = out.chunks_exact_mut(columns * channels);
    for row in rows.skip(top).take(bottom - top) {
        row[left * channels..right * channels].fill(0.0);
    }
}

/// Where up to `share` of `all` neighbours begin and end.
fn stretch(share: f32, all: usize, random: &mut Random) -> (usize, usize) {
    let n = random.up_to((share * all as f32) as usize);
    let from = random.up_to(all - n);
    (from, from + n)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::random;
    use super::*;

    #[test]
    fn a_rectangle_is_blanked_out_and_the_rest_is_not() {
        let shape = [8, 10, 3];
        let (mut tallest, mut widest) = (0, 0);
        for copy in 0..300 {
            let mut out = [1.0; 240];
            vary(0.4, &mut random(copy), shape, &mut out);
            let blank = |row: &[f32]| row.chunks(3).filter(|p| *p == [0.0; 3]).count();
            let rows: Vec<usize> = out.chunks(30).map(blank).filter(|n| *n > 0).collect();
            assert!(rows.windows(2).all(|w| w[0] == w[1]), "{rows:?}");
            let zeros = out.iter().filter(|v| **v == 0.0).count();
            assert_eq!(zeros, 3 * rows.iter().sum::<usize>());
            tallest = tallest.max(rows.len());
            widest = rows.iter().fold(widest, |w, n| w.max(*n));
        }
        assert_eq!((tallest, widest), (3, 4));
    }
}
