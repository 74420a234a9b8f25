#![allow(clippy::unwrap_used)]

use super::*;

/// Smooth colours, so that a JPEG comes back nearly as it was.
fn scene(width: u32, height: u32) -> Vec<u8> {
    let all = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    all.flat_map(|(x, y)| {
        let share = |n: u32, of: u32| (n * 255 / of.max(1)) as u8;
        [
            share(x, width),
            share(y, height),
            255 - share(x + y, width + height),
        ]
    })
    .collect()
}

#[test]
fn what_is_encoded_is_decoded() {
    for (width, height) in [(64, 48), (17, 9), (1, 1), (33, 16), (100, 100)] {
        let rgb = scene(width, height);
        let jpeg = encode::jpeg(width, height, &rgb);
        let again = decode(&jpeg).unwrap();
        assert_eq!((again.width, again.height), (width, height));
        let worst = again
            .rgb
            .iter()
            .zip(&rgb)
            .map(|(a, b)| a.abs_diff(*b))
            .max();
        assert!(worst.unwrap() <= 24, "{width} × {height}: {worst:?}");
        let kept = kept(&jpeg).unwrap();
        assert_eq!(kept.picture.encoded, jpeg, "{width} × {height}");
        assert_eq!((kept.size, kept.note), ([width, height], None));
    }
}
