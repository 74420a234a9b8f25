//! RISC-V: reset, and the breakpoint of the emulator's services.
//!
//! The emulator starts at the first byte of flash, which is why the reset code lies in
//! the section of the vectors.

use core::arch::{asm, global_asm};

global_asm!(
    ".section .vectors, \"ax\", %progbits",
    ".option push",
    ".option arch, +zicsr",
    ".global reset",
    "reset:",
    "la sp, stack_top",
    "la t0, fault",
    "csrw mtvec, t0",
    "la t0, data_start",
    "la t1, data_end",
    "la t2, data_load",
    "j 2f",
    "1: lw t3, 0(t2)",
    "sw t3, 0(t0)",
    "addi t0, t0, 4",
    "addi t2, t2, 4",
    "2: bltu t0, t1, 1b",
    "la t0, bss_start",
    "la t1, bss_end",
    "j 4f",
    "3: sw zero, 0(t0)",
    "addi t0, t0, 4",
    "4: bltu t0, t1, 3b",
    "call main",
    ".option pop",
    // The register of the handler's address keeps its two lowest bits for a mode.
    ".balign 4",
    "fault:",
    "call {fault}",
    fault = sym super::fault,
);

/// # Safety
/// `argument` is what the service takes; memory that it names lives on.
pub(super) unsafe fn service(number: usize, argument: usize) -> isize {
    let mut result = number as isize;
    // SAFETY: the caller's. The service may write memory (hence no `nomem`), and keeps
    // every register but the first.
    unsafe {
        // The breakpoint is one of the emulator's when these two, which do nothing, stand
        // around it, uncompressed and on one page. Source: "RISC-V Semihosting", 1.0.
        asm!(
            ".balign 16",
            ".option push",
            ".option norvc",
            "slli zero, zero, 0x1f",
            "ebreak",
            "srai zero, zero, 7",
            ".option pop",
            inout("a0") result,
            in("a1") argument,
            options(nostack),
        );
    }
    result
}

/// Where the stack ends in the function that asks.
#[inline(always)]
pub(crate) fn stack_pointer() -> usize {
    let value;
    // SAFETY: reads a register.
    unsafe { asm!("mv {}, sp", out(reg) value, options(nomem, nostack, preserves_flags)) };
    value
}
