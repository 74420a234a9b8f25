//! Kernels for one processor each: the only place of the engine with `unsafe`.
//!
//! The plain loops in [`crate::ops`] and [`crate::kernel`] are the law. What stands here gives
//! the same bytes in less time, is chosen when the engine is built, and is compared with the
//! plain loops over random networks (`tests/kernels`). A processor without a file of its own
//! runs the plain loops.
//!
//! * [`wasm`] is for a page: it takes whole nodes, with weights rearranged when a session
//!   first runs.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod wasm;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) use wasm::Prepared;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(crate) use nothing::Prepared;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod nothing {
    use crate::blob::Blob;

    /// What a session keeps of a model beside its bytes: nothing, where memory is scarce.
    pub(crate) struct Prepared;

    impl Prepared {
        #[inline(always)]
        pub(crate) fn new() -> Self {
            Self
        }

        /// Whether the node has been run.
        #[inline(always)]
        pub(crate) fn run(&mut self, _: &Blob<'_>, _: usize, _: &mut [u8]) -> bool {
            false
        }
    }
}

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
