//! Computes features, block after block: `cases.bin` in the emulator's folder holds for
//! each case, in words of four bytes, little-endian,
//!
//! ```text
//! u32  number of the block    u32  axes        u32  samples an axis
//! u32  windows                u32  settings    f32  rate in Hz
//! f32s the settings, then the windows [samples, axes]
//! ```
//!
//! and ends with the last. The features of all windows go to `outputs.bin` as f32, one
//! after another. A line is printed for each case, in hexadecimal,
//!
//! ```text
//! case <windows> <bytes of stack: check and prepare> <run>
//! ```
//!
//! then `end`. Whoever counts instructions finds marks right before and right behind the
//! preparing of tables, and each window.
#![no_std]
#![no_main]

use bytemuck::{must_cast_slice, must_cast_slice_mut, try_cast_slice_mut};
use lampyris_dsp::block::by_code;
use lampyris_dsp::{BLOCKS, Block, Layout, Signal};
use lampyris_firmware::board::{File, print, print_number};
use lampyris_firmware::calls::{lampyris_mark_begin, lampyris_mark_layer};
use lampyris_firmware::memory::Buffer;
use lampyris_firmware::program;
use lampyris_firmware::stack::paint;

// build.rs states their sizes, since they shape the image's memory.
include!(concat!(env!("OUT_DIR"), "/features.rs"));

static WINDOW: Buffer<WINDOW_BYTES> = Buffer::new();
static SCRATCH: Buffer<SCRATCH_BYTES> = Buffer::new();
static FEATURES: Buffer<FEATURES_BYTES> = Buffer::new();

/// Most settings of a block, as a chip part has them.
const MAX_SETTINGS: usize = 16;

program!(run);

fn run() -> Result<(), &'static str> {
    let window = WINDOW.take().ok_or("window: taken")?;
    let scratch = SCRATCH.take().ok_or("scratch: taken")?;
    let features = FEATURES.take().ok_or("features: taken")?;
    let mut cases =
        File::open(c"cases.bin").ok_or("cases.bin: not there, start the emulator in its folder")?;
    let mut outputs =
        File::create(c"outputs.bin").ok_or("outputs.bin: can't be written, see its folder")?;
    let mut head = [0u32; 6];
    while cases.read(must_cast_slice_mut(&mut head)) {
        let [code, axes, samples, windows, count, rate] = head;
        let block = by_code(BLOCKS, code as u16).ok_or("cases.bin: a block that is unknown")?;
        let mut settings = [0.0; MAX_SETTINGS];
        let settings = settings
            .get_mut(..count as usize)
            .ok_or("cases.bin: too many settings")?;
        if !cases.read(must_cast_slice_mut(settings)) {
            return Err("cases.bin: ends within settings");
        }
        let signal = Signal {
            rate_hz: f32::from_bits(rate),
            samples: samples as usize,
            axes: axes as usize,
        };
        let case = Case {
            block,
            signal,
            settings,
        };
        let painted = paint();
        let layout = case.check().ok_or("cases.bin: settings that are refused")?;
        let window = part(window, signal.samples * signal.axes)?;
        let scratch = part(scratch, layout.scratch)?;
        let features = part(features, layout.features)?;
        case.prepare(scratch);
        let prepare_stack = painted.used();
        let mut run_stack = 0;
        for _ in 0..windows {
            if !cases.read(must_cast_slice_mut(window)) {
                return Err("cases.bin: ends within a window");
            }
            let painted = paint();
            case.run(window, scratch, features);
            run_stack = run_stack.max(painted.used());
            if !outputs.write(must_cast_slice(features)) {
                return Err("outputs.bin: can't be written, make room");
            }
        }
        print("case");
        print_number(windows);
        print_number(prepare_stack as u32);
        print_number(run_stack as u32);
        print("\n");
    }
    print("end\n");
    Ok(())
}

/// So many numbers of the buffer.
fn part(buffer: &mut [u8], count: usize) -> Result<&mut [f32], &'static str> {
    let bytes = buffer.get_mut(..count * 4);
    bytes
        .and_then(|bytes| try_cast_slice_mut(bytes).ok())
        .ok_or("cases.bin: a case is too large, raise the bytes in build.rs")
}

struct Case<'a> {
    block: &'static Block,
    signal: Signal,
    settings: &'a [f32],
}

// Kept whole: what they need of the stack would else be the caller's.
impl Case<'_> {
    #[inline(never)]
    fn check(&self) -> Option<Layout> {
        (self.block.check)(&self.signal, self.settings).ok()
    }

    #[inline(never)]
    fn prepare(&self, scratch: &mut [f32]) {
        lampyris_mark_begin();
        (self.block.prepare)(&self.signal, self.settings, scratch);
        lampyris_mark_layer(0);
    }

    #[inline(never)]
    fn run(&self, window: &[f32], scratch: &mut [f32], features: &mut [f32]) {
        lampyris_mark_begin();
        (self.block.run)(&self.signal, self.settings, window, scratch, features);
        lampyris_mark_layer(1);
    }
}
