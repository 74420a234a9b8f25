//! Numbers that look random and are the same for the same seed.

/// Knuth's linear congruential generator; the upper half of its 64 bits.
pub struct Random(u64);

impl Random {
    /// From any seed.
    pub fn new(seed: u32) -> Self {
        let mut random = Self(u64::from(seed) << 17 ^ 0x9e37_79b9_7f4a_7c15);
        random.word();
        random
    }

    /// Any word.
    pub fn word(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as u32
    }

    /// 0 to `n` − 1; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.word() as usize).checked_rem(n).unwrap_or(0)
    }

    /// Both ends included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// Once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of them.
    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// So many bytes.
    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.word() as u8).collect()
    }
}
