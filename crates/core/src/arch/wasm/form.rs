//! The form in which values are multiplied.

use core::arch::wasm32::{
    i8x16_splat, i16x8_extend_high_i8x16, i16x8_extend_low_i8x16, v128, v128_store, v128_xor,
};

use super::relaxed::Path;
use super::vector::{LANES, load16};

/// Bytes of a value.
pub(super) fn size(path: Path) -> usize {
    4 / path.values()
}

/// `len` values from `from` on, in the path's form. Sixteen are taken at a time, so up to fifteen
/// more are read, if the values reach so far, and written.
///
/// # Safety
/// There is room for them.
#[inline(always)]
pub(super) unsafe fn convert(path: Path, values: &[u8], from: usize, len: usize, to: *mut u8) {
    // SAFETY: the caller's.
    unsafe {
        match path {
            Path::Pairs => each(values, from, len, to, |to, x| {
                v128_store(to, i16x8_extend_low_i8x16(x));
                v128_store(to.add(1), i16x8_extend_high_i8x16(x));
                to.add(2)
            }),
            Path::Signed => each(values, from, len, to, |to, x| {
                v128_store(to, x);
                to.add(1)
            }),
            Path::Unsigned => each(values, from, len, to, |to, x| {
                v128_store(to, v128_xor(x, i8x16_splat(-128)));
                to.add(1)
            }),
        }
    }
}

/// # Safety
/// `write` has room.
#[inline(always)]
unsafe fn each(
    values: &[u8],
    from: usize,
    len: usize,
    to: *mut u8,
    write: impl Fn(*mut v128, v128) -> *mut v128,
) {
    let (mut to, mut at, end) = (to.cast(), from, from + len);
    while at < end && at + LANES <= values.len() {
        // SAFETY: just compared with the end.
        to = write(to, unsafe { load16(values, at) });
        at += LANES;
    }
    if at < end {
        let mut sixteen = [0; LANES];
        let rest = values.get(at..end).unwrap_or(&[]);
        sixteen
            .iter_mut()
            .zip(rest)
            .for_each(|(to, from)| *to = *from);
        // SAFETY: the array is a vector long.
        write(to, unsafe { load16(&sixteen, 0) });
    }
}

/// `len` times the same value, in the path's form, sixteen at a time.
///
/// # Safety
/// There is room for them, and for up to fifteen more.
pub(super) unsafe fn fill(path: Path, value: i8, len: usize, to: *mut u8) {
    let sixteen = [value as u8; LANES];
    let mut to = to;
    for _ in 0..len.div_ceil(LANES) {
        // SAFETY: the caller's.
        unsafe { convert(path, &sixteen, 0, LANES, to) };
        to = to.wrapping_add(LANES * size(path));
    }
}
