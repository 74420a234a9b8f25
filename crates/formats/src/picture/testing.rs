//! Pictures for tests.

use lampyris_device::crc::crc32;
use miniz_oxide::deflate::compress_to_vec_zlib;

/// A PNG of `[height, width, 3]`.
pub(crate) fn png(width: u32, height: u32, rgb: &[u8]) -> Vec<u8> {
    let rows = rgb.chunks((width * 3) as usize);
    let data: Vec<u8> = rows.flat_map(|row| [&[0], row].concat()).collect();
    png_of(width, height, &compress_to_vec_zlib(&data, 6))
}

/// A PNG of packed rows.
pub(super) fn png_of(width: u32, height: u32, packed: &[u8]) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    let mut out = super::png::MAGIC.to_vec();
    for (kind, body) in [
        (b"IHDR", header.as_slice()),
        (b"IDAT", packed),
        (b"IEND", &[]),
    ] {
        let named = [kind, body].concat();
        out.extend((body.len() as u32).to_be_bytes());
        out.extend_from_slice(&named);
        out.extend(crc32(&[&named]).to_be_bytes());
    }
    out
}

/// A small PNG that differs with `n`.
pub(crate) fn small(n: u8) -> Vec<u8> {
    let rgb: Vec<u8> = (0..12 * 8 * 3)
        .map(|i| (i as u8).wrapping_mul(n) ^ n)
        .collect();
    png(12, 8, &rgb)
}
