//! Kernels for WebAssembly with vectors of 128 bits.
//!
//! A page has memory to spare and no patience: when a session first runs, the weights of its
//! convolutions and dense layers are rearranged for the vectors, and everything about a node
//! that does not change is computed. From then on a node that has a [`Kernel`] is run by it;
//! all others by the plain loops.
//!
//! * [`tile`]: sums of products, in one of two ways. With what every browser has, two taps a
//!   step, as 16-bit numbers. Where the page has found that this processor multiplies four bytes
//!   at once without rounding ([`relaxed`]), four taps a step. [`gemm`] packs the weights,
//!   [`form`] the values.
//! * [`conv`]: convolutions and dense layers, four windows and eight outputs at a time.
//! * [`depthwise`]: the same for each channel, four pixels at a time.
//! * [`pool`], [`total`], [`add`]: straight from the arena, sixteen values at a time.
//! * [`finish`]: from sums to bytes. f32 finds the nearest whole number; where it might not be
//!   the one that two roundings of integers give, these decide.

mod add;
mod conv;
mod depthwise;
mod finish;
mod form;
mod gemm;
mod pool;
pub mod relaxed;
mod tile;
mod total;
mod vector;

use alloc::vec::Vec;

use crate::blob::Blob;
use crate::node::{Node, Tensor};
use crate::ops;
use add::Add;
use conv::{Conv, Scratch};
use depthwise::Depthwise;
use pool::Pool;
use total::Total;

/// What a session keeps of a model beside its bytes, made when it first runs (of a model with state, when that is set).
pub(crate) struct Prepared {
    nodes: Option<Vec<Option<Kernel>>>,
    scratch: Scratch,
}

/// A node as its kernel wants it.
enum Kernel {
    Conv(Conv),
    Depthwise(Depthwise),
    Pool(Pool),
    Add(Add),
    Total(Total),
}

impl Prepared {
    pub(crate) fn new() -> Self {
        Self {
            nodes: None,
            scratch: Scratch::default(),
        }
    }

    /// Whether the node has been run: it has a kernel.
    pub(crate) fn run(&mut self, blob: &Blob<'_>, index: usize, arena: &mut [u8]) -> bool {
        let nodes = self.nodes.get_or_insert_with(|| {
            let all = 0..blob.nodes.len();
            all.map(|i| Kernel::of(&blob.node(i)?)).collect()
        });
        let Some(Some(kernel)) = nodes.get(index) else {
            return false;
        };
        match kernel {
            Kernel::Conv(conv) => conv.run(arena, &mut self.scratch),
            Kernel::Depthwise(depthwise) => depthwise.run(arena, &mut self.scratch),
            Kernel::Pool(pool) => pool.run(arena),
            Kernel::Add(add) => add.run(arena),
            Kernel::Total(total) => total.run(arena),
        }
        true
    }
}

impl Kernel {
    /// The kernel of a checked node; none where the plain loops run it.
    fn of(node: &Node<'_>) -> Option<Self> {
        let code = node.code();
        if code == ops::CONV_2D.code {
            Conv::of_conv(node).map(Self::Conv)
        } else if code == ops::FULLY_CONNECTED.code {
            Conv::of_dense(node).map(Self::Conv)
        } else if code == ops::DEPTHWISE_CONV_2D.code {
            let conv = Conv::of_single_channel(node).map(Self::Conv);
            conv.or_else(|| Depthwise::of(node).map(Self::Depthwise))
        } else if code == ops::MAX_POOL_2D.code || code == ops::AVERAGE_POOL_2D.code {
            Pool::of(node).map(Self::Pool)
        } else if code == ops::ADD.code {
            Add::of(node, 1).map(Self::Add)
        } else if code == ops::MEAN.code || code == ops::SUM.code {
            Total::of(node).map(Self::Total)
        } else if code == ops::SUB.code {
            Add::of(node, -1).map(Self::Add)
        } else {
            None
        }
    }
}

/// Where a tensor's bytes lie in the arena.
#[derive(Clone, Copy)]
struct Area {
    at: usize,
    len: usize,
}

impl Area {
    /// None of a constant.
    fn of(tensor: &Tensor<'_>) -> Option<Self> {
        tensor.in_arena().then(|| Self {
            at: tensor.offset(),
            len: tensor.len(),
        })
    }
}
