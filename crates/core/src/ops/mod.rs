//! The operators: one file each, one row each in [`ALL`].
//!
//! A file is one static [`Operator`] under TFLite's name, with docs under the
//! headings What · Shapes · Quantisation · Refuses · Source, the parameters as
//! the blob holds them, `check`, `eval` and tests. `check` runs once and proves
//! what `eval` relies on; `eval` asks again with `get` and does nothing where
//! that fails, which after the check it can't.
//!
//! Loops that several operators share are in [`crate::kernel`].

pub mod abs;
pub mod add;
pub mod assign_variable;
pub mod average_pool_2d;
pub mod concatenation;
pub mod conv_2d;
pub mod depthwise_conv_2d;
pub mod expand_dims;
pub mod fully_connected;
pub mod hard_swish;
pub mod leaky_relu;
pub mod logistic;
pub mod max_pool_2d;
pub mod maximum;
pub mod mean;
pub mod minimum;
pub mod mul;
pub mod pack;
pub mod pad;
pub mod padv2;
pub mod prelu;
pub mod quantize;
pub mod read_variable;
pub mod reduce_max;
pub mod relu;
pub mod relu6;
pub mod reshape;
pub mod resize_nearest_neighbor;
pub mod slice;
pub mod softmax;
pub mod split;
pub mod split_v;
pub mod squeeze;
pub mod strided_slice;
pub mod sub;
pub mod sum;
pub mod tanh;
pub mod transpose;
pub mod transpose_conv;
pub mod unpack;
pub mod var_handle;

use crate::blob::Blob;
use crate::error::Fault;
use crate::node::{Node, Tensor};

pub use abs::ABS;
pub use add::ADD;
pub use assign_variable::ASSIGN_VARIABLE;
pub use average_pool_2d::AVERAGE_POOL_2D;
pub use concatenation::CONCATENATION;
pub use conv_2d::CONV_2D;
pub use depthwise_conv_2d::DEPTHWISE_CONV_2D;
pub use expand_dims::EXPAND_DIMS;
pub use fully_connected::FULLY_CONNECTED;
pub use hard_swish::HARD_SWISH;
pub use leaky_relu::LEAKY_RELU;
pub use logistic::LOGISTIC;
pub use max_pool_2d::MAX_POOL_2D;
pub use maximum::MAXIMUM;
pub use mean::MEAN;
pub use minimum::MINIMUM;
pub use mul::MUL;
pub use pack::PACK;
pub use pad::PAD;
pub use padv2::PADV2;
pub use prelu::PRELU;
pub use quantize::QUANTIZE;
pub use read_variable::READ_VARIABLE;
pub use reduce_max::REDUCE_MAX;
pub use relu::RELU;
pub use relu6::RELU6;
pub use reshape::RESHAPE;
pub use resize_nearest_neighbor::RESIZE_NEAREST_NEIGHBOR;
pub use slice::SLICE;
pub use softmax::SOFTMAX;
pub use split::SPLIT;
pub use split_v::SPLIT_V;
pub use squeeze::SQUEEZE;
pub use strided_slice::STRIDED_SLICE;
pub use sub::SUB;
pub use sum::SUM;
pub use tanh::TANH;
pub use transpose::TRANSPOSE;
pub use transpose_conv::TRANSPOSE_CONV;
pub use unpack::UNPACK;
pub use var_handle::VAR_HANDLE;

/// What the engine knows of an operator.
pub struct Operator {
    /// TFLite's number (`BuiltinOperator` in its schema).
    pub code: u32,
    /// TFLite's name.
    pub name: &'static str,
    /// Element types that it takes.
    pub types: Types,
    /// Where its output may lie.
    pub overlap: Overlap,
    /// Refuses every node that `eval` couldn't run.
    pub check: fn(&Node<'_>) -> Result<(), Fault>,
    /// Reads and writes the arena.
    pub eval: fn(&Node<'_>, &mut [u8]),
}

/// Element types that an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Types {
    /// It computes: i8 only.
    Signed,
    /// It moves bytes: all of one type.
    Same,
    /// It maps bytes: i8 or u8 in, i8 or u8 out.
    Any,
}

/// Whether the first output may lie on bytes of an input.
#[derive(Clone, Copy)]
pub enum Overlap {
    /// Never.
    Never,
    /// It has the first input's bytes: where both lie at the same place nothing is
    /// left to do.
    Copies,
    /// It is written in order, over what has been read. The function gives how far
    /// apart it and that input must be for this to hold; `None` where it never does.
    InOrder(fn(&Node<'_>, usize) -> Option<Reach>),
}

/// How far apart an output and an input must begin that share bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// By how many bytes the output must begin before the input, if it is written from
    /// its first value on.
    pub before: usize,
    /// By how many bytes it must begin behind the input, if it is written from its last
    /// value on. `usize::MAX` where the operator doesn't do that.
    pub behind: usize,
    /// Whether the node writes its last value first.
    pub reversed: bool,
}

impl Reach {
    /// That of an operator that makes each value of one value at the same place.
    pub(crate) const ELEMENTWISE: Self = Self::before(0);

    /// That of an operator that writes from the first value on.
    pub(crate) const fn before(before: usize) -> Self {
        Self {
            before,
            behind: usize::MAX,
            reversed: false,
        }
    }
}

impl Operator {
    /// How far apart the first output and input `i` must be, if they may overlap.
    pub(crate) fn reach(&self, node: &Node<'_>, i: usize) -> Option<Reach> {
        match self.overlap {
            Overlap::InOrder(reach) => reach(node, i),
            Overlap::Never | Overlap::Copies => None,
        }
    }

    /// Whether output `o` may lie where it does, seen from input `i`.
    pub(crate) fn keeps(
        &self,
        node: &Node<'_>,
        (i, x): (usize, &Tensor<'_>),
        (o, y): (usize, &Tensor<'_>),
    ) -> bool {
        if !x.overlaps(y) {
            return true;
        }
        if matches!(self.overlap, Overlap::Copies) {
            return (i, o) == (0, 0) && x.same_place(y);
        }
        let Some(reach) = self.reach(node, i).filter(|_| o == 0) else {
            return false;
        };
        let (from, to, apart) = if reach.reversed {
            (x.offset(), y.offset(), reach.behind)
        } else {
            (y.offset(), x.offset(), reach.before)
        };
        to.checked_sub(from).is_some_and(|found| found >= apart)
    }
}

/// Every operator there is.
pub static ALL: &[&Operator] = &[
    &ABS,
    &ADD,
    &ASSIGN_VARIABLE,
    &AVERAGE_POOL_2D,
    &CONCATENATION,
    &CONV_2D,
    &DEPTHWISE_CONV_2D,
    &EXPAND_DIMS,
    &FULLY_CONNECTED,
    &HARD_SWISH,
    &LEAKY_RELU,
    &LOGISTIC,
    &MAXIMUM,
    &MAX_POOL_2D,
    &MEAN,
    &MINIMUM,
    &MUL,
    &PACK,
    &PAD,
    &PADV2,
    &PRELU,
    &QUANTIZE,
    &READ_VARIABLE,
    &REDUCE_MAX,
    &RELU,
    &RELU6,
    &RESHAPE,
    &RESIZE_NEAREST_NEIGHBOR,
    &SLICE,
    &SOFTMAX,
    &SPLIT,
    &SPLIT_V,
    &SQUEEZE,
    &STRIDED_SLICE,
    &SUB,
    &SUM,
    &TANH,
    &TRANSPOSE,
    &TRANSPOSE_CONV,
    &UNPACK,
    &VAR_HANDLE,
];

/// The operator with that number.
pub fn find<'t>(table: &[&'t Operator], code: u32) -> Option<&'t Operator> {
    table.iter().copied().find(|op| op.code == code)
}

/// How far apart the first output of node `index` and its input `i` must be, if they
/// may overlap: for whoever plans the arena. Offsets in the blob don't matter.
///
/// `None` also where the blob has no such node, or the operator isn't in the table.
pub fn reach(model: &[u8], table: &[&Operator], index: usize, i: usize) -> Option<Reach> {
    let blob = Blob::parse(model).ok()?;
    let node = blob.node(index)?;
    find(table, node.code())?.reach(&node, i)
}
