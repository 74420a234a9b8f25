//! Layers as single loops over whole buffers, forward and back.
//!
//! All hold their values as `net` does: a batch of `[H, W, C]` pictures, one behind the
//! other. Each is a [`Kernel`]; `node.rs` makes it one step of Burn's graph.

mod depthwise;
mod lanes;
pub(crate) mod norm;
mod picture;
mod plane;
mod pool;
mod product;
mod tile;

use std::fmt::Debug;

pub(crate) use depthwise::Depthwise;
pub(crate) use norm::Norm;
pub(crate) use plane::{Scaled, Sum};
pub(crate) use pool::{Average, Max};
pub(crate) use product::Product;

/// A function of two buffers, and its gradient with respect to both. What the second is
/// depends: a layer's parameters, another layer's output, constants, nothing.
pub(crate) trait Kernel: Debug + Send + Sync {
    /// The output, and what [`Kernel::backward`] wants again beside it.
    fn forward(&self, x: &[f32], other: &[f32]) -> (Vec<f32>, Vec<f32>);

    /// Gradients with respect to those inputs that are wanted, as long as they.
    fn backward(&self, seen: Seen<'_>, gradient: &[f32]) -> [Option<Vec<f32>>; 2];
}

/// What went in and came out, and which gradients are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) x: &'a [f32],
    pub(crate) other: &'a [f32],
    pub(crate) y: &'a [f32],
    pub(crate) kept: &'a [f32],
    pub(crate) wanted: [bool; 2],
}
