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
//! after another. Where the block is for pictures, `u32` how the pixels lie in memory
//! (0 grey, 1 RGB, 2 RGBA, 3 RGB565), `u32` width and `u32` height follow the settings, then
//! the pictures; what the network would see goes to `outputs.bin` as int8. A line is printed for each case, in hexadecimal,
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
use lampyris_dsp::block::{See, by_code};
use lampyris_dsp::{BLOCKS, Block, Layout, Pixels, Signal, View};
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
    let cases =
        File::open(c"cases.bin").ok_or("cases.bin: not there, start the emulator in its folder")?;
    let outputs =
        File::create(c"outputs.bin").ok_or("outputs.bin: can't be written, see its folder")?;
    let mut files = Files { cases, outputs };
    let mut head = [0u32; 6];
    while files.cases.read(must_cast_slice_mut(&mut head)) {
        let [code, axes, samples, windows, count, rate] = head;
        let block = by_code(BLOCKS, code as u16).ok_or("cases.bin: a block that is unknown")?;
        let mut settings = [0.0; MAX_SETTINGS];
        let settings = settings
            .get_mut(..count as usize)
            .ok_or("cases.bin: too many settings")?;
        files.read(must_cast_slice_mut(settings))?;
        let case = Case {
            block,
            signal: Signal {
                rate_hz: f32::from_bits(rate),
                samples: samples as usize,
                axes: axes as usize,
            },
            settings,
        };
        let stacks = match block.see {
            None => files.windows(&case, windows, window, scratch, features)?,
            Some(see) => files.pictures(&case, see, windows, window, features)?,
        };
        print("case");
        print_number(windows);
        for stack in stacks {
            print_number(stack as u32);
        }
        print("\n");
    }
    print("end\n");
    Ok(())
}

struct Files {
    cases: File,
    outputs: File,
}

/// Bytes of stack: to check and prepare, and to run.
type Stacks = [usize; 2];

const REFUSED: &str = "cases.bin: settings that are refused";
const TOO_LARGE: &str = "cases.bin: a case is too large, raise the bytes in build.rs";

impl Files {
    fn read(&mut self, bytes: &mut [u8]) -> Result<(), &'static str> {
        let whole = self.cases.read(bytes);
        whole.then_some(()).ok_or("cases.bin: ends within a case")
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), &'static str> {
        let written = self.outputs.write(bytes);
        let full = "outputs.bin: can't be written, make room";
        written.then_some(()).ok_or(full)
    }

    fn windows(
        &mut self,
        case: &Case<'_>,
        count: u32,
        window: &mut [u8],
        scratch: &mut [u8],
        features: &mut [u8],
    ) -> Result<Stacks, &'static str> {
        let painted = paint();
        let layout = case.check().ok_or(REFUSED)?;
        let window = part(window, case.signal.samples * case.signal.axes)?;
        let scratch = part(scratch, layout.scratch)?;
        let features = part(features, layout.features)?;
        case.prepare(scratch);
        let mut stacks = [painted.used(), 0];
        for _ in 0..count {
            self.read(must_cast_slice_mut(window))?;
            let painted = paint();
            case.run(window, scratch, features);
            stacks[1] = stacks[1].max(painted.used());
            self.write(must_cast_slice(features))?;
        }
        Ok(stacks)
    }

    fn pictures(
        &mut self,
        case: &Case<'_>,
        see: See,
        count: u32,
        picture: &mut [u8],
        features: &mut [u8],
    ) -> Result<Stacks, &'static str> {
        let mut head = [0u32; 3];
        self.read(must_cast_slice_mut(&mut head))?;
        let [form, width, height] = head;
        let forms = [Pixels::Grey, Pixels::Rgb, Pixels::Rgba, Pixels::Rgb565];
        let form = *forms
            .get(form as usize)
            .ok_or("cases.bin: pixels that are unknown")?;
        let (width, height) = (width as usize, height as usize);
        let painted = paint();
        let layout = case.check().ok_or(REFUSED)?;
        let bytes = width * height * form.bytes();
        let picture = picture.get_mut(..bytes).ok_or(TOO_LARGE)?;
        let features = features.get_mut(..layout.features).ok_or(TOO_LARGE)?;
        case.prepare(&mut []);
        let mut stacks = [painted.used(), 0];
        for _ in 0..count {
            self.read(picture)?;
            let view = View::new(width, height, form, picture).ok_or("cases.bin: no picture")?;
            let painted = paint();
            case.see(see, &view, must_cast_slice_mut(features));
            stacks[1] = stacks[1].max(painted.used());
            self.write(features)?;
        }
        Ok(stacks)
    }
}

/// So many numbers of the buffer.
fn part(buffer: &mut [u8], count: usize) -> Result<&mut [f32], &'static str> {
    let bytes = buffer.get_mut(..count * 4);
    bytes
        .and_then(|bytes| try_cast_slice_mut(bytes).ok())
        .ok_or(TOO_LARGE)
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

    #[inline(never)]
    fn see(&self, see: See, picture: &View<'_>, features: &mut [i8]) {
        lampyris_mark_begin();
        see(self.settings, picture, features);
        lampyris_mark_layer(1);
    }
}
