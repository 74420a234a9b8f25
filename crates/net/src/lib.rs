//! The float network as a learner draws it, and the way down to int8.
//!
//! From top to bottom:
//!
//! - [`Shape`] is the picture that layers hand on, [`Window`] what slides over it.
//! - [`LayerSpec`] and [`NetSpec`] say what the network looks like; [`NetSpec::check`]
//!   refuses shapes that make no sense and [`NetSpec::costs`] tells parameters,
//!   multiply-accumulates and bytes before anything is trained.
//! - [`Net`] adds weights: [`Net::init`] draws them from a seed, [`Net::forward`] is
//!   plain loops and the oracle for every faster way to compute the same,
//!   [`Net::to_bytes`] and [`Net::from_bytes`] carry it between modules.
//! - [`Net::folded`] takes batch norms into the weights above them; then
//!   [`Net::calibrate`] watches which values flow through it ([`Ranges`]), and
//!   [`Net::lower`] turns float weights and ranges into an int8
//!   [`Graph`](lampyris_graph::Graph).
//!
//! Every kind of layer is one file in `layers/` and one row in its `mod.rs`.
//! Nothing here trains; nothing here knows where the numbers came from.

#[cfg(test)]
extern crate self as lampyris_net;

mod bytes;
mod calibrate;
#[cfg(test)]
#[path = "../tests/fixture/mod.rs"]
mod fixture;
mod layers;
mod lower;
mod net;
mod shape;
mod softmax;
mod spec;

use std::fmt;

pub use calibrate::{Range, Ranges};
pub use layers::batch_norm::{EPSILON, MOMENTUM};
pub use layers::{
    Activation, Add, AveragePool, BatchNorm, Conv1d, Conv2d, Dense, DepthwiseConv2d, Dropout,
    Layer, MaxPool,
};
pub use net::Net;
pub use shape::{Padding, Shape, Window};
pub use softmax::softmax;
pub use spec::{LayerCost, LayerSpec, MAX_INPUTS, MAX_PARAMS, MAX_UNITS, MAX_VALUES, NetSpec};

/// Why a network can't be made, read or lowered.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetError {
    /// What is wrong.
    pub what: String,
    /// Which layer or byte.
    pub place: String,
    /// What to do about it.
    pub remedy: String,
}

impl NetError {
    fn new(what: impl Into<String>, place: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            place: place.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.what, self.place, self.remedy)
    }
}

impl std::error::Error for NetError {}
