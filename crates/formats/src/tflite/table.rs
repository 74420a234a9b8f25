//! A bounds-checked view of a flatbuffer.
//!
//! A table begins with how far back its vtable lies; the vtable holds its own
//! size, the table's, and for each field where in the table it is (0: absent).
//! Strings, vectors and tables are reached through offsets, forward from where
//! the offset stands. Nothing is believed: each step stays within the bytes.

use crate::FormatError;

/// Why a step failed: the byte at which the file makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken(pub(super) usize);

impl From<Broken> for FormatError {
    fn from(Broken(at): Broken) -> Self {
        Self::new(
            "the file is damaged: it points outside of itself",
            format!("byte {at}"),
            "download or export it again",
        )
    }
}

type Result<T> = std::result::Result<T, Broken>;

/// One table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
    vtable: &'a [u8],
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N]> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .ok_or(Broken(at))
}

impl<'a> Table<'a> {
    /// The table that the file begins with.
    pub(super) fn root(bytes: &'a [u8]) -> Result<Self> {
        Self::follow(bytes, 0)
    }

    /// The table that the offset at `slot` leads to.
    fn follow(bytes: &'a [u8], slot: usize) -> Result<Self> {
        let at = target(bytes, slot)?;
        let back = i64::from(i32::from_le_bytes(array(bytes, at)?));
        let start = usize::try_from(at as i64 - back).map_err(|_| Broken(at))?;
        let size = usize::from(u16::from_le_bytes(array(bytes, start)?));
        let vtable = start
            .checked_add(size)
            .and_then(|end| bytes.get(start..end))
            .filter(|v| v.len() >= 4)
            .ok_or(Broken(start))?;
        Ok(Self { bytes, at, vtable })
    }

    /// Where a field's value stands, if the table has it.
    fn field(&self, field: u16) -> Option<usize> {
        let entry: [u8; 2] = array(self.vtable, 4 + 2 * usize::from(field)).ok()?;
        match u16::from_le_bytes(entry) {
            0 => None,
            offset => Some(self.at + usize::from(offset)),
        }
    }

    fn scalar<const N: usize, T>(
        &self,
        field: u16,
        default: T,
        read: impl Fn([u8; N]) -> T,
    ) -> Result<T> {
        self.field(field)
            .map_or(Ok(default), |at| Ok(read(array(self.bytes, at)?)))
    }

    pub(super) fn has(&self, field: u16) -> bool {
        self.field(field).is_some()
    }

    pub(super) fn byte(&self, field: u16) -> Result<i8> {
        self.scalar(field, 0, i8::from_le_bytes)
    }

    pub(super) fn int(&self, field: u16) -> Result<i32> {
        self.scalar(field, 0, i32::from_le_bytes)
    }

    pub(super) fn uint(&self, field: u16) -> Result<u32> {
        self.scalar(field, 0, u32::from_le_bytes)
    }

    pub(super) fn float(&self, field: u16) -> Result<f32> {
        self.scalar(field, 0.0, f32::from_le_bytes)
    }

    pub(super) fn table(&self, field: u16) -> Result<Option<Self>> {
        self.field(field)
            .map(|slot| Self::follow(self.bytes, slot))
            .transpose()
    }

    /// Where a vector's first element stands, and how many there are of `size` bytes.
    fn vector(&self, field: u16, size: usize) -> Result<(usize, usize)> {
        let Some(slot) = self.field(field) else {
            return Ok((0, 0));
        };
        let at = target(self.bytes, slot)?;
        let count = u32::from_le_bytes(array(self.bytes, at)?) as usize;
        let room = self.bytes.len().saturating_sub(at + 4);
        if count.checked_mul(size).is_none_or(|len| len > room) {
            return Err(Broken(at));
        }
        Ok((at + 4, count))
    }

    /// A vector of bytes; empty where the table has none.
    pub(super) fn bytes(&self, field: u16) -> Result<&'a [u8]> {
        let (at, count) = self.vector(field, 1)?;
        Ok(&self.bytes[at..at + count])
    }

    /// A string; empty where the table has none.
    pub(super) fn string(&self, field: u16) -> Result<String> {
        Ok(String::from_utf8_lossy(self.bytes(field)?).into_owned())
    }

    fn scalars<const N: usize, T>(&self, field: u16, read: fn([u8; N]) -> T) -> Result<Vec<T>> {
        let (at, count) = self.vector(field, N)?;
        let (chunks, _) = self.bytes[at..at + count * N].as_chunks();
        Ok(chunks.iter().map(|&chunk| read(chunk)).collect())
    }

    pub(super) fn ints(&self, field: u16) -> Result<Vec<i32>> {
        self.scalars(field, i32::from_le_bytes)
    }

    pub(super) fn longs(&self, field: u16) -> Result<Vec<i64>> {
        self.scalars(field, i64::from_le_bytes)
    }

    pub(super) fn floats(&self, field: u16) -> Result<Vec<f32>> {
        self.scalars(field, f32::from_le_bytes)
    }

    pub(super) fn tables(&self, field: u16) -> Result<Vec<Self>> {
        let (at, count) = self.vector(field, 4)?;
        (0..count)
            .map(|i| Self::follow(self.bytes, at + 4 * i))
            .collect()
    }
}

/// Where the offset at `slot` leads.
fn target(bytes: &[u8], slot: usize) -> Result<usize> {
    let offset = u32::from_le_bytes(array(bytes, slot)?) as usize;
    slot.checked_add(offset)
        .filter(|&at| offset != 0 && at < bytes.len())
        .ok_or(Broken(slot))
}
