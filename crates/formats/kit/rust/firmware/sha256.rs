//! SHA-256 (FIPS 180-4) of the model in flash, so that what runs here can be told by its name.

/// The first 32 bits of the fractional parts of the square roots of the first 8 primes.
const FIRST: [u32; 8] = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
const ROUNDS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

const BLOCK: usize = 64;
/// Bytes at the end of the last block that hold the length in bits.
const LENGTH: usize = 8;

/// The hash of these bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut state = FIRST;
    let mut blocks = bytes.chunks_exact(BLOCK);
    for block in &mut blocks {
        mix(&mut state, block);
    }
    let rest = blocks.remainder();
    let mut last = [0; 2 * BLOCK];
    for (to, from) in last.iter_mut().zip(rest.iter().chain(&[0x80])) {
        *to = *from;
    }
    let count = if rest.len() < BLOCK - LENGTH { 1 } else { 2 };
    let bits = 8 * bytes.len() as u64;
    let end = last.iter_mut().take(count * BLOCK).rev();
    for (to, from) in end.zip(bits.to_le_bytes()) {
        *to = from;
    }
    for block in last.chunks_exact(BLOCK).take(count) {
        mix(&mut state, block);
    }
    let mut digest = [0; 32];
    for (to, from) in digest.chunks_exact_mut(4).zip(state) {
        to.copy_from_slice(&from.to_be_bytes());
    }
    digest
}

/// One block of 64 bytes.
fn mix(state: &mut [u32; 8], block: &[u8]) {
    // The last sixteen words; each is replaced when its turn has come.
    let mut words = [0_u32; 16];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte));
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (i, round) in ROUNDS.iter().enumerate() {
        let at = |back: usize| words[(i + 16 - back) % 16];
        let word = if i < 16 {
            words[i % 16]
        } else {
            let (early, late) = (at(15), at(2));
            let early = early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3;
            let late = late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10;
            at(16)
                .wrapping_add(early)
                .wrapping_add(at(7))
                .wrapping_add(late)
        };
        words[i % 16] = word;
        let turned = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let chosen = e & f ^ !e & g;
        let sum = h.wrapping_add(turned).wrapping_add(chosen);
        let sum = sum.wrapping_add(*round).wrapping_add(word);
        let other = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let most = a & b ^ a & c ^ b & c;
        (h, g, f, e) = (g, f, e, d.wrapping_add(sum));
        (d, c, b, a) = (c, b, a, sum.wrapping_add(other).wrapping_add(most));
    }
    for (to, value) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *to = to.wrapping_add(value);
    }
}
