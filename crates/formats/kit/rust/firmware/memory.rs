//! A static that is handed out once.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering};

/// A value for a `static`, lent mutably to the first who asks.
pub struct Once<T> {
    value: UnsafeCell<T>,
    taken: AtomicBool,
}

// SAFETY: `take` gives the value to one owner only.
unsafe impl<T: Send> Sync for Once<T> {}

impl<T> Once<T> {
    pub const fn new(value: T) -> Self {
        Self {
            value: UnsafeCell::new(value),
            taken: AtomicBool::new(false),
        }
    }

    /// The value; `None` from the second time on.
    #[allow(clippy::mut_from_ref, reason = "what is lent mutably is lent only once")]
    pub fn take(&'static self) -> Option<&'static mut T> {
        // One thread and no interrupts, so that nothing comes between these two; the
        // smallest cores have no instruction that does both.
        if self.taken.load(Ordering::Relaxed) {
            return None;
        }
        self.taken.store(true, Ordering::Relaxed);
        // SAFETY: `taken` was false, so no one else has the value, or will.
        Some(unsafe { &mut *self.value.get() })
    }
}
