//! The seam between samples and label: what a chip does with a model, and the same
//! code that the page and the command run.
//!
//! ```text
//! reading ─▶ ring ─▶ window ─▶ block ─▶ normalise ─▶ int8 ─▶ network ─▶ average ─▶ label
//!          (push)   (every hop)  (dsp)                       (core)    (smoothing)  (threshold)
//! ```
//!
//! - [`chip`] owns the bytes: [`ChipSpec`] writes the *chip part* of a bundle, [`Chip`]
//!   is a checked view of one. These very bytes lie in the file, in a C array, in flash.
//! - [`classifier`] owns the run: [`Classifier`] holds the memory that [`Needs`] asks for.
//! - [`mod@quantize`] is the one place where a feature becomes an `i8`.
//!
//! **Check once, then cannot fail.** [`Chip::parse`] never panics, whatever the bytes;
//! what it and [`Classifier::new`] accept runs without an error path. No allocation,
//! no `unsafe`.
#![no_std]

pub mod chip;
pub mod classifier;
pub mod crc;
mod error;
pub mod quantize;
mod spec;

pub use chip::{Chip, Decision, Needs};
pub use classifier::{Classifier, Event, Memory};
pub use error::ChipError;
pub use quantize::quantize;
pub use spec::ChipSpec;

#[cfg(test)]
extern crate std;
