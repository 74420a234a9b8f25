//! What the images share.
//!
//! | image | runs |
//! |---|---|
//! | `lampyris-firmware` | the classifier (window → features → network) of one chip part, on windows |
//! | `stream` | the classifier of one chip part on readings, one by one: gate, events, scores |
//! | `pictures` | the classifier of one chip part on pictures: what the network sees, its outputs, events |
//! | `graph` | one graph that was built in, with only the operators it names: what a product would link |
//! | `models` | any number of graphs, one after another, with every operator: for comparing and counting |
//! | `features` | any number of signal blocks on windows, with every block: for comparing and counting |
//!
//! * [`board`] is what comes before `main`, and the emulator's services.
//! * [`memory`] is static memory that is handed out once.
//! * [`stack`] tells how deep the stack went.
//! * [`calls`] runs a graph on inputs from a file, and marks where each layer ends.
//! * [`lines`] is what the images with a classifier print.
#![no_std]

pub mod board;
pub mod calls;
pub mod lines;
pub mod memory;
pub mod stack;

/// Makes `run`, a `fn() -> Result<(), &'static str>`, the image's program: the reset code
/// calls it, a reason that it returns is printed, and so is a panic.
#[macro_export]
macro_rules! program {
    ($run:path) => {
        #[allow(unsafe_code, reason = "the reset code calls this very name")]
        #[unsafe(no_mangle)]
        extern "C" fn main() -> ! {
            match $run() {
                Ok(()) => $crate::board::exit(true),
                Err(reason) => {
                    $crate::board::print(reason);
                    $crate::board::print("\n");
                    $crate::board::exit(false)
                }
            }
        }

        #[panic_handler]
        fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
            $crate::board::print("panic\n");
            $crate::board::exit(false)
        }
    };
}

/// Starts the model that was built in, with memory of its own on the caller's stack, as a
/// variable of this name. `ARENA`, `RING`, `SCRATCH`, `FEATURES` and `start` are what
/// build.rs wrote for the image; a refusal is the caller's error.
#[macro_export]
macro_rules! classifier {
    ($name:ident) => {
        let (mut arena, mut ring) = ([0; ARENA], [0.0; RING]);
        let (mut scratch, mut features) = ([0.0; SCRATCH], [0.0; FEATURES]);
        let memory = Memory {
            arena: arena.as_mut_slice(),
            ring: ring.as_mut_slice(),
            scratch: scratch.as_mut_slice(),
            features: features.as_mut_slice(),
        };
        let mut $name = start(memory)
            .map_err(|_| "model: refused, build the image with the one it was made for")?;
    };
}
