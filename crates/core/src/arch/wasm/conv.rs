//! Convolutions and dense layers: windows gathered into rows, rows times weights.
//!
//! Four pixels at a time, as many as a node may have under way when its output lies over its
//! input. Taps beside the picture are gathered as the input's zero point, which is what the
//! folded bias asks for.

use alloc::vec::Vec;
use core::arch::wasm32::{
    i8x16_splat, i16x8_extend_high_i8x16, i16x8_extend_low_i8x16, i32x4_splat, v128, v128_store,
    v128_xor,
};

use super::Area;
use super::finish::Finish;
use super::gemm::Packed;
use super::relaxed::Path;
use super::tile::ROWS;
use super::vector::{LANES, load16};
use crate::kernel::weighted::{self, Weighted};
use crate::kernel::window::{self, Span, Window};
use crate::node::Node;

/// Memory that a session's kernels share.
#[derive(Default)]
pub(super) struct Scratch {
    rows: Vec<v128>,
    sums: Vec<v128>,
}

/// A convolution or a dense layer.
pub(super) struct Conv {
    x: Area,
    y: Area,
    /// Output pixels.
    pixels: usize,
    /// Values of a pixel's output.
    outputs: usize,
    /// Values of a row.
    depth: usize,
    /// Pixels that may be under way at once.
    at_once: usize,
    gather: Gather,
    packed: Packed,
    finish: Finish,
}

/// How a row comes about.
enum Gather {
    /// It lies in the picture as it is, one after another.
    Rows,
    Windows(Windows),
}

/// Windows over a picture.
struct Windows {
    window: Window,
    /// Of each row and each column of the output, which taps meet the picture.
    rows: Vec<Span>,
    columns: Vec<Span>,
    zero: i8,
}

/// The nine words of a window, the seven of weights, and what follows.
pub(super) struct Words<'a> {
    pub(super) window: Window,
    pub(super) sums: Weighted<'a>,
    pub(super) rest: &'a [u32],
}

impl<'a> Words<'a> {
    /// Of a node that has passed its check; `taps` says the weights of an output.
    pub(super) fn of(node: &Node<'a>, taps: impl Fn(&Window, &[u32]) -> usize) -> Option<Self> {
        let (window, rest) = node.words().split_first_chunk::<{ window::WORDS }>()?;
        let (sums, rest) = rest.split_first_chunk::<{ weighted::WORDS }>()?;
        let (x, y) = (node.input(0)?, node.output(0)?);
        let window = Window::read(window, &x, &y);
        let weights = taps(&window, rest).checked_mul(window.outputs);
        Some(Self {
            sums: Weighted::read(node, sums, weights, window.outputs)?,
            window,
            rest,
        })
    }
}

impl Conv {
    /// A CONV_2D, unless it has groups.
    pub(super) fn of_conv(node: &Node<'_>) -> Option<Self> {
        let area = |w: &Window| w.rows.kernel * w.columns.kernel;
        let words = Words::of(node, |w, _| area(w) * w.depth)?;
        let &[zero, groups] = words.rest else {
            return None;
        };
        let depth = area(&words.window) * words.window.depth;
        let weights = words.sums.weights;
        let weight = |o: usize, k: usize| weights[o * depth + k];
        let whole = groups == 1;
        whole.then(|| Self::of(node, words.window, zero, &words.sums, &weight))?
    }

    /// A DEPTHWISE_CONV_2D of one channel, which is a convolution.
    pub(super) fn of_single_channel(node: &Node<'_>) -> Option<Self> {
        let words = Words::of(node, |w, _| w.rows.kernel * w.columns.kernel)?;
        let &[zero] = words.rest else {
            return None;
        };
        let (outputs, weights) = (words.window.outputs, words.sums.weights);
        let weight = |o: usize, k: usize| weights[k * outputs + o];
        let single = words.window.depth == 1;
        single.then(|| Self::of(node, words.window, zero, &words.sums, &weight))?
    }

    fn of(
        node: &Node<'_>,
        window: Window,
        zero: u32,
        sums: &Weighted<'_>,
        weight: &dyn Fn(usize, usize) -> i8,
    ) -> Option<Self> {
        let (x, y) = (Area::of(&node.input(0)?)?, Area::of(&node.output(0)?)?);
        let (rows, columns) = (&window.rows, &window.columns);
        let depth = rows.kernel * columns.kernel * window.depth;
        let every = [rows, columns];
        let as_is = every
            .iter()
            .all(|a| a.kernel == 1 && a.stride == 1 && a.pad == 0 && a.size == a.outputs);
        Some(Self {
            x,
            y,
            pixels: window.batches * rows.outputs * columns.outputs,
            outputs: window.outputs,
            depth,
            at_once: ROWS,
            packed: Packed::of(sums, depth, weight),
            finish: Finish::of(sums),
            gather: if as_is && !window.reversed {
                Gather::Rows
            } else {
                Gather::Windows(Windows {
                    rows: (0..rows.outputs).map(|i| rows.span(i)).collect(),
                    columns: (0..columns.outputs).map(|i| columns.span(i)).collect(),
                    window,
                    zero: zero as i8,
                })
            },
        })
    }

    /// A FULLY_CONNECTED.
    pub(super) fn of_dense(node: &Node<'_>) -> Option<Self> {
        let (x, y) = (Area::of(&node.input(0)?)?, Area::of(&node.output(0)?)?);
        let (&[inputs, outputs], words) = node.words().split_first_chunk()?;
        let (inputs, outputs) = (inputs as usize, outputs as usize);
        let weights = inputs.checked_mul(outputs);
        let sums = Weighted::read(node, words.first_chunk()?, weights, outputs)?;
        let weight = |o: usize, k: usize| sums.weights[o * inputs + k];
        Some(Self {
            x,
            y,
            pixels: y.len.checked_div(outputs)?,
            outputs,
            depth: inputs,
            // Its output may lie as near to its input as one row allows.
            at_once: if x.overlaps(y) { 1 } else { ROWS },
            gather: Gather::Rows,
            packed: Packed::of(&sums, inputs, &weight),
            finish: Finish::of(&sums),
        })
    }

    pub(super) fn run(&self, arena: &mut [u8], scratch: &mut Scratch) {
        // A block of sixteen values may be written at the last of them.
        let stride = (self.packed.steps + 2).div_ceil(4) + 3;
        let width = self.packed.width();
        let enough = |all: &mut Vec<v128>, len: usize| {
            if all.len() < len {
                all.resize(len, i32x4_splat(0));
            }
        };
        enough(&mut scratch.rows, ROWS * stride);
        enough(&mut scratch.sums, ROWS * width);
        let reversed = matches!(&self.gather, Gather::Windows(w) if w.window.reversed);
        let mut done = 0;
        while done < self.pixels {
            let n = self.at_once.min(self.pixels - done);
            let first = if reversed {
                self.pixels - done - n
            } else {
                done
            };
            self.gather(arena, first, n, &mut scratch.rows, stride);
            let sums = &mut scratch.sums[..ROWS * width];
            self.packed.multiply(&scratch.rows, stride, n, sums);
            let from = self.y.at + first * self.outputs;
            let y = &mut arena[from..from + n * self.outputs];
            self.finish.rows(sums, width, y);
            done += n;
        }
    }

    /// Gathers `n` pixels from `first` on.
    fn gather(&self, arena: &[u8], first: usize, n: usize, rows: &mut [v128], stride: usize) {
        match self.packed.path() {
            Path::Pairs => self.gather_as::<Wide>(arena, first, n, rows, stride),
            Path::Signed => self.gather_as::<Same>(arena, first, n, rows, stride),
            Path::Unsigned => self.gather_as::<More>(arena, first, n, rows, stride),
        }
    }

    fn gather_as<F: Form>(
        &self,
        arena: &[u8],
        first: usize,
        n: usize,
        rows: &mut [v128],
        stride: usize,
    ) {
        let rows = rows.chunks_exact_mut(stride).take(n);
        match &self.gather {
            Gather::Rows => {
                for (i, row) in rows.enumerate() {
                    let from = self.x.at + (first + i) * self.depth;
                    Row::<F>::new(row).copy(arena, from, self.depth);
                }
            }
            Gather::Windows(windows) => {
                for (i, row) in rows.enumerate() {
                    windows.pixel::<F>(arena, self.x.at, first + i, Row::new(row));
                }
            }
        }
    }
}

impl Windows {
    /// The values under the window of one output pixel.
    fn pixel<F: Form>(&self, arena: &[u8], x: usize, number: usize, mut row: Row<'_, F>) {
        let window = &self.window;
        let (height, width) = (self.rows.len(), self.columns.len());
        let batch = number / (height * width) * window.rows.size * window.columns.size;
        let (down, across) = (
            self.rows[number / width % height],
            self.columns[number % width],
        );
        let (depth, taps) = (window.depth, window.columns.kernel);
        let step = window.columns.dilation;
        let behind = taps - across.first - across.count;
        for tap in 0..window.rows.kernel {
            let inside = tap.wrapping_sub(down.first) < down.count && across.count > 0;
            if !inside {
                row.fill(self.zero, taps * depth);
                continue;
            }
            let line = down.at + (tap - down.first) * window.rows.dilation;
            let from = x + (batch + line * window.columns.size + across.at) * depth;
            row.fill(self.zero, across.first * depth);
            if step == 1 {
                row.copy(arena, from, across.count * depth);
            } else {
                for i in 0..across.count {
                    row.copy(arena, from + i * step * depth, depth);
                }
            }
            row.fill(self.zero, behind * depth);
        }
    }
}

/// The form that gathered values take.
trait Form {
    /// Bytes of a value.
    const SIZE: usize;

    /// Writes sixteen values.
    ///
    /// # Safety
    /// There is room for them.
    unsafe fn write(to: *mut v128, values: v128);
}

/// As they are.
struct Same;
/// 128 more, unsigned.
struct More;
/// 16 bits.
struct Wide;

impl Form for Same {
    const SIZE: usize = 1;

    #[inline(always)]
    unsafe fn write(to: *mut v128, values: v128) {
        // SAFETY: the caller's.
        unsafe { v128_store(to, values) };
    }
}

impl Form for More {
    const SIZE: usize = 1;

    #[inline(always)]
    unsafe fn write(to: *mut v128, values: v128) {
        // SAFETY: the caller's.
        unsafe { v128_store(to, v128_xor(values, i8x16_splat(-128))) };
    }
}

impl Form for Wide {
    const SIZE: usize = 2;

    #[inline(always)]
    unsafe fn write(to: *mut v128, values: v128) {
        // SAFETY: the caller's.
        unsafe {
            v128_store(to, i16x8_extend_low_i8x16(values));
            v128_store(to.add(1), i16x8_extend_high_i8x16(values));
        }
    }
}

/// A row that is being filled, sixteen values at a time: what is written too far, the next
/// values are written over, and behind the last the weights are 0.
struct Row<'a, F> {
    to: &'a mut [v128],
    /// Bytes written.
    at: usize,
    form: core::marker::PhantomData<F>,
}

impl<'a, F: Form> Row<'a, F> {
    fn new(to: &'a mut [v128]) -> Self {
        Self {
            to,
            at: 0,
            form: core::marker::PhantomData,
        }
    }

    /// `len` values of the arena from `from` on.
    #[inline(always)]
    fn copy(&mut self, arena: &[u8], from: usize, len: usize) {
        let ahead = len.next_multiple_of(LANES);
        if self.lacks(ahead) {
            return;
        }
        if from + ahead > arena.len() {
            self.copy_to_the_end(arena, from, len);
            return;
        }
        let mut done = 0;
        while done < len {
            // SAFETY: just compared with the ends of both.
            unsafe { F::write(self.place(done), load16(arena, from + done)) };
            done += LANES;
        }
        self.at += len * F::SIZE;
    }

    /// The same where the arena ends within a vector.
    #[cold]
    #[inline(never)]
    fn copy_to_the_end(&mut self, arena: &[u8], from: usize, len: usize) {
        for (i, values) in arena[from..from + len].chunks(LANES).enumerate() {
            let mut sixteen = [0; LANES];
            sixteen[..values.len()].copy_from_slice(values);
            // SAFETY: `copy` has compared with the row's end; the array is a vector long.
            unsafe { F::write(self.place(i * LANES), load16(&sixteen, 0)) };
        }
        self.at += len * F::SIZE;
    }

    /// `len` times the same value.
    #[inline(always)]
    fn fill(&mut self, value: i8, len: usize) {
        if len == 0 || self.lacks(len.next_multiple_of(LANES)) {
            return;
        }
        let mut done = 0;
        while done < len {
            // SAFETY: just compared with the row's end.
            unsafe { F::write(self.place(done), i8x16_splat(value)) };
            done += LANES;
        }
        self.at += len * F::SIZE;
    }

    /// Whether there is no room for so many more values: never, of a row long enough.
    #[inline(always)]
    fn lacks(&self, values: usize) -> bool {
        self.at + values * F::SIZE > size_of_val(self.to)
    }

    #[inline(always)]
    fn place(&mut self, values: usize) -> *mut v128 {
        let to = self.to.as_mut_ptr().cast::<u8>();
        to.wrapping_add(self.at + values * F::SIZE).cast()
    }
}
