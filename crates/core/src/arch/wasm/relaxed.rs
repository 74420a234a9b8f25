//! Four products of bytes at once, where a browser's processor can, and exactly.
//!
//! WebAssembly's relaxed SIMD has an instruction that multiplies and adds four pairs of bytes
//! in each lane, but not one result: what comes out is up to the processor. With VNNI the
//! second operand counts as unsigned and every sum is exact; with Arm's SDOT it counts as
//! signed and every sum is exact; elsewhere sums of two saturate at 16 bits, and the instruction
//! is slower than what all browsers have. So its kernels are a module of their own, a few kB
//! that share the memory of the program that this crate is part of (`crates/relaxed`). A page
//! compiles it if it can, asks its [`probe`](fn@probe) what the processor does, and only where that is exact
//! puts its two functions into the places of the table that [`places`] names, and says
//! [`adopt`]. Sessions that begin to run from then on use them.
//!
//! Until then these places hold plain loops, which give the same.

use core::hint::black_box;
use core::sync::atomic::{AtomicU32, Ordering};

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

/// Multiplies rows of values: addresses of the rows, bytes from one to the next, weights with
/// their biases (see `gemm`), sums; then words of a row, and blocks of eight outputs. Four rows
/// or one.
pub type Tile = extern "C" fn(usize, usize, usize, usize, usize, usize);

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

/// Sets the path of sessions that begin to run from now on. Without functions in their
/// [`places`], paths other than pairs give the same, slowly.
pub fn adopt(path: Path) {
    let number = match path {
        Path::Pairs => 0,
        Path::Signed => 1,
        Path::Unsigned => 2,
    };
    PATH.store(number, Ordering::Relaxed);
}

/// Where in the program's table of functions those for four rows and for one row stand.
pub fn places() -> [usize; 2] {
    let tiles: [Tile; 2] = [four_rows, one_row];
    tiles.map(|tile| tile as usize)
}

/// The functions that stand there now.
pub(super) fn tiles() -> (Tile, Tile) {
    // What the compiler sees is not what a page may have put there.
    (black_box(four_rows as Tile), black_box(one_row as Tile))
}

extern "C" fn four_rows(
    x: usize,
    stride: usize,
    w: usize,
    sums: usize,
    steps: usize,
    blocks: usize,
) {
    plain(x, stride, (w, sums), (steps, blocks, 4));
}

extern "C" fn one_row(x: usize, stride: usize, w: usize, sums: usize, steps: usize, blocks: usize) {
    plain(x, stride, (w, sums), (steps, blocks, 1));
}

/// Plain loops for what the functions of the module do.
fn plain(
    x: usize,
    stride: usize,
    (w, sums): (usize, usize),
    (steps, blocks, rows): (usize, usize, usize),
) {
    let signed = path() == Path::Signed;
    // SAFETY: the caller's addresses are of so many words, as `Tile` says.
    let word = |at: usize| unsafe { (at as *const [u8; 4]).read() };
    for (row, block) in (0..rows).flat_map(|row| (0..blocks).map(move |block| (row, block))) {
        for o in 0..8 {
            let w = w + block * 32 * (steps + 1) + 4 * o;
            let mut sum = i32::from_le_bytes(word(w));
            for k in 0..steps {
                let (x, w) = (word(x + row * stride + 4 * k), word(w + 32 * (k + 1)));
                for (x, w) in x.into_iter().zip(w) {
                    let x = if signed { i32::from(x as i8) } else { x.into() };
                    sum = sum.wrapping_add(x * i32::from(w as i8));
                }
            }
            let to = sums + 4 * (8 * (row * blocks + block) + o);
            // SAFETY: as above.
            unsafe { (to as *mut i32).write(sum) };
        }
    }
}
