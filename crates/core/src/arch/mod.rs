//! Kernels for one processor each: the only place of the engine with `unsafe`.
//!
//! The plain loops in [`crate::ops`] and [`crate::kernel`] are the law. What stands here gives
//! the same bytes in less time, is chosen when the engine is built, and is compared with the
//! plain loops over random networks (`tests/kernels`). A processor without a file of its own
//! runs the plain loops.

#[cfg(lampyris_kernels)]
pub(crate) mod tile;

#[cfg(lampyris_kernels = "dsp")]
#[path = "dsp.rs"]
mod kernels;
#[cfg(lampyris_kernels = "small")]
#[path = "small.rs"]
mod kernels;
#[cfg(lampyris_kernels = "v6m")]
#[path = "v6m.rs"]
mod target;
#[cfg(lampyris_kernels = "rv32")]
#[path = "rv32.rs"]
mod target;
