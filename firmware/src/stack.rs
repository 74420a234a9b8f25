//! How deep the stack went: paint what lies below, run, look how far the paint is gone.
#![allow(unsafe_code, reason = "looks at the stack from outside")]

use core::ptr::addr_of;

use crate::board::stack_pointer;

unsafe extern "C" {
    static stack_bottom: u32;
}

const PAINT: u32 = 0x7e57_ab1e;
/// No graph comes near this; painting all of RAM would only take time.
const REACH: usize = 16 * 1024;

/// The painted part of the stack.
pub struct Painted {
    from: usize,
    to: usize,
}

/// Paints what lies below the function that asks.
#[inline(always)]
pub fn paint() -> Painted {
    paint_below(stack_pointer())
}

#[inline(never)]
fn paint_below(to: usize) -> Painted {
    let bottom = addr_of!(stack_bottom) as usize;
    let from = bottom.max(to.saturating_sub(REACH));
    let mut at = from;
    while at < stack_pointer() {
        // SAFETY: `at` is a word of the stack's region below this function's own frame,
        // and no function is called meanwhile.
        unsafe { (at as *mut u32).write_volatile(PAINT) };
        at += 4;
    }
    Painted { from, to }
}

impl Painted {
    /// The most bytes that were in use since, below the function that painted; with its
    /// reach in use, as many as that. At least the few of this function itself.
    #[inline(never)]
    pub fn used(&self) -> usize {
        let mut at = self.from;
        // SAFETY: a word of the stack's region; whatever it holds is a number.
        while at < self.to && unsafe { (at as *const u32).read_volatile() } == PAINT {
            at += 4;
        }
        self.to - at
    }
}
