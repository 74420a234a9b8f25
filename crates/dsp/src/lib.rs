//! Samples to features, with the same bytes on page and chip.
//!
//! From a sensor to the network, in the order in which data travels:
//!
//! - [`mod@resample`] brings a sensor's own clock to an even rate. The stream that
//!   serves the live page is also what serves whole recordings, so both agree.
//! - [`block`] says what a signal processing block is: settings that describe
//!   themselves, a check that sizes everything, and a run that cannot fail.
//!   [`BLOCKS`] is the one table of them; each block is one file.
//! - [`mod@normalize`] brings features of different size onto one scale.
//!
//! **Same bytes everywhere.** Every result is made of IEEE 754 additions,
//! multiplications, divisions and square roots in a written order, and of `libm`'s
//! software functions; nothing is fused, nothing is reassociated, and no value
//! depends on the payload of a NaN. Samples that are not finite count as 0 and
//! large ones are held at [`block::SAMPLE_LIMIT`], so features are always finite.
//!
//! No allocation, no `unsafe`, and nothing that can panic once a check has passed.
#![no_std]

pub mod block;
mod fft;
mod filter;
pub mod image;
mod mel;
pub mod mfcc;
pub mod mfe;
mod moments;
pub mod normalize;
pub mod picture;
pub mod raw;
pub mod resample;
mod sound;
pub mod spectral;
pub mod spectrogram;
pub mod statistics;
mod text;
mod turn;

pub use block::{BLOCKS, Block, BlockError, Framing, Layout, Setting, Signal, Step};
pub use normalize::{Norm, normalize};
pub use picture::{Pixels, View};
pub use resample::{Resampler, Times, resample};

#[cfg(test)]
extern crate std;
