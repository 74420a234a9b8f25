//! Convolutions and dense layers: windows times weights.
//!
//! Some lines of output pixels at a time: the lines of the picture that they see are converted
//! into the form that is multiplied, with the input's zero point around them, which is what the
//! folded bias asks for. From then on a window is a few lines of that, and the output may be
//! written over the picture.

use alloc::vec::Vec;
use core::arch::wasm32::{i32x4_splat, v128};

use super::Area;
use super::finish::Finish;
use super::form::{convert, fill, size};
use super::gemm::{kernels, pack};
use super::relaxed::{self, OfWindows, Path};
use super::tile::{ROWS, Windows};
use super::vector::LANES;
use crate::kernel::weighted::{self, Weighted};
use crate::kernel::window::{self, Axis, Window};
use crate::node::Node;

/// Outputs of a block of weights.
const BLOCK: usize = 8;
/// Bytes of converted lines that stay in a processor's nearest memory.
const NEAR: usize = 24 << 10;

/// Bytes of what is converted at once, at most.
const MOST: u64 = 16 << 20;
/// Vectors of sums, about, that become bytes together.
const SUMS: usize = 256;

/// Memory that a session's kernels share.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) values: Vec<v128>,
    pub(super) sums: Vec<v128>,
}

impl Scratch {
    /// So many bytes for values, and so many vectors of sums.
    pub(super) fn ask(&mut self, bytes: usize, sums: usize) {
        let enough = |all: &mut Vec<v128>, len: usize| {
            if all.len() < len {
                all.resize(len, i32x4_splat(0));
            }
        };
        enough(&mut self.values, bytes.div_ceil(LANES));
        enough(&mut self.sums, sums);
    }
}

/// A convolution or a dense layer.
pub(super) struct Conv {
    x: Area,
    y: Area,
    shape: Shape,
    path: Path,
    weights: Vec<v128>,
    /// Steps of a line of a window.
    steps: usize,
    finish: Finish,
    four: OfWindows,
    one: OfWindows,
}

/// The picture, the windows over it, and what is made of them.
pub(super) struct Shape {
    pub(super) batches: usize,
    pub(super) rows: Axis,
    pub(super) columns: Axis,
    pub(super) depth: usize,
    pub(super) outputs: usize,
    pub(super) zero: i8,
    pub(super) reversed: bool,
}

/// The nine words of a window, the seven of weights, and what follows.
pub(super) struct Words<'a> {
    pub(super) window: Window,
    pub(super) sums: Weighted<'a>,
    pub(super) rest: &'a [u32],
}

impl<'a> Words<'a> {
    /// Of a node that has passed its check; `taps` says the weights of an output.
    pub(super) fn of(node: &Node<'a>, taps: impl Fn(&Window) -> usize) -> Option<Self> {
        let (window, rest) = node.words().split_first_chunk::<{ window::WORDS }>()?;
        let (sums, rest) = rest.split_first_chunk::<{ weighted::WORDS }>()?;
        let (x, y) = (node.input(0)?, node.output(0)?);
        let window = Window::read(window, &x, &y);
        let weights = taps(&window).checked_mul(window.outputs);
        Some(Self {
            sums: Weighted::read(node, sums, weights, window.outputs)?,
            window,
            rest,
        })
    }
}

impl Shape {
    pub(super) fn of(window: &Window, zero: u32) -> Self {
        Self {
            batches: window.batches,
            rows: window.rows,
            columns: window.columns,
            depth: window.depth,
            outputs: window.outputs,
            zero: zero as i8,
            reversed: window.reversed,
        }
    }

    /// `count` pixels that are no picture's.
    fn of_rows(count: usize, depth: usize, outputs: usize) -> Self {
        let axis = |size| Axis {
            size,
            outputs: size,
            kernel: 1,
            stride: 1,
            dilation: 1,
            pad: 0,
        };
        Self {
            batches: 1,
            rows: axis(count),
            columns: axis(1),
            depth,
            outputs,
            zero: 0,
            reversed: false,
        }
    }

    /// Whether the lines that windows see are few and short enough to be converted: the check
    /// lets them reach far beyond the picture, where no model needs them.
    pub(super) fn fits(&self) -> bool {
        let product = |factors: &[usize]| {
            let mut all = factors.iter().map(|&n| n as u64);
            all.try_fold(1u64, u64::checked_mul)
                .is_some_and(|n| n <= MOST)
        };
        let line = Self::seen(&self.columns, self.columns.outputs);
        let lines = Self::seen(&self.rows, 1);
        let pad = self.columns.pad;
        // Four bytes a value are the most.
        product(&[4, pad, self.depth]) && product(&[4, line, self.depth, lines])
    }

    /// Positions that `outputs` windows along an axis see.
    pub(super) fn seen(axis: &Axis, outputs: usize) -> usize {
        (outputs - 1) * axis.stride + (axis.kernel - 1) * axis.dilation + 1
    }
}

impl Conv {
    /// A CONV_2D, unless it has groups, or taps along a line are apart.
    pub(super) fn of_conv(node: &Node<'_>) -> Option<Self> {
        let words = Words::of(node, |w| w.rows.kernel * w.columns.kernel * w.depth)?;
        let (window, &[zero, 1]) = (&words.window, words.rest) else {
            return None;
        };
        let line = window.columns.kernel * window.depth;
        let (weights, all) = (words.sums.weights, line * window.rows.kernel);
        let weight = |o: usize, at: usize, k: usize| weights[o * all + at * line + k];
        let as_is = |a: &Axis| a.kernel == 1 && a.stride == 1 && a.pad == 0 && a.size == a.outputs;
        let mut shape = Shape::of(window, zero);
        if as_is(&window.rows) && as_is(&window.columns) {
            let count = window.batches * window.rows.size * window.columns.size;
            let reversed = shape.reversed;
            shape = Shape::of_rows(count, window.depth, window.outputs);
            shape.reversed = reversed;
        }
        Self::of(node, shape, &words.sums, &weight)
    }

    /// A DEPTHWISE_CONV_2D of one channel, which is a convolution.
    pub(super) fn of_single_channel(node: &Node<'_>) -> Option<Self> {
        let words = Words::of(node, |w| w.rows.kernel * w.columns.kernel)?;
        let (window, &[zero]) = (&words.window, words.rest) else {
            return None;
        };
        let (outputs, line, weights) = (window.outputs, window.columns.kernel, words.sums.weights);
        let weight = |o: usize, at: usize, k: usize| weights[(at * line + k) * outputs + o];
        let single = window.depth == 1;
        single.then(|| Self::of(node, Shape::of(window, zero), &words.sums, &weight))?
    }

    /// A FULLY_CONNECTED.
    pub(super) fn of_dense(node: &Node<'_>) -> Option<Self> {
        let (&[inputs, outputs], words) = node.words().split_first_chunk()?;
        let (inputs, outputs) = (inputs as usize, outputs as usize);
        let weights = inputs.checked_mul(outputs);
        let sums = Weighted::read(node, words.first_chunk()?, weights, outputs)?;
        let weight = |o: usize, _, k: usize| sums.weights[o * inputs + k];
        let count = node.output(0)?.len().checked_div(outputs)?;
        Self::of(node, Shape::of_rows(count, inputs, outputs), &sums, &weight)
    }

    /// `weight(o, line, k)` is number k of a line of output o's window.
    fn of(
        node: &Node<'_>,
        shape: Shape,
        sums: &Weighted<'_>,
        weight: &dyn Fn(usize, usize, usize) -> i8,
    ) -> Option<Self> {
        let path = relaxed::path();
        let line = shape.columns.kernel * shape.depth;
        let (each, lines) = (path.values(), shape.rows.kernel);
        let steps = line.div_ceil(each);
        if (shape.columns.dilation != 1 && shape.columns.kernel > 1) || !shape.fits() {
            return None;
        }
        let at = |o: usize, step: usize, i: usize| {
            let k = step % steps * each + i;
            if k < line {
                weight(o, step / steps, k)
            } else {
                0
            }
        };
        let (four, one, _) = kernels(path);
        Some(Self {
            x: Area::of(&node.input(0)?)?,
            y: Area::of(&node.output(0)?)?,
            path,
            weights: pack(path, (sums.bias, BLOCK), lines * steps, &at),
            steps,
            finish: Finish::of(sums, line * lines)?,
            shape,
            four,
            one,
        })
    }

    pub(super) fn run(&self, arena: &mut [u8], scratch: &mut Scratch) {
        let Shape {
            batches,
            rows,
            columns,
            ..
        } = &self.shape;
        let line = Shape::seen(columns, columns.outputs) * self.shape.depth * size(self.path);
        let few = (NEAR / line).saturating_sub(rows.kernel * rows.dilation) / rows.stride;
        let few = few.clamp(1, rows.outputs);
        let width = 2 * self.shape.outputs.div_ceil(BLOCK);
        let bytes = Shape::seen(rows, few) * line + 2 * LANES * size(self.path);
        scratch.ask(bytes, (self.together(width) + ROWS) * width);
        let blocks = rows.outputs.div_ceil(few);
        let turn = |i: usize, n: usize| if self.shape.reversed { n - 1 - i } else { i };
        for batch in (0..*batches).map(|i| turn(i, *batches)) {
            for block in (0..blocks).map(|i| turn(i, blocks)) {
                let first = block * few;
                let count = few.min(rows.outputs - first);
                self.convert(arena, (batch, first, count), line, scratch);
                self.multiply(arena, (batch, first, count), (line, width), scratch);
            }
        }
    }

    /// Pixels whose sums become bytes together: a few times four.
    fn together(&self, width: usize) -> usize {
        ROWS * (SUMS / (ROWS * width)).max(1)
    }

    /// Converts what `count` lines of windows from `first` on see.
    fn convert(
        &self,
        arena: &[u8],
        (batch, first, count): (usize, usize, usize),
        line: usize,
        scratch: &mut Scratch,
    ) {
        let Shape {
            rows,
            columns,
            depth,
            zero,
            ..
        } = &self.shape;
        let to = scratch.values.as_mut_ptr().cast::<u8>();
        let (path, size) = (self.path, size(self.path));
        let wide = line / size;
        let left = (columns.pad * depth).min(wide);
        let inner = (columns.size * depth).min(wide - left);
        let whole = left == 0 && inner == columns.size * depth && inner == wide;
        let seen = Shape::seen(rows, count);
        let start = first * rows.stride;
        // SAFETY: `run` has made room for all these lines, and for sixteen values more.
        unsafe {
            if whole && start >= rows.pad && start - rows.pad + seen <= rows.size {
                // Lines follow each other in the picture as they do here.
                let from = (batch * rows.size + start - rows.pad) * wide;
                convert(path, arena, self.x.at + from, seen * wide, to);
                return;
            }
            for i in 0..seen {
                let to = to.add(i * line);
                let at = (start + i).wrapping_sub(rows.pad);
                if at >= rows.size {
                    fill(path, *zero, wide, to);
                    continue;
                }
                let from = (batch * rows.size + at) * columns.size * depth;
                fill(path, *zero, left, to);
                convert(path, arena, self.x.at + from, inner, to.add(left * size));
                let right = left + inner;
                fill(path, *zero, wide - right, to.add(right * size));
            }
        }
    }

    /// The outputs of those lines of windows.
    fn multiply(
        &self,
        arena: &mut [u8],
        (batch, first, count): (usize, usize, usize),
        (line, width): (usize, usize),
        scratch: &mut Scratch,
    ) {
        let Shape {
            rows,
            columns,
            depth,
            outputs,
            ..
        } = &self.shape;
        let base = scratch.values.as_ptr() as usize;
        let pixel = columns.stride * depth * size(self.path);
        let mut job = Windows {
            pixels: [base; ROWS],
            apart: rows.dilation * line,
            lines: rows.kernel,
            steps: self.steps,
            blocks: width / 2,
            weights: self.weights.as_ptr() as usize,
            sums: scratch.sums.as_mut_ptr() as usize,
        };
        let all = count * columns.outputs;
        let start = self.y.at + (batch * rows.outputs + first) * columns.outputs * outputs;
        let y = &mut arena[start..start + all * outputs];
        let (mut row, mut column) = (0, 0);
        for y in y.chunks_mut(self.together(width) * outputs) {
            let pixels = y.len() / outputs;
            job.sums = scratch.sums.as_mut_ptr() as usize;
            let mut done = 0;
            while done < pixels {
                let n = ROWS.min(pixels - done);
                for place in job.pixels.iter_mut().take(n) {
                    *place = base + row * rows.stride * line + column * pixel;
                    column += 1;
                    if column == columns.outputs {
                        (row, column) = (row + 1, 0);
                    }
                }
                // Places beyond the last pixel give sums that nobody asks for.
                (if n == 1 { self.one } else { self.four })(&job);
                job.sums += n * width * LANES;
                done += n;
            }
            self.finish.rows(&scratch.sums[..pixels * width], width, y);
        }
    }
}
