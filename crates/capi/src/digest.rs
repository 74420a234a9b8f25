//! The model's name, computed where the model lies.

use sha2::block_api::compress256;

use crate::memory::{place, values};

/// What SHA-256 begins with: the fractional parts of the square roots of the first eight
/// primes (FIPS 180-4, section 5.3.3).
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Writes the SHA-256 of `count` bytes to `digest`, 32 bytes. That of a chip part is the
/// model's name in the page, in its card and on the command line. Nothing is written where a
/// pointer is NULL (`bytes` may be, where `count` is 0). Only linked where it is called; takes
/// about 400 bytes of stack.
///
/// # Safety
/// `bytes` points to `count` bytes, `digest` to 32 that nothing else uses meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lampyris_sha256(bytes: *const u8, count: u32, digest: *mut u8) {
    // SAFETY: the caller's word, as above; a byte needs no alignment.
    let (Ok(bytes), Ok(digest)) =
        (unsafe { (values(bytes, count), place(digest.cast::<[u8; 32]>())) })
    else {
        return;
    };
    let (whole, rest) = bytes.as_chunks::<64>();
    let mut state = START;
    compress256(&mut state, whole);
    // A bit, zeros, and the count of bits as the last eight bytes of a block.
    let mut last = [[0; 64]; 2];
    let [first, second] = &mut last;
    for (to, from) in first.iter_mut().zip(rest.iter().chain([&0x80])) {
        *to = *from;
    }
    let bits = (u64::from(count) * 8).to_be_bytes();
    let fits = rest.len() < 56;
    let end = if fits {
        first.last_chunk_mut()
    } else {
        second.last_chunk_mut()
    };
    if let Some(end) = end {
        *end = bits;
    }
    compress256(&mut state, if fits { &last[..1] } else { &last[..] });
    for (to, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *to = word.to_be_bytes();
    }
}
