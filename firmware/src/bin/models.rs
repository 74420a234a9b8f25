//! Runs graphs one after another, with every operator there is: `models.bin` in the
//! emulator's folder holds for each
//!
//! ```text
//! u32  bytes of the graph, a multiple of 16     u32  calls     (little-endian)
//! the graph, as it was emitted
//! for each call, all inputs
//! ```
//!
//! and ends with the last. All outputs of all calls go to `outputs.bin`, one after
//! another. A line is printed for each graph, in hexadecimal,
//!
//! ```text
//! model <calls> <bytes of stack: check> <run>
//! ```
//!
//! then `end`.
#![no_std]
#![no_main]

use lampyris_core::{arena_bytes, ops};
use lampyris_firmware::board::{File, print, print_number};
use lampyris_firmware::memory::Buffer;
use lampyris_firmware::{calls, program};

// build.rs states their sizes, since they shape the image's memory.
include!(concat!(env!("OUT_DIR"), "/models.rs"));

static MODEL: Buffer<MODEL_BYTES> = Buffer::new();
static ARENA: Buffer<ARENA_BYTES> = Buffer::new();

program!(run);

fn run() -> Result<(), &'static str> {
    let model = MODEL.take().ok_or("model: taken")?;
    let arena = ARENA.take().ok_or("arena: taken")?;
    let mut models = File::open(c"models.bin")
        .ok_or("models.bin: not there, start the emulator in its folder")?;
    let mut outputs =
        File::create(c"outputs.bin").ok_or("outputs.bin: can't be written, see its folder")?;
    let mut head = [0; 8];
    while models.read(&mut head) {
        let [bytes, calls] = [0, 4].map(|at| word(&head, at));
        let model = model
            .get_mut(..bytes as usize)
            .ok_or("models.bin: a graph is too large, raise MODEL_BYTES in build.rs")?;
        if !models.read(model) {
            return Err("models.bin: ends within a graph");
        }
        let needed = arena_bytes(model).map_err(|_| "models.bin: holds what is no graph")?;
        let arena = arena
            .get_mut(..needed)
            .ok_or("models.bin: an arena is too large, raise ARENA_BYTES in build.rs")?;
        let report = calls::run(model, arena, ops::ALL, calls, &mut models, &mut outputs)?;
        print("model");
        print_number(report.calls);
        print_number(report.check_stack as u32);
        print_number(report.run_stack as u32);
        print("\n");
    }
    print("end\n");
    Ok(())
}

fn word(bytes: &[u8; 8], at: usize) -> u32 {
    bytes
        .get(at..)
        .and_then(|bytes| bytes.first_chunk())
        .map_or(0, |word| u32::from_le_bytes(*word))
}
