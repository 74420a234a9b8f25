//! Static memory that is handed out once.
#![allow(
    unsafe_code,
    reason = "the compiler can't see that a buffer is taken once"
)]

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering};

use lampyris_core::Aligned;

/// `N` bytes on 16, for a `static`.
pub struct Buffer<const N: usize> {
    taken: AtomicBool,
    bytes: UnsafeCell<Aligned<N>>,
}

// SAFETY: `take` gives the bytes to one owner only.
unsafe impl<const N: usize> Sync for Buffer<N> {}

impl<const N: usize> Buffer<N> {
    /// Zeros.
    pub const fn new() -> Self {
        Self {
            taken: AtomicBool::new(false),
            bytes: UnsafeCell::new(Aligned([0; N])),
        }
    }

    /// The bytes; `None` from the second time on.
    #[allow(
        clippy::mut_from_ref,
        reason = "what is lent mutably is lent only once"
    )]
    pub fn take(&'static self) -> Option<&'static mut [u8]> {
        // The images have one thread and no interrupts, so that nothing comes between
        // these two; the smallest cores have no instruction that does both.
        if self.taken.load(Ordering::Relaxed) {
            return None;
        }
        self.taken.store(true, Ordering::Relaxed);
        // SAFETY: `taken` was false, so no one else has the bytes, or will.
        Some(unsafe { &mut (*self.bytes.get()).0 })
    }
}

impl<const N: usize> Default for Buffer<N> {
    fn default() -> Self {
        Self::new()
    }
}
