//! Bytes on the heap that start where an engine wants them.

use lampyris_core::blob::ALIGN;

/// Bytes that start on 16, as a model must: wrap emitted bytes in it to run
/// them on the host.
#[derive(Debug)]
pub struct AlignedBytes {
    room: Vec<u8>,
    start: usize,
    len: usize,
}

impl AlignedBytes {
    /// A copy of `bytes`, aligned.
    pub fn new(bytes: &[u8]) -> Self {
        let mut room = vec![0; bytes.len() + ALIGN];
        // The heap block stays where it is for as long as `room` is not resized.
        let start = room.as_ptr().align_offset(ALIGN);
        room[start..start + bytes.len()].copy_from_slice(bytes);
        Self {
            room,
            start,
            len: bytes.len(),
        }
    }
}

impl Clone for AlignedBytes {
    fn clone(&self) -> Self {
        Self::new(self.as_ref())
    }
}

impl From<Vec<u8>> for AlignedBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(&bytes)
    }
}

impl AsRef<[u8]> for AlignedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.room[self.start..self.start + self.len]
    }
}

impl AsMut<[u8]> for AlignedBytes {
    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.room[self.start..self.start + self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_on_sixteen_also_as_a_clone() {
        for len in [0, 1, 17, 100] {
            let bytes: Vec<u8> = (0..len).map(|i| i as u8).collect();
            let aligned = AlignedBytes::new(&bytes);
            for a in [&aligned, &aligned.clone()] {
                assert_eq!(a.as_ref(), &bytes[..]);
                assert_eq!(a.as_ref().as_ptr() as usize % 16, 0);
            }
        }
    }
}
