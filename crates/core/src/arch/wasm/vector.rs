//! Vectors to and from bytes.

use core::arch::wasm32::{v128, v128_load, v128_load64_zero, v128_store, v128_store64_lane};

/// As many bytes as a vector has.
pub(super) const LANES: usize = 16;

/// The sixteen bytes from `at` on.
///
/// # Safety
/// They are all there.
#[inline(always)]
pub(super) unsafe fn load16(bytes: &[u8], at: usize) -> v128 {
    debug_assert!(at + 16 <= bytes.len());
    // SAFETY: the caller knows that the bytes exist; a vector needs no alignment.
    unsafe { v128_load(bytes.as_ptr().add(at).cast()) }
}

/// `4 · QUARTERS` bytes, sixteen or eight, and zeros.
///
/// # Safety
/// They are all there.
#[inline(always)]
pub(super) unsafe fn load<const QUARTERS: usize>(from: *const u8) -> v128 {
    // SAFETY: as above.
    unsafe {
        if QUARTERS == 4 {
            v128_load(from.cast())
        } else {
            v128_load64_zero(from.cast())
        }
    }
}

/// Writes the first `4 · QUARTERS` bytes, sixteen or eight.
///
/// # Safety
/// There is room for them.
#[inline(always)]
pub(super) unsafe fn store<const QUARTERS: usize>(to: *mut u8, value: v128) {
    // SAFETY: as above.
    unsafe {
        if QUARTERS == 4 {
            v128_store(to.cast(), value);
        } else {
            v128_store64_lane::<0>(value, to.cast());
        }
    }
}

/// Writes sixteen bytes from `at` on.
///
/// # Safety
/// There is room for them.
#[inline(always)]
pub(super) unsafe fn store16(bytes: &mut [u8], at: usize, value: v128) {
    debug_assert!(at + 16 <= bytes.len());
    // SAFETY: as above.
    unsafe { v128_store(bytes.as_mut_ptr().add(at).cast(), value) }
}

/// The four numbers of a vector.
pub(super) fn words(value: v128) -> [i32; 4] {
    let (mut words, bytes) = ([0; 4], bytes(value));
    let each = words.iter_mut().zip(bytes.as_chunks().0);
    each.for_each(|(to, from)| *to = i32::from_le_bytes(*from));
    words
}

/// Bytes of a vector.
#[inline(always)]
pub(super) fn bytes(value: v128) -> [u8; LANES] {
    let mut bytes = [0; LANES];
    // SAFETY: the array is as long as a vector.
    unsafe { store16(&mut bytes, 0, value) };
    bytes
}
