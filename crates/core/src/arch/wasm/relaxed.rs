//! Four products of bytes at once, where a browser's processor can, and exactly.
//!
//! WebAssembly's relaxed SIMD has an instruction that multiplies and adds four pairs of bytes
//! in each lane, but not one result: what comes out is up to the processor. With VNNI the
//! second operand counts as unsigned and every sum is exact; with Arm's SDOT it counts as
//! signed and every sum is exact; elsewhere sums of two saturate at 16 bits, and the instruction
//! is slower than what all browsers have. So its kernels are a module of their own, a few kB
//! that share the memory of the program that this crate is part of (`crates/relaxed`). A page
//! compiles it if it can, asks its [`probe`](fn@probe) what the processor does, and only where that is exact
//! puts its functions into the places of the table that [`places`] gives, and says
//! [`adopt`]. Sessions that begin to run from then on use them.
//!
//! Until then these places hold plain loops, which give the same.

use core::hint::black_box;
use core::sync::atomic::{AtomicU32, Ordering};

use super::tile::{Channels, Windows};

/// How values and weights are multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Two at a time, as 16-bit numbers.
    Pairs,
    /// Four at a time, values as they are.
    Signed,
    /// Four at a time, values 128 more than they are.
    Unsigned,
}

impl Path {
    /// Values that 32 bits hold.
    pub(super) fn values(self) -> usize {
        match self {
            Self::Pairs => 2,
            Self::Signed | Self::Unsigned => 4,
        }
    }

    /// How to multiply where the instruction makes that of 127 and 255, four times over.
    pub fn of_probe(sum: i32) -> Self {
        match sum {
            UNSIGNED => Self::Unsigned,
            SIGNED => Self::Signed,
            _ => Self::Pairs,
        }
    }
}

/// 4 · 127 · 255.
const UNSIGNED: i32 = 129_540;
/// 4 · 127 · −1.
const SIGNED: i32 = -508;

/// Sums of windows.
pub(super) type OfWindows = extern "C" fn(&Windows);
/// Sums of channels.
pub(super) type OfChannels = extern "C" fn(&Channels);

/// The path of sessions that begin to run now.
static PATH: AtomicU32 = AtomicU32::new(0);

/// The path of sessions that begin to run now.
pub fn path() -> Path {
    match PATH.load(Ordering::Relaxed) {
        0 => Path::Pairs,
        1 => Path::Signed,
        _ => Path::Unsigned,
    }
}

/// Sets the path of sessions that begin to run from now on: once, before there are any. Without functions in their
/// [`places`], paths other than pairs give the same, slowly.
pub fn adopt(path: Path) {
    let number = match path {
        Path::Pairs => 0,
        Path::Signed => 1,
        Path::Unsigned => 2,
    };
    PATH.store(number, Ordering::Relaxed);
}

/// Where in the program's table of functions the module's [`NAMES`] belong.
pub fn places() -> [usize; 3] {
    [
        four_windows as OfWindows as usize,
        one_window as OfWindows as usize,
        channels as OfChannels as usize,
    ]
}

/// What a module's `version` must give, so that it and this engine mean the same by their
/// weights and values.
pub const VERSION: u32 = super::tile::VERSION;

/// What the module calls the functions of those [`places`].
pub const NAMES: [&str; 3] = ["four_windows", "one_window", "channels"];

/// The functions that stand there now. What the compiler sees is not what a page may have put
/// there.
pub(super) fn functions() -> (OfWindows, OfWindows, OfChannels) {
    (
        black_box(four_windows as OfWindows),
        black_box(one_window as OfWindows),
        black_box(channels as OfChannels),
    )
}

extern "C" fn four_windows(job: &Windows) {
    windows(job, 4);
}

extern "C" fn one_window(job: &Windows) {
    windows(job, 1);
}

/// Plain loops for what the module's functions do.
fn windows(job: &Windows, pixels: usize) {
    for (i, pixel) in job.pixels.into_iter().take(pixels).enumerate() {
        for block in 0..job.blocks {
            let weights = job.weights + block * 32 * (job.lines * job.steps + 1);
            for o in 0..8 {
                let mut sum = i32::from_le_bytes(word(weights + 4 * o));
                let mut w = weights + 4 * o;
                for line in 0..job.lines {
                    for k in 0..job.steps {
                        w += 32;
                        sum = dot(sum, pixel + line * job.apart + 4 * k, w);
                    }
                }
                put(job.sums + 4 * (8 * (i * job.blocks + block) + o), sum);
            }
        }
    }
}

extern "C" fn channels(job: &Channels) {
    for pixel in 0..job.count {
        for channel in 0..4 * job.fours {
            let (four, lane) = (channel / 4, 4 * (channel % 4));
            let mut w = job.weights + 16 * four * (job.lines * job.taps + 1) + lane;
            let mut sum = i32::from_le_bytes(word(w));
            let first = job.strips + pixel * job.pixel + 4 * channel;
            for line in 0..job.lines {
                for tap in 0..job.taps {
                    w += 16;
                    sum = dot(sum, first + line * job.apart + tap * job.tap, w);
                }
            }
            put(job.sums + 4 * (4 * pixel * job.fours + channel), sum);
        }
    }
}

/// Four products, added.
fn dot(sum: i32, x: usize, w: usize) -> i32 {
    let signed = path() == Path::Signed;
    let each = word(x).into_iter().zip(word(w));
    each.fold(sum, |sum, (x, w)| {
        let x = if signed { i32::from(x as i8) } else { x.into() };
        sum.wrapping_add(x * i32::from(w as i8))
    })
}

fn word(at: usize) -> [u8; 4] {
    // SAFETY: a job's addresses are of as much memory as its counts say.
    unsafe { (at as *const [u8; 4]).read() }
}

fn put(at: usize, sum: i32) {
    // SAFETY: as above.
    unsafe { (at as *mut i32).write(sum) };
}
