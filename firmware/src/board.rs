//! What a bare Cortex-M needs before `main`, and the emulator's services.
//!
//! The reset code switches the floating-point unit on where the target has one (before
//! any compiled code, which may use it), fills static data, and calls `main`. Services
//! are Arm's semihosting: a breakpoint with the number of the service in `r0` and its
//! argument in `r1`. Source: Arm, "Semihosting for AArch32 and AArch64", 2.0.
#![allow(
    unsafe_code,
    reason = "reset code and breakpoints are beyond safe Rust"
)]

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
    "bl {main}",
    ".thumb_func",
    "fault:",
    "bl {fault}",
    ".ltorg",
    main = sym crate::main,
    fault = sym fault,
);

extern "C" fn fault() -> ! {
    print("fault: the processor stopped the image\n");
    exit(false)
}

const SYS_OPEN: usize = 0x01;
const SYS_WRITE0: usize = 0x04;
const SYS_READ: usize = 0x06;
const SYS_EXIT: usize = 0x18;

/// Asks the emulator for a service; `argument` is what that service takes.
fn service(number: usize, argument: usize) -> isize {
    let mut result = number as isize;
    // SAFETY: the callers below pass what the service asks for: a value, or the address
    // of words and bytes that live until it has returned. It writes at most into the
    // buffer that `File::read` lends, which the compiler must assume (no `nomem`).
    unsafe { asm!("bkpt 0xab", inout("r0") result, in("r1") argument, options(nostack)) };
    result
}

/// Prints up to 255 bytes of text without zeros, or the start of a longer one.
pub fn print(text: &str) {
    let mut line = [0u8; 256];
    for (to, from) in line.iter_mut().take(255).zip(text.as_bytes()) {
        *to = *from;
    }
    service(SYS_WRITE0, line.as_ptr() as usize);
}

/// Ends the emulator, with success or not.
pub fn exit(success: bool) -> ! {
    const APPLICATION_EXIT: usize = 0x20026;
    const RUN_TIME_ERROR: usize = 0x20023;
    let reason = if success {
        APPLICATION_EXIT
    } else {
        RUN_TIME_ERROR
    };
    loop {
        service(SYS_EXIT, reason);
    }
}

/// A file of the emulator's host, open for reading.
pub struct File(isize);

impl File {
    /// Opens the file of that name, ended by a zero, in the emulator's folder.
    pub fn open(name: &core::ffi::CStr) -> Option<Self> {
        const READ_BINARY: usize = 1;
        let words = [name.as_ptr() as usize, READ_BINARY, name.to_bytes().len()];
        let handle = service(SYS_OPEN, words.as_ptr() as usize);
        (handle != -1).then_some(Self(handle))
    }

    /// Fills the buffer; false where the file has less left.
    pub fn read(&mut self, buffer: &mut [u8]) -> bool {
        let words = [self.0 as usize, buffer.as_mut_ptr() as usize, buffer.len()];
        // The service tells how many bytes are missing.
        service(SYS_READ, words.as_ptr() as usize) == 0
    }
}
