//! Inference alone, for any web page: `.tflite` files and bundles on the same engine that
//! runs on chips.
//!
//! - [`model`] opens files and runs them.
//! - [`abi`] is what the module exports: numbers and addresses, no glue. The script beside it
//!   (`js/lampyris_infer.js`) is what a page imports.
//!
//! `tools/infer` builds both, with the kernels for relaxed SIMD, into `pkg/infer`.

#[allow(
    unsafe_code,
    reason = "exported names must be unique; there is no other unsafe code"
)]
pub mod abi;
pub mod model;

pub use model::{End, Kind, Model};
