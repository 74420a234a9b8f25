//! Kernels for WebAssembly's relaxed SIMD, as a module of their own.
//!
//! A browser refuses a whole program that holds an instruction which it does not know, so these
//! are no part of the engine: `tools/relaxed` makes a module of 3 kB of them
//! that imports the program's memory and has neither stack nor data. What it is for, and
//! when it is used, `lampyris_core::relaxed` says; the source is the engine's
//! (`crates/core/src/arch/wasm`).
#![no_std]

#[cfg(target_feature = "relaxed-simd")]
#[allow(unsafe_code, reason = "exported functions on addresses; see there")]
#[path = "../../core/src/arch/wasm/quads.rs"]
mod quads;
#[cfg(target_feature = "relaxed-simd")]
#[allow(unsafe_code, reason = "loops over addresses; see there")]
#[path = "../../core/src/arch/wasm/tile.rs"]
mod tile;

/// Nothing here panics; a program without the standard library must say what would be done.
#[cfg(target_feature = "relaxed-simd")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
