//! What a bare processor needs before `main`, the emulator's services, and the stack seen
//! from outside. All of it is beyond safe Rust: registers, breakpoints, raw addresses.
//!
//! Services are Arm's semihosting, which RISC-V took over: a breakpoint with the number of
//! the service in one register and its argument in the next.
//! Source: Arm, "Semihosting for AArch32 and AArch64", 2.0; "RISC-V Semihosting", 1.0.

use core::arch::{asm, global_asm};
use core::ptr::addr_of;

// Cortex-M: the vectors are the stack pointer, reset, and one handler for every exception.
#[cfg(target_arch = "arm")]
global_asm!(
    ".section .vectors, \"a\", %progbits",
    ".word stack_top",
    ".word reset",
    ".rept 14",
    ".word stopped",
    ".endr",
);

// CPACR: the floating-point unit must be on before any code that may use it.
#[cfg(all(target_arch = "arm", target_abi = "eabihf"))]
global_asm!(
    ".section .text.reset, \"ax\", %progbits",
    ".thumb_func",
    ".global reset",
    "reset:",
    "ldr r0, =0xE000ED88",
    "ldr r1, [r0]",
    "ldr r2, =0x00F00000",
    "orrs r1, r2",
    "str r1, [r0]",
    "dsb",
    "isb",
    "b begin",
    ".ltorg",
);

#[cfg(all(target_arch = "arm", not(target_abi = "eabihf")))]
global_asm!(
    ".section .text.reset, \"ax\", %progbits",
    ".thumb_func",
    ".global reset",
    "reset:",
    "b begin",
);

#[cfg(target_arch = "arm")]
global_asm!(
    ".section .text.reset, \"ax\", %progbits",
    ".thumb_func",
    "begin:",
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
    "stopped:",
    "bl {fault}",
    ".ltorg",
    fault = sym fault,
);

// RISC-V: the emulator starts at the first byte of flash.
#[cfg(target_arch = "riscv32")]
global_asm!(
    ".section .vectors, \"ax\", %progbits",
    ".option push",
    ".option arch, +zicsr",
    ".global reset",
    "reset:",
    "la sp, stack_top",
    "la t0, stopped",
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
    ".balign 4",
    "stopped:",
    "call {fault}",
    fault = sym fault,
);

extern "C" fn fault() -> ! {
    print("fault: the processor stopped the program\n");
    exit(false)
}

const SYS_WRITEC: usize = 0x03;
const SYS_EXIT: usize = 0x18;

/// Asks the emulator for a service, which may read the memory that `argument` names.
#[cfg(target_arch = "arm")]
fn service(number: usize, argument: usize) {
    // SAFETY: both callers pass what the service asks for, and it changes one register.
    unsafe { asm!("bkpt 0xab", inout("r0") number => _, in("r1") argument, options(nostack)) };
}

/// Asks the emulator for a service, which may read the memory that `argument` names.
#[cfg(target_arch = "riscv32")]
fn service(number: usize, argument: usize) {
    // SAFETY: as above. The breakpoint is one of the emulator's when these two, which do
    // nothing, stand around it, uncompressed and on one page.
    unsafe {
        asm!(
            ".balign 16",
            ".option push",
            ".option norvc",
            "slli zero, zero, 0x1f",
            "ebreak",
            "srai zero, zero, 7",
            ".option pop",
            inout("a0") number => _,
            in("a1") argument,
            options(nostack),
        );
    }
}

/// Prints a text.
pub fn print(text: &str) {
    print_bytes(text.as_bytes());
}

/// Prints bytes.
pub fn print_bytes(bytes: &[u8]) {
    for byte in bytes {
        service(SYS_WRITEC, core::ptr::from_ref(byte) as usize);
    }
}

/// Ends the emulator, with success or not.
pub fn exit(success: bool) -> ! {
    const APPLICATION_EXIT: usize = 0x20026;
    const RUN_TIME_ERROR: usize = 0x20023;
    let reason = if success { APPLICATION_EXIT } else { RUN_TIME_ERROR };
    loop {
        service(SYS_EXIT, reason);
    }
}

/// Where the stack ends in the function that asks.
#[inline(always)]
fn stack_pointer() -> usize {
    let value;
    #[cfg(target_arch = "arm")]
    // SAFETY: reads a register.
    unsafe {
        asm!("mov {}, sp", out(reg) value, options(nomem, nostack, preserves_flags));
    }
    #[cfg(target_arch = "riscv32")]
    // SAFETY: reads a register.
    unsafe {
        asm!("mv {}, sp", out(reg) value, options(nomem, nostack, preserves_flags));
    }
    value
}

unsafe extern "C" {
    static stack_bottom: u32;
}

const PAINT: u32 = 0x7e57_ab1e;
/// No model comes near this; painting all of RAM would only take time.
const REACH: usize = 16 * 1024;

/// The painted part of the stack.
pub struct Painted {
    from: usize,
    to: usize,
}

/// Paints the stack below the function that asks.
#[inline(always)]
pub fn paint_stack() -> Painted {
    paint_below(stack_pointer())
}

#[inline(never)]
fn paint_below(to: usize) -> Painted {
    let from = (addr_of!(stack_bottom) as usize).max(to.saturating_sub(REACH));
    let mut at = from;
    while at < stack_pointer() {
        // SAFETY: a word of the stack below this function's own frame, and no function is
        // called meanwhile.
        unsafe { (at as *mut u32).write_volatile(PAINT) };
        at += 4;
    }
    Painted { from, to }
}

impl Painted {
    /// The most bytes that were in use since, below the function that painted.
    #[inline(never)]
    pub fn used(&self) -> usize {
        let mut at = self.from;
        // SAFETY: a word of the stack; whatever it holds is a number.
        while at < self.to && unsafe { (at as *const u32).read_volatile() } == PAINT {
            at += 4;
        }
        self.to - at
    }
}
