//! Runs an int8 graph on a chip: integers only, no allocation, no panic.
//!
//! From the top down:
//!
//! * A [`Session`] holds a model's bytes and an arena. [`Session::new`] checks
//!   everything once (every offset, shape, range and overlap) and says what is
//!   wrong; [`Session::run`] then has no error path and does not panic.
//! * An [`Operator`] is one static in one file under [`ops`]: its number, its
//!   name, a `check` and an `eval`. A session is given the table of those it may
//!   use, so a chip links the operators that its model needs and no others.
//! * A [`Node`] is what an operator sees of the model: its parameters, the
//!   constants they point to, and where its tensors lie in the arena.
//! * The [`blob`] is the model as flat little-endian words and bytes. The host
//!   prepares all that needs real numbers: multipliers, offsets, ranges.
//! * [`kernel`] holds the loops that operators share: windows over a picture, walks
//!   through a shape, tables, strided copies.
//! * [`fixed`] is the arithmetic: the same double rounding as TFLite Micro's
//!   portable kernels, to the last bit.
//!
//! ```text
//!            blob (flash)                                arena (RAM)
//!   header · tensors · nodes · list · params · data     i8 activations
//!                └────── Session::new checks ──────┘          │
//!                └────── Session::run: node by node: eval ────┘
//! ```
//!
//! Slices are asked for with `get`, never indexed, also where the check has
//! proven that they exist: that is what keeps panics out of the linked image. In a page
//! (`arch/wasm`, which no chip links) memory is allocated, and slices are indexed.
#![no_std]
#![deny(unsafe_code)]

// A page's kernels keep rearranged weights; a chip allocates nothing.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
extern crate alloc;

#[cfg(target_endian = "big")]
compile_error!("the model blob is little-endian and is read in place");

#[allow(
    unsafe_code,
    reason = "kernels load vectors and name instructions; each block says why it may"
)]
mod arch;
pub mod blob;
mod check;
mod error;
pub mod fixed;
#[cfg(test)]
mod fixture;
pub mod kernel;
mod node;
pub mod ops;
mod session;

#[cfg(test)]
mod tests;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use arch::wasm::relaxed;
pub use blob::{arena_bytes, codes};
pub use error::{Fault, ModelError, Section};
pub use node::{Node, Place, Tensor};
pub use ops::{Operator, Overlap, Reach, Types};
pub use session::{Session, Step};

/// Bytes that start on a 16-byte boundary, as a model must: for a model that is
/// a constant of the program (`Aligned(*include_bytes!("graph.bin"))`).
#[derive(Clone, Debug)]
#[repr(C, align(16))]
pub struct Aligned<const N: usize>(pub [u8; N]);

impl<const N: usize> AsRef<[u8]> for Aligned<N> {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<const N: usize> AsMut<[u8]> for Aligned<N> {
    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}
