//! The C interface of [`lampyris_device`]: what `include/lampyris.h` declares.
//!
//! One `extern "C"` function a step, in the order in which a firmware calls them: start,
//! push or see, reset. The header is written by cbindgen from these sources
//! (tests/header.rs), so the comments here are what a C programmer reads.
//!
//! - [`status`] says why a model is refused, and what to do.
//! - [`tables`] gives each operator and each block a symbol of its own: a firmware's table
//!   names those that its model needs, and its linker drops the others.
//! - [`memory`] turns what C hands over into slices. All pointers are checked for NULL and
//!   alignment there, ranges for overlap; that they point to as much memory as is said, and
//!   that nothing else writes there, is the caller's part.
//! - [`classifier`] and [`picture`] are the run, [`digest`] the model's name.
//!
//! No allocation, and no panic in a linked image: what `lampyris_start` accepts runs without
//! an error path.
//!
//! The static library is made of this crate by `tools/kit`; as a part of the workspace it is a
//! plain Rust library, so that its tests run on the host.
#![no_std]
#![allow(
    unsafe_code,
    reason = "C hands over bare pointers; each use of one says why it holds"
)]

pub mod classifier;
pub mod digest;
pub mod memory;
pub mod picture;
pub mod status;
pub mod tables;

/// Bare metal has no panic handler of its own. Nothing that is linked calls it: a check of
/// the images holds that.
#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
