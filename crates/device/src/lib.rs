//! The seam between samples and label: what a chip does with a model, and the same
//! code that the page and the command run.
//!
//! ```text
//! reading ─▶ ring ─▶ window ─▶ gate ─▶ block ─▶ normalise ─▶ int8 ─▶ network ─▶ average ─▶ label ─▶ event
//!          (push)   (every hop)      (dsp)                       (core)    (smoothing) (threshold) (suppression)
//! picture ─▶ block ─▶ int8 ─▶ network ─▶ …
//!          (see, dsp)
//! ```
//!
//! - [`chip`] owns the bytes: [`ChipSpec`] writes the *chip part* of a bundle, [`Chip`]
//!   is a checked view of one. These very bytes lie in the file, in a C array, in flash.
//! - [`classifier`] owns the run: [`Classifier`] holds the memory that [`Needs`] asks for.
//! - [`decision`] says when scores become a label, and when a label is an event; the gate
//!   in front of it lets windows sleep in which nothing happens.
//! - [`picture`] says what is fixed where the model is for pictures.
//! - [`mod@quantize`] is the one place where a feature becomes an `i8`.
//!
//! **Check once, then cannot fail.** [`Chip::parse`] never panics, whatever the bytes;
//! what it and [`Classifier::new`] accept runs without an error path. No allocation,
//! no `unsafe`.
#![no_std]

pub mod chip;
pub mod classifier;
pub mod crc;
pub mod decision;
mod error;
mod frames;
mod gate;
pub mod picture;
pub mod quantize;
mod settings;
mod spec;
mod state;

pub use chip::{Chip, Needs};
pub use classifier::{Classifier, Duty, Event, Memory, Stage};
pub use decision::{Decision, Gate};
pub use error::ChipError;
pub use quantize::quantize;
pub use spec::ChipSpec;
pub use state::{STACK_BYTES, STATE_BYTES};

#[cfg(test)]
extern crate std;
