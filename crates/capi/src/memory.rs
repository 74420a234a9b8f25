//! What C hands over, as slices.

use core::ffi::c_void;
use core::slice;

use crate::status::LampyrisStatus::{
    self, LampyrisMisalignedMemory, LampyrisNull, LampyrisOverlapping,
};

/// The memory that a classifier works in. All of it must live, and be left alone, for as long
/// as the classifier is used; what it holds at first does not matter. No two ranges may share
/// bytes. The export of a model states the sizes; more is allowed. A pointer may be NULL where
/// its size is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct LampyrisMemory {
    /// Where the classifier itself lies, at a multiple of 8.
    pub state: *mut c_void,
    /// Bytes of the state: LAMPYRIS_STATE_BYTES or more.
    pub state_bytes: u32,
    /// The network's activations.
    pub arena: *mut u8,
    /// Bytes of the arena.
    pub arena_bytes: u32,
    /// Samples of the window or of one frame, the gate, the scores and their history, at a
    /// multiple of 4.
    pub ring: *mut f32,
    /// Floats of the ring.
    pub ring_values: u32,
    /// What the signal block works in, at a multiple of 4.
    pub scratch: *mut f32,
    /// Floats of the scratch.
    pub scratch_values: u32,
    /// The features, at a multiple of 4.
    pub features: *mut f32,
    /// Floats of the features; 0 for pictures.
    pub feature_values: u32,
}

impl LampyrisMemory {
    /// That no two ranges share bytes, nor one with the `chip_bytes` of the model at `chip`,
    /// none is at NULL, and none runs over the end of all addresses.
    pub(crate) fn check_apart(
        &self,
        chip: *const u8,
        chip_bytes: u32,
    ) -> Result<(), LampyrisStatus> {
        let bytes = size_of::<f32>();
        let ranges = [
            (chip.addr(), chip_bytes, 1),
            (self.state.addr(), self.state_bytes, 1),
            (self.arena.addr(), self.arena_bytes, 1),
            (self.ring.addr(), self.ring_values, bytes),
            (self.scratch.addr(), self.scratch_values, bytes),
            (self.features.addr(), self.feature_values, bytes),
        ];
        let mut rest = ranges.as_slice();
        while let [(start, count, size), others @ ..] = rest {
            rest = others;
            if *count == 0 {
                continue;
            }
            if *start == 0 {
                return Err(LampyrisNull);
            }
            let end = end(*start, *count, *size).ok_or(LampyrisOverlapping)?;
            for (other, count, size) in others {
                let other_end = self::end(*other, *count, *size).ok_or(LampyrisOverlapping)?;
                if *count > 0 && *start < other_end && *other < end {
                    return Err(LampyrisOverlapping);
                }
            }
        }
        Ok(())
    }
}

/// The address behind `count` values of `size` bytes, where that is one and no object is too
/// large for Rust (half of all addresses).
fn end(start: usize, count: u32, size: usize) -> Option<usize> {
    let bytes = (count as usize).checked_mul(size)?;
    if bytes > isize::MAX as usize {
        return None;
    }
    start.checked_add(bytes)
}

/// `count` values that are only read. NULL is allowed where there are none.
///
/// # Safety
/// Where `at` is neither NULL nor misaligned, `count` values lie there that nothing writes to
/// during `'a`.
pub(crate) unsafe fn values<'a, T>(at: *const T, count: u32) -> Result<&'a [T], LampyrisStatus> {
    if count == 0 {
        return Ok(&[]);
    }
    check(at, count)?;
    // SAFETY: not NULL, aligned, within the addresses, by `check`; the rest is the caller's word.
    Ok(unsafe { slice::from_raw_parts(at, count as usize) })
}

/// `count` values to write to. NULL is allowed where there are none.
///
/// # Safety
/// Where `at` is neither NULL nor misaligned, `count` values lie there that nothing else reads
/// or writes during `'a`.
pub(crate) unsafe fn room<'a, T>(at: *mut T, count: u32) -> Result<&'a mut [T], LampyrisStatus> {
    if count == 0 {
        return Ok(&mut []);
    }
    check(at, count)?;
    // SAFETY: not NULL, aligned, within the addresses, by `check`; the rest is the caller's word.
    Ok(unsafe { slice::from_raw_parts_mut(at, count as usize) })
}

/// The value at a pointer, to be read.
///
/// # Safety
/// As [`values`], for one value.
pub(crate) unsafe fn value<'a, T>(at: *const T) -> Result<&'a T, LampyrisStatus> {
    check(at, 1)?;
    // SAFETY: not NULL and aligned, by `check`; the rest is the caller's word.
    Ok(unsafe { &*at })
}

/// The value at a pointer, to be written.
///
/// # Safety
/// As [`room`], for one value.
pub(crate) unsafe fn place<'a, T>(at: *mut T) -> Result<&'a mut T, LampyrisStatus> {
    check(at, 1)?;
    // SAFETY: not NULL and aligned, by `check`; the rest is the caller's word.
    Ok(unsafe { &mut *at })
}

/// That a pointer to so many values is not NULL, is aligned, and stays within the addresses.
fn check<T>(at: *const T, count: u32) -> Result<(), LampyrisStatus> {
    if at.is_null() {
        Err(LampyrisNull)
    } else if !at.is_aligned() {
        Err(LampyrisMisalignedMemory)
    } else if end(at.addr(), count, size_of::<T>()).is_none() {
        Err(LampyrisOverlapping)
    } else {
        Ok(())
    }
}
