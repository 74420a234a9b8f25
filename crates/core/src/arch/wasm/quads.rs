//! Four products of bytes at once: what the module of `crates/relaxed` holds, compiled with
//! relaxed SIMD. See `relaxed`.

use core::arch::wasm32::{
    i8x16_splat, i32x4_extract_lane, i32x4_relaxed_dot_i8x16_i7x16_add, i32x4_splat, v128,
};

use crate::tile::{self, Channels, Dot, Windows};

struct Quads;

impl Dot for Quads {
    #[inline(always)]
    fn add(sum: v128, x: v128, w: v128) -> v128 {
        i32x4_relaxed_dot_i8x16_i7x16_add(w, x, sum)
    }
}

/// What this processor makes of 127 times 255, four times over: `relaxed::Path::of_probe`
/// knows what that means.
#[unsafe(no_mangle)]
extern "C" fn probe() -> i32 {
    i32x4_extract_lane::<0>(Quads::add(
        i32x4_splat(0),
        i8x16_splat(-1),
        i8x16_splat(127),
    ))
}

/// See `tile::four_windows`.
#[unsafe(no_mangle)]
extern "C" fn four_windows(job: &Windows) {
    // SAFETY: as this function's own caller promises.
    unsafe { tile::four_windows::<Quads>(job) }
}

/// See `tile::one_window`.
#[unsafe(no_mangle)]
extern "C" fn one_window(job: &Windows) {
    // SAFETY: as this function's own caller promises.
    unsafe { tile::one_window::<Quads>(job) }
}

/// See `tile::channels`.
#[unsafe(no_mangle)]
extern "C" fn channels(job: &Channels) {
    // SAFETY: as this function's own caller promises.
    unsafe { tile::channels::<Quads>(job) }
}
