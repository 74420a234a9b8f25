//! What an operator sees of the model.

use core::cell::Cell;

use crate::blob::{Blob, TENSOR_WORDS};

/// Where a tensor's values lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the arena, from the node that writes it to the last that reads it.
    Arena,
    /// In the arena for as long as the session lives.
    State,
    /// In the model's data: a constant.
    Data,
    /// Nowhere that this build knows of.
    Unknown,
}

impl Place {
    pub(crate) fn from_word(word: u32) -> Self {
        match word {
            0 => Self::Arena,
            1 => Self::State,
            2 => Self::Data,
            _ => Self::Unknown,
        }
    }
}

/// A tensor's place and shape: a view of its record in the blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tensor<'a>(pub(crate) &'a [u32; TENSOR_WORDS]);

impl Tensor<'_> {
    /// The number that the host knows it by.
    pub fn id(&self) -> u32 {
        self.0[0]
    }

    /// Element type: 0 is i8, 1 is u8.
    pub(crate) fn kind(&self) -> u32 {
        self.0[1] & 0xff
    }

    /// How many dimensions are used, 1 to 4.
    pub fn rank(&self) -> usize {
        (self.0[1] >> 8 & 0xff) as usize
    }

    /// In the arena or among the constants.
    pub fn place(&self) -> Place {
        Place::from_word(self.0[1] >> 16)
    }

    /// Bytes from the start of the arena, or of the data.
    pub fn offset(&self) -> usize {
        self.0[2] as usize
    }

    /// Bytes.
    #[expect(clippy::len_without_is_empty, reason = "no tensor is empty")]
    pub fn len(&self) -> usize {
        self.0[3] as usize
    }

    /// Dimensions, outermost first; those beyond the rank are 1.
    pub fn dims(&self) -> [usize; 4] {
        let [_, _, _, _, dims @ ..] = self.0;
        dims.map(|d| d as usize)
    }

    /// Whether its values are u8, not i8. Only operators that move bytes, or map
    /// them through a table, take such.
    pub fn is_unsigned(&self) -> bool {
        self.kind() == 1
    }

    /// The innermost dimension: features of a vector, channels of a picture.
    pub fn depth(&self) -> usize {
        let last = self.rank().wrapping_add(3);
        self.0.get(last).map_or(0, |&d| d as usize)
    }

    /// Whether two tensors lie on exactly the same bytes.
    pub fn same_place(&self, other: &Tensor<'_>) -> bool {
        self.in_arena()
            && other.in_arena()
            && self.offset() == other.offset()
            && self.len() == other.len()
    }

    /// Whether two tensors share a byte of the arena.
    pub fn overlaps(&self, other: &Tensor<'_>) -> bool {
        self.in_arena()
            && other.in_arena()
            && self.offset() < other.offset().saturating_add(other.len())
            && other.offset() < self.offset().saturating_add(self.len())
    }

    pub(crate) fn in_arena(&self) -> bool {
        self.0[1] >> 17 == 0
    }

    /// Its values in the arena; `None` for constants and before the check.
    pub fn read<'a>(&self, arena: &'a [u8]) -> Option<&'a [i8]> {
        let bytes = arena.get(self.offset()..)?.get(..self.len())?;
        self.in_arena().then_some(bytemuck::must_cast_slice(bytes))
    }

    /// Its values in the arena, to be written.
    pub fn write<'a>(&self, arena: &'a mut [u8]) -> Option<&'a mut [i8]> {
        let bytes = arena.get_mut(self.offset()..)?.get_mut(..self.len())?;
        self.in_arena()
            .then_some(bytemuck::must_cast_slice_mut(bytes))
    }

    fn range(&self) -> Option<core::ops::Range<usize>> {
        Some(self.offset()..self.offset().checked_add(self.len())?)
    }
}

/// One step of a model: its parameters, constants and tensors.
pub struct Node<'a> {
    pub(crate) blob: &'a Blob<'a>,
    pub(crate) code: u32,
    pub(crate) id: u32,
    pub(crate) params: &'a [u32],
    pub(crate) inputs: &'a [u32],
    pub(crate) outputs: &'a [u32],
}

impl<'a> Node<'a> {
    /// The operator's number, under TFLite's numbering.
    pub fn code(&self) -> u32 {
        self.code
    }

    /// The operator's own words, as many as it expects.
    pub fn params<const N: usize>(&self) -> Option<&'a [u32; N]> {
        self.params.try_into().ok()
    }

    /// The operator's own words, however many.
    pub(crate) fn words(&self) -> &'a [u32] {
        self.params
    }

    /// How many tensors it reads and how many it writes.
    pub fn arity(&self) -> (usize, usize) {
        (self.inputs.len(), self.outputs.len())
    }

    /// The tensor that it reads at that place.
    pub fn input(&self, i: usize) -> Option<Tensor<'a>> {
        self.blob.tensor(*self.inputs.get(i)?)
    }

    /// The tensor that it writes at that place.
    pub fn output(&self, i: usize) -> Option<Tensor<'a>> {
        self.blob.tensor(*self.outputs.get(i)?)
    }

    /// `len` constant values from byte `at` of the data on.
    pub fn constant_i8(&self, at: u32, len: usize) -> Option<&'a [i8]> {
        let bytes = self.blob.data.get(at as usize..)?.get(..len)?;
        Some(bytemuck::must_cast_slice(bytes))
    }

    /// `len` constant values from byte `at` of the data on, a multiple of 4.
    pub fn constant_i32(&self, at: u32, len: usize) -> Option<&'a [i32]> {
        let bytes = self.blob.data.get(at as usize..)?;
        bytemuck::try_cast_slice(bytes.get(..len.checked_mul(4)?)?).ok()
    }

    /// The values of a tensor that is a constant.
    pub(crate) fn constant(&self, t: &Tensor<'_>) -> Option<&'a [i8]> {
        let bytes = self.blob.data.get(t.range()?)?;
        (t.place() == Place::Data).then_some(bytemuck::must_cast_slice(bytes))
    }

    /// What is read and what is written; `None` where they overlap.
    pub(crate) fn split<'s>(
        &self,
        arena: &'s mut [u8],
        read: &Tensor<'_>,
        write: &Tensor<'_>,
    ) -> Option<(&'s [i8], &'s mut [i8])>
    where
        'a: 's,
    {
        if let Some(values) = self.constant(read) {
            return Some((values, write.write(arena)?));
        }
        let [from, to] = arena
            .get_disjoint_mut([read.range()?, write.range()?])
            .ok()?;
        Some((
            bytemuck::must_cast_slice(from),
            bytemuck::must_cast_slice_mut(to),
        ))
    }

    /// Values of the output `y`, from which on and how many, to be written; and those of
    /// the input `x` that they leave: how many are missing in front, then they.
    ///
    /// For operators that write in order, or `reversed` from the last value on, over what
    /// they have read: see [`Overlap::InOrder`](crate::Overlap::InOrder).
    pub(crate) fn tile<'s>(
        &self,
        arena: &'s mut [u8],
        x: &Tensor<'_>,
        y: &Tensor<'_>,
        (at, len, reversed): (usize, usize, bool),
    ) -> Option<(usize, &'s [i8], &'s mut [i8])>
    where
        'a: 's,
    {
        let start = y.offset().checked_add(at)?;
        let end = start.checked_add(len)?;
        let (left, rest) = arena.split_at_mut_checked(start)?;
        let (to, right) = rest.split_at_mut_checked(len)?;
        let to = bytemuck::must_cast_slice_mut(to);
        if let Some(values) = self.constant(x) {
            return Some((0, values, to));
        }
        let read = x.range()?;
        if read.end <= start || (reversed && read.start < end) {
            let from = left.get(read.start.min(start)..read.end.min(start))?;
            return Some((0, bytemuck::must_cast_slice(from), to));
        }
        let missing = end.saturating_sub(read.start).min(x.len());
        let behind = |at: usize| at.saturating_sub(end);
        let from = right.get(behind(read.start)..behind(read.end))?;
        Some((missing, bytemuck::must_cast_slice(from), to))
    }

    /// Values that are read one by one, while others of the arena are written.
    pub(crate) fn values<'s>(&self, arena: &'s [Cell<i8>], t: &Tensor<'_>) -> Option<Values<'s>>
    where
        'a: 's,
    {
        match self.constant(t) {
            Some(values) => Some(Values::Data(values)),
            None => Some(Values::Arena(arena.get(t.range()?)?)),
        }
    }
}

/// The arena as cells: read here, written there, in any order.
pub(crate) fn cells(arena: &mut [u8]) -> &[Cell<i8>] {
    Cell::from_mut(bytemuck::must_cast_slice_mut::<u8, i8>(arena)).as_slice_of_cells()
}

/// The cells of a tensor that is written.
pub(crate) fn cells_of<'s>(arena: &'s [Cell<i8>], t: &Tensor<'_>) -> Option<&'s [Cell<i8>]> {
    arena.get(t.range()?)
}

/// Values of an activation or of a constant.
#[derive(Clone, Copy)]
pub(crate) enum Values<'a> {
    Arena(&'a [Cell<i8>]),
    Data(&'a [i8]),
}

impl Values<'_> {
    /// The value at that place; 0 beyond the end, which the check rules out.
    #[inline]
    pub(crate) fn get(&self, i: usize) -> i32 {
        match self {
            Self::Arena(cells) => cells.get(i).map_or(0, |c| i32::from(c.get())),
            Self::Data(values) => values.get(i).map_or(0, |&v| i32::from(v)),
        }
    }
}

/// Row by row: `n` values that are read beside `m` that are written. None where
/// either is 0. (Zipped `chunks_exact` would divide, and so could panic.)
pub(crate) fn rows<'a>(
    mut from: &'a [i8],
    n: usize,
    mut to: &'a mut [i8],
    m: usize,
) -> impl Iterator<Item = (&'a [i8], &'a mut [i8])> {
    core::iter::from_fn(move || {
        if n == 0 || m == 0 {
            return None;
        }
        from.split_off(..n).zip(to.split_off_mut(..m))
    })
}
