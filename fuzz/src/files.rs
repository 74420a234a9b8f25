//! Varies `.tflite` files: words where libFuzzer changes bytes.
//!
//! Nearly all of a flatbuffer is words on 4 bytes: offsets, shapes, indices, scales; and
//! what lies at one place of a file makes sense at another.

use crate::random::Random;

/// Shapes, indices, offsets and scales at the edges of what is legal.
const EDGES: [u32; 14] = [
    0,
    1,
    2,
    3,
    4,
    16,
    0x3f80_0000,
    0x7f80_0000,
    0x7fc0_0000,
    1 << 30,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fffe,
    0xffff_ffff,
];

/// One to four changes.
pub fn vary(file: &[u8], random: &mut Random) -> Vec<u8> {
    let mut file = file.to_vec();
    let words = file.len() / 4;
    for _ in 0..random.between(1, 4) {
        let [at, from] = [random.below(words) * 4, random.below(words) * 4];
        let word = |at: usize| file.get(at..)?.first_chunk().copied();
        let (Some(old), Some(other)) = (word(at), word(from)) else {
            break;
        };
        let old = u32::from_le_bytes(old);
        let new = match random.below(8) {
            0 => old.wrapping_add(1),
            1 => old.wrapping_sub(1),
            2 => old.wrapping_add(random.below(64) as u32 * 4),
            3 => old.wrapping_sub(random.below(64) as u32 * 4),
            4 => old ^ 1 << random.below(32),
            5 => random.of(&EDGES),
            // Half a word: entries of the tables' own tables are that long.
            6 => old & 0xffff_0000 | random.below(64) as u32,
            _ => u32::from_le_bytes(other),
        };
        if let Some(to) = file[at..].first_chunk_mut() {
            *to = new.to_le_bytes();
        }
    }
    file
}
