//! Trains a float network with Burn, in slices.
//!
//! From top to bottom:
//!
//! - [`BatchSource`] is all that training wants to know about data;
//!   [`MemorySource`] holds it in two arrays.
//! - [`Trainer`] takes a source, a [`Net`](lampyris_net::Net) with first weights
//!   and [`Options`], and advances by as many batches as its caller has time for:
//!   a page stays alive, shows curves, pauses and cancels without threads.
//! - [`JobTrainer`] trains what the pipeline prepared and gives back what it quantizes.
//! - `model` holds the parameters as Burn wants them, `flow` is how Burn computes the
//!   network, `loss` and `adam` are what comes between its gradients and the next
//!   parameters; `random` draws what chance decides.
//!
//! This is the only crate that names Burn, and it keeps these promises:
//!
//! - **The same build, data and seed give the same bytes**, however long the slices
//!   are. Burn's generator is global to the process, so nothing here uses it: first
//!   weights come from `net`, shuffling and dropout masks from streams of our own.
//! - **Nothing is chosen on test windows**: the source has none.
//! - **The best epoch is kept**: the lowest validation loss, the earlier of equals; with a
//!   tolerance, the last whose loss is about as low. Where
//!   weights are averaged over steps, it is the average that is validated and kept.

mod adam;
#[cfg(any(test, not(feature = "ndarray")))]
mod flow;
mod job;
#[cfg(any(test, not(feature = "ndarray")))]
mod kernels;
mod loss;
mod model;
#[cfg(any(test, not(feature = "ndarray")))]
mod node;
mod options;
#[cfg(any(test, feature = "ndarray"))]
mod plain;
mod random;
mod source;
mod trainer;

use std::fmt;

pub use job::JobTrainer;
pub use lampyris_lab::{EpochRow, Progress};
pub use options::Options;
pub use source::{BatchSource, MemorySource, Part};
pub use trainer::Trainer;

/// Why training can't begin or go on.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainError {
    /// What is wrong.
    pub what: String,
    /// Which option, part or window.
    pub place: String,
    /// What to do about it.
    pub remedy: String,
}

impl TrainError {
    fn new(what: impl Into<String>, place: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            place: place.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.what, self.place, self.remedy)
    }
}

impl std::error::Error for TrainError {}
