//! Runs the graph that was built in (`LAMPYRIS_GRAPH`) on `inputs.bin` in the emulator's
//! folder and writes `outputs.bin`: for each call all inputs one after another, and all
//! outputs. Then it prints, in hexadecimal,
//!
//! ```text
//! end <calls> <bytes of stack: check> <run>
//! ```
//!
//! Only the operators that the graph names are linked.
#![no_std]
#![no_main]

use lampyris_core::{Aligned, Operator, ops};
use lampyris_firmware::board::{File, print, print_number};
use lampyris_firmware::memory::Buffer;
use lampyris_firmware::{calls, program};

include!(concat!(env!("OUT_DIR"), "/graph.rs"));

static ARENA: Buffer<ARENA_BYTES> = Buffer::new();

program!(run);

fn run() -> Result<(), &'static str> {
    let arena = ARENA.take().ok_or("arena: taken")?;
    let mut inputs = File::open(c"inputs.bin")
        .ok_or("inputs.bin: not there, start the emulator in its folder")?;
    let mut outputs =
        File::create(c"outputs.bin").ok_or("outputs.bin: can't be written, see its folder")?;
    let model = MODEL.0.as_slice();
    let report = calls::run(model, arena, OPS, u32::MAX, &mut inputs, &mut outputs)?;
    print("end");
    print_number(report.calls);
    print_number(report.check_stack as u32);
    print_number(report.run_stack as u32);
    print("\n");
    Ok(())
}
