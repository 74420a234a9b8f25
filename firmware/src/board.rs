//! What a bare processor needs before `main`, and the emulator's services.
//!
//! The reset code of each processor family, in a file of its own, makes the processor
//! ready, fills static data, and calls `main`. Services are Arm's semihosting, which
//! RISC-V took over: a breakpoint with the number of the service in one register and its
//! argument in the next. Source: Arm, "Semihosting for AArch32 and AArch64", 2.0.
#![allow(unsafe_code, reason = "breakpoints are beyond safe Rust")]

#[cfg(target_arch = "arm")]
mod arm;
#[cfg(target_arch = "riscv32")]
mod riscv;

#[cfg(target_arch = "arm")]
use arm as processor;
#[cfg(target_arch = "riscv32")]
use riscv as processor;

pub(crate) use processor::stack_pointer;

extern "C" fn fault() -> ! {
    print("fault: the processor stopped the image\n");
    exit(false)
}

const SYS_OPEN: usize = 0x01;
const SYS_WRITEC: usize = 0x03;
const SYS_WRITE: usize = 0x05;
const SYS_READ: usize = 0x06;
const SYS_EXIT: usize = 0x18;

/// Asks the emulator for a service; `argument` is what that service takes.
fn service(number: usize, argument: usize) -> isize {
    // SAFETY: the callers below pass what the service asks for: a value, or the address
    // of words and bytes that live until it has returned. It writes at most into the
    // buffer that `File::read` lends.
    unsafe { processor::service(number, argument) }
}

/// Prints text, byte by byte: without a buffer, that the stack would have to hold.
pub fn print(text: impl AsRef<[u8]>) {
    print_bytes(text.as_ref());
}

fn print_bytes(text: &[u8]) {
    for byte in text {
        service(SYS_WRITEC, core::ptr::from_ref(byte) as usize);
    }
}

/// Prints a space and the number in eight hexadecimal digits.
pub fn print_number(number: u32) {
    let mut text = [b' '; 9];
    for (place, digit) in text.iter_mut().skip(1).enumerate() {
        let nibble = (number >> (28 - 4 * place)) as u8 & 15;
        *digit = nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
    }
    print(text);
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

/// A file of the emulator's host.
pub struct File(isize);

impl File {
    /// Opens the file of that name, ended by a zero, in the emulator's folder, for reading.
    pub fn open(name: &core::ffi::CStr) -> Option<Self> {
        const READ_BINARY: usize = 1;
        Self::with_mode(name, READ_BINARY)
    }

    /// The same for writing; what the file held is gone.
    pub fn create(name: &core::ffi::CStr) -> Option<Self> {
        const WRITE_BINARY: usize = 5;
        Self::with_mode(name, WRITE_BINARY)
    }

    fn with_mode(name: &core::ffi::CStr, mode: usize) -> Option<Self> {
        let words = [name.as_ptr() as usize, mode, name.to_bytes().len()];
        let handle = service(SYS_OPEN, words.as_ptr() as usize);
        (handle != -1).then_some(Self(handle))
    }

    /// Fills the buffer; false where the file has less left.
    pub fn read(&mut self, buffer: &mut [u8]) -> bool {
        let words = [self.0 as usize, buffer.as_mut_ptr() as usize, buffer.len()];
        // The service tells how many bytes are missing.
        service(SYS_READ, words.as_ptr() as usize) == 0
    }

    /// Writes all of it; false where the host's disk is full.
    pub fn write(&mut self, bytes: &[u8]) -> bool {
        let words = [self.0 as usize, bytes.as_ptr() as usize, bytes.len()];
        service(SYS_WRITE, words.as_ptr() as usize) == 0
    }
}
