//! Any bytes into the reader and the engine: what they promise must hold.
//!
//! * [`promises`] says what that is; the regression tests ask the same of every
//!   file in `tests/findings`.
//! * An input is the file itself, a `.tflite` or a blob, so that a finding can be
//!   looked at with every other tool. Structure lies in how inputs are varied:
//!   [`files`] and [`blobs`] change words and whole records where libFuzzer changes
//!   bytes, and [`graphs`] makes new networks of every operator.
//! * All starts from the golden cases and the findings: see `make fuzz`.

pub mod blobs;
pub mod files;
pub mod graphs;
pub mod promises;
pub mod random;
