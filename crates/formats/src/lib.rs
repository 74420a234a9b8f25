//! Every file that is read or written.
//!
//! * [`import`] takes files as a person drops them (Edge Impulse JSON, CSV,
//!   micro:bit CreateAI, WAV, JPEG, PNG, zips of these) and gives recordings, problems and
//!   what was skipped: one bad file never spoils the good ones.
//! * [`edge_impulse`], [`csv`] and [`wav`] read and write one recording each;
//!   [`microbit`] reads.
//! * [`mod@picture`] reads JPEG and PNG, and says what is kept of a picture.
//! * [`export`] packs recordings so that other programs and an import read them.
//! * [`firmware`] makes of a model what builds and runs on a chip.
//! * [`project`] keeps a whole project in one zip.
//! * [`tflite`] and [`bundle`] hold trained models.
//!
//! Nothing here trusts its input: every refusal is a [`FormatError`] that says
//! what, where and the remedy, and nothing of a refused file is kept.

mod archive;
mod draft;
mod error;
mod json;
mod text;

pub mod bundle;
pub mod csv;
pub mod edge_impulse;
pub mod export;
pub mod firmware;
pub mod import;
pub mod microbit;
pub mod picture;
pub mod project;
pub mod tflite;
pub mod wav;

pub use error::FormatError;
