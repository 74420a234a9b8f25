//! One file, what its pixels are and what is kept of it where it is encoded anew: the same bytes
//! on every machine, in a browser as well.

use lampyris_device::crc::crc32;
use lampyris_formats::picture::{decode, kept};

/// What [`sums`] gives, wherever it runs.
pub const SAME: [u32; 3] = [1_562_235_890, 4_210_878_309, 865_313_073];

const PLAIN: &[u8] = include_bytes!("../../../../tests/golden/pictures/half.jpg");
const IN_PASSES: &[u8] = include_bytes!("../../../../tests/golden/pictures/passes.jpg");
/// EXIF that says nothing but that the picture lies on its side.
const TURNED: &[u8] =
    b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";

/// Of the pixels of two files, and of the file that is kept of a turned one.
pub fn sums() -> [u32; 3] {
    let turned = [&PLAIN[..2], TURNED, &PLAIN[2..]].concat();
    let pixels = |file| crc32(&[&decode(file).expect("intact").rgb]);
    let encoded = kept(&turned).expect("intact").picture.encoded;
    assert!(decode(&encoded).is_ok_and(|made| (made.width, made.height) == (18, 24)));
    [pixels(PLAIN), pixels(IN_PASSES), crc32(&[&encoded])]
}
