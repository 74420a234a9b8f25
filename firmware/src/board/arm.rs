//! Cortex-M: vectors, reset, and the breakpoint of the emulator's services.
//!
//! The reset code switches the floating-point unit on where the target has one, before
//! any compiled code, which may use it.

use core::arch::{asm, global_asm};

// Stack pointer, reset, and one handler for every exception that can occur.
global_asm!(
    ".section .vectors, \"a\", %progbits",
    ".word stack_top",
    ".word reset",
    ".rept 14",
    ".word fault",
    ".endr",
);

#[cfg(target_abi = "eabihf")]
global_asm!(
    ".section .text.reset, \"ax\", %progbits",
    ".thumb_func",
    ".global reset",
    "reset:",
    // CPACR: full access to coprocessors 10 and 11, the floating-point unit.
    "ldr r0, =0xE000ED88",
    "ldr r1, [r0]",
    "ldr r2, =0x00F00000",
    "orrs r1, r2",
    "str r1, [r0]",
    "dsb",
    "isb",
    "b start",
    ".ltorg",
);

#[cfg(not(target_abi = "eabihf"))]
global_asm!(
    ".section .text.reset, \"ax\", %progbits",
    ".thumb_func",
    ".global reset",
    "reset:",
    "b start",
);

global_asm!(
    ".thumb_func",
    "start:",
    "ldr r0, =data_start",
    "ldr r1, =data_end",
    "ldr r2, =data_load",
    "b 2f",
    "1: ldr r3, [r2]",
    "str r3, [r0]",
    "adds r0, r0, #4",
    "adds r2, r2, #4",
    "2: cmp r0, r1",
    "blo 1b",
    "ldr r0, =bss_start",
    "ldr r1, =bss_end",
    "movs r3, #0",
    "b 4f",
    "3: str r3, [r0]",
    "adds r0, r0, #4",
    "4: cmp r0, r1",
    "blo 3b",
    "bl main",
    ".thumb_func",
    "fault:",
    "bl {fault}",
    ".ltorg",
    fault = sym super::fault,
);

/// # Safety
/// `argument` is what the service takes; memory that it names lives on.
pub(super) unsafe fn service(number: usize, argument: usize) -> isize {
    let mut result = number as isize;
    // SAFETY: the caller's. The service may write memory (hence no `nomem`), and keeps
    // every register but the first.
    unsafe { asm!("bkpt 0xab", inout("r0") result, in("r1") argument, options(nostack)) };
    result
}

/// Where the stack ends in the function that asks.
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let value;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, sp", out(reg) value, options(nomem, nostack, preserves_flags)) };
    value
}
