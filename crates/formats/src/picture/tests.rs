#![allow(clippy::unwrap_used)]

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::exif::testing::tiff;
use super::testing::png;
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

/// A JPEG as it is kept.
fn encoded(width: u32, height: u32, rgb: &[u8]) -> Vec<u8> {
    jpeg::head(&encode::jpeg(width, height, rgb).unwrap())
        .unwrap()
        .clean
}

/// A JPEG with a segment behind its start.
fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    jpeg::segment(marker, body, &mut out);
    out.extend_from_slice(&jpeg[2..]);
    out
}

fn turned(orientation: u16, width: u32, height: u32) -> Vec<u8> {
    let body = [b"Exif\0\0".to_vec(), tiff(orientation, true)].concat();
    with_segment(&encoded(width, height, &scene(width, height)), 0xe1, &body)
}

fn refusal(bytes: &[u8]) -> String {
    let refused = decode(bytes).unwrap_err();
    assert_eq!(kept(bytes).unwrap_err(), refused);
    assert!(!refused.remedy.is_empty());
    refused.to_string()
}

#[test]
fn what_is_encoded_is_decoded() {
    for (width, height) in [(64, 48), (17, 9), (1, 1), (33, 16), (100, 100)] {
        let rgb = scene(width, height);
        let jpeg = encoded(width, height, &rgb);
        let again = decode(&jpeg).unwrap();
        assert_eq!((again.width, again.height), (width, height));
        let apart = || again.rgb.iter().zip(&rgb).map(|(a, b)| a.abs_diff(*b));
        let mean = apart().map(f64::from).sum::<f64>() / rgb.len() as f64;
        assert!(
            apart().max().unwrap() <= 24 && mean < 4.0,
            "{width} × {height}"
        );
        let kept = kept(&jpeg).unwrap();
        assert_eq!(kept.picture.encoded, jpeg, "{width} × {height}");
        assert_eq!((kept.size, kept.note), ([width, height], None));
    }
}

#[test]
fn hard_edges_and_noise_survive_the_encoder() {
    // All codes of the tables, the longest runs and the largest numbers.
    let noise: Vec<u8> = (0..64 * 64 * 3u32)
        .map(|i| {
            if i.wrapping_mul(2_654_435_761) >> 31 == 0 {
                0
            } else {
                255
            }
        })
        .collect();
    let got = decode(&encoded(64, 64, &noise)).unwrap();
    let mean = |rgb: &[u8]| rgb.iter().map(|v| f64::from(*v)).sum::<f64>() / rgb.len() as f64;
    assert!((mean(&got.rgb) - mean(&noise)).abs() < 6.0);
}

#[test]
fn each_orientation_is_turned_upright() {
    // A mark of white in the corner that is shown at the top left.
    let corners = [
        (0, 0),
        (23, 0),
        (23, 15),
        (0, 15),
        (0, 0),
        (0, 15),
        (23, 15),
        (23, 0),
    ];
    for (orientation, (x, y)) in (1..).zip(corners) {
        let mut rgb = vec![0; 24 * 16 * 3];
        for dy in 0..8 {
            for dx in 0..8 {
                let x = if x == 0 { dx } else { x - dx };
                let y = if y == 0 { dy } else { y - dy };
                rgb[(y * 24 + x) * 3..][..3].fill(255);
            }
        }
        let body = [b"Exif\0\0".to_vec(), tiff(orientation, false)].concat();
        let file = with_segment(&encoded(24, 16, &rgb), 0xe1, &body);
        let got = decode(&file).unwrap();
        let size = if orientation > 4 { (16, 24) } else { (24, 16) };
        assert_eq!((got.width, got.height), size, "{orientation}");
        assert!(got.rgb[..3].iter().all(|v| *v > 240), "{orientation}");
        assert!(got.rgb[got.rgb.len() - 3..].iter().all(|v| *v < 20));
        let kept = kept(&file).unwrap();
        assert_eq!(kept.size, [size.0, size.1]);
        let note = kept.note.as_deref();
        assert_eq!(note, (orientation > 1).then_some("turned upright"));
    }
}

#[test]
fn transposing_is_not_turning() {
    // Red marks the corner that follows the first row, so that 5 and 6 are told apart.
    let rgb: Vec<u8> = (0..6).flat_map(|i| [i, 0, 0]).collect();
    let red = |orientation| {
        let got = upright(3, 2, rgb.clone(), orientation);
        got.rgb.chunks(3).map(|p| p[0]).collect::<Vec<_>>()
    };
    assert_eq!(red(2), [2, 1, 0, 5, 4, 3]);
    assert_eq!(red(3), [5, 4, 3, 2, 1, 0]);
    assert_eq!(red(4), [3, 4, 5, 0, 1, 2]);
    assert_eq!(red(5), [0, 3, 1, 4, 2, 5]);
    assert_eq!(red(6), [3, 0, 4, 1, 5, 2]);
    assert_eq!(red(7), [5, 2, 4, 1, 3, 0]);
    assert_eq!(red(8), [2, 5, 1, 4, 0, 3]);
}

#[test]
fn large_pictures_are_made_smaller() {
    for (width, height, size) in [
        (800, 600, [427, 320]),
        (640, 640, [320, 320]),
        (400, 1000, [320, 800]),
        (321, 330, [320, 329]),
    ] {
        let file = png(width, height, &scene(width, height));
        let kept = super::kept(&file).unwrap();
        assert_eq!(kept.size, size);
        let note = format!("made smaller from {width} × {height}");
        assert_eq!(kept.note, Some(note));
        let again = super::kept(&kept.picture.encoded).unwrap();
        assert_eq!((again.size, again.note), (size, None));
        assert_eq!(again.picture, kept.picture, "what is kept is kept as it is");
    }
    // Upright is what the note tells.
    let kept = kept(&turned(6, 800, 600)).unwrap();
    assert_eq!(kept.size, [320, 427]);
    assert_eq!(kept.note.as_deref(), Some("made smaller from 600 × 800"));
}

#[test]
fn what_a_camera_tells_is_not_kept() {
    let clean = encoded(24, 16, &scene(24, 16));
    let mut file = with_segment(&clean, 0xfe, b"taken by Al");
    for (marker, body) in [
        (0xe1, &b"http://ns.adobe.com/xap/1.0/\0<x>Al</x>"[..]),
        (0xe2, b"ICC_PROFILE\0\x01\x01Al"),
        (0xed, b"Photoshop 3.0\0Al"),
        (0xe5, b"Al"),
    ] {
        file = with_segment(&file, marker, body);
    }
    let gps = [b"Exif\0\0".to_vec(), tiff(1, true), b"Al at home".to_vec()].concat();
    file = with_segment(&file, 0xe1, &gps);
    file.extend(b"a film of Al behind the picture");
    assert_eq!(kept(&file).unwrap().picture.encoded, clean);
}

#[test]
fn what_is_too_large_is_refused_before_it_takes_memory() {
    let mut header = png(8, 8, &scene(8, 8));
    for (side, told) in [(20_000u32, "20000 × 20000"), (16_384, "16384 × 16384")] {
        for at in [16, 20] {
            header[at..at + 4].copy_from_slice(&side.to_be_bytes());
        }
        let crc = lampyris_device::crc::crc32(&[&header[12..29]]);
        header[29..33].copy_from_slice(&crc.to_be_bytes());
        let refused = refusal(&header);
        assert!(
            refused.contains(told) && refused.contains("50 million"),
            "{refused}"
        );
    }
    let mut jpeg = encoded(8, 8, &scene(8, 8));
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x4e, 0x20, 0x4e, 0x20]);
    assert!(refusal(&jpeg).contains("too many"));
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0, 0, 0, 8]);
    assert!(refusal(&jpeg).contains("no pixel"));
}

#[test]
fn other_kinds_are_named() {
    assert!(refusal(b"GIF89a\x01\0\x01\0\0\0\0;").contains("a GIF picture, whatever its name"));
    assert!(refusal(b"hello").contains("no picture that is known"));
    assert!(refusal(b"").contains("no picture that is known"));
    let mut lossless = encoded(8, 8, &scene(8, 8));
    let frame = lossless.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    lossless[frame + 1] = 0xc3;
    assert!(refusal(&lossless).contains("rare kind"));
    lossless[frame + 1] = 0xc0;
    lossless[frame + 4] = 12;
    assert!(refusal(&lossless).contains("12 bits"));
}

#[test]
fn a_cut_is_told_as_a_cut() {
    for file in [
        encoded(40, 24, &scene(40, 24)),
        png(40, 24, &scene(40, 24)),
        turned(3, 24, 16),
    ] {
        for end in 8..file.len() {
            let refused = refusal(&file[..end]);
            assert!(refused.contains("cut short"), "{end}: {refused}");
        }
        assert!(decode(&file).is_ok());
    }
}

#[test]
fn packed_pixels_that_end_early_are_a_cut_and_a_bomb_is_none() {
    let rows = |n: usize| [vec![0; 1], vec![9; 24]].concat().repeat(n);
    let of = |data: &[u8]| decode(&testing::png_of(8, 8, &compress_to_vec_zlib(data, 6)));
    assert!(of(&rows(8)).is_ok());
    assert!(of(&rows(7)).unwrap_err().what.contains("cut short"));
    // A few bytes more are what some programs write.
    assert!(of(&[rows(8), vec![0; 40]].concat()).is_ok());
    let bomb = of(&[rows(8), vec![0; 1 << 20]].concat()).unwrap_err();
    assert!(bomb.what.contains("more than its pixels"));
    let filter = of(&[vec![7], vec![9; 24 * 8 + 7]].concat()).unwrap_err();
    assert!(filter.what.contains("filtered"));
}

#[test]
fn no_flipped_byte_makes_it_panic() {
    let files = [
        encoded(40, 24, &scene(40, 24)),
        png(20, 12, &scene(20, 12)),
        turned(5, 24, 16),
    ];
    for file in files {
        for at in 0..file.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut bytes = file.clone();
                bytes[at] ^= flip;
                // What still decodes has all the pixels that it says.
                if let Ok(kept) = kept(&bytes) {
                    let got = decode(&kept.picture.encoded).unwrap();
                    assert_eq!([got.width, got.height], kept.size);
                    assert_eq!(got.rgb.len(), (got.width * got.height * 3) as usize);
                }
            }
        }
    }
}
