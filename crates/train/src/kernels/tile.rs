//! The products that a convolution and a dense layer are made of, on tiles that stay in
//! registers: up to 4 places × 4 or 8 outputs.
//!
//! All is plain arithmetic on arrays of fixed length, which becomes vector instructions
//! where the target has them. Every sum runs in the same order, so tiles of any size give
//! the same bytes everywhere.

use lampyris_net::Activation;

use super::lanes::{Four, LANES};

/// Places of a tile.
pub(super) const PLACES: usize = 4;
/// Outputs of a wide tile; a narrow one has half.
const WIDE: usize = 2 * LANES;
const NARROW: usize = LANES;

/// What places are multiplied with: a matrix `[inputs, outputs]` cut into columns of 8, the
/// last of 4 where no more are left, each column row by row; zeros behind the last output.
#[derive(Debug)]
pub(super) struct Panels {
    inputs: usize,
    outputs: usize,
    values: Vec<f32>,
    /// Added to each output, with zeros behind.
    bias: Vec<f32>,
    /// Applied to each output.
    activation: Activation,
}

impl Panels {
    /// Of what `value(input, output)` tells, without bias and activation.
    pub(super) fn new(inputs: usize, outputs: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let mut values = Vec::with_capacity(inputs * padded(outputs));
        for (first, width) in columns(outputs) {
            let last = outputs.min(first + width);
            for input in 0..inputs {
                values.extend((first..last).map(|output| value(input, output)));
                values.extend((last..first + width).map(|_| 0.0));
            }
        }
        Self {
            inputs,
            outputs,
            values,
            bias: vec![0.0; padded(outputs)],
            activation: Activation::None,
        }
    }

    /// With a bias (empty: none) and an activation.
    pub(super) fn with(mut self, bias: &[f32], activation: Activation) -> Self {
        self.bias
            .iter_mut()
            .zip(bias)
            .for_each(|(own, b)| *own = *b);
        self.activation = activation;
        self
    }
}

/// Outputs and the zeros behind them: a multiple of 4.
pub(super) fn padded(outputs: usize) -> usize {
    outputs.next_multiple_of(NARROW)
}

/// The first output of each column, and its width.
fn columns(outputs: usize) -> impl Iterator<Item = (usize, usize)> {
    let width = move |first| {
        if outputs - first > NARROW {
            WIDE
        } else {
            NARROW
        }
    };
    (0..outputs)
        .step_by(WIDE)
        .map(move |first| (first, width(first)))
}

/// How the inputs of places lie in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    /// Rows of places, and from the first input of one to that of the next.
    pub(super) rows: usize,
    pub(super) pitch: usize,
    /// Places of a row, and from the first input of one to that of the next.
    pub(super) places: usize,
    pub(super) step: usize,
    /// Runs of inputs of one place, from one to the next, and how long each is.
    pub(super) runs: usize,
    pub(super) apart: usize,
    pub(super) run: usize,
}

impl Walk {
    /// Over the rows of a matrix of that many columns.
    pub(super) fn over(rows: usize, columns: usize) -> Self {
        Self {
            rows: 1,
            pitch: 0,
            places: rows,
            step: columns,
            runs: 1,
            apart: 0,
            run: columns,
        }
    }
}

/// `y` `[rows, places, outputs]` = activation(`x` · `panels` + bias).
pub(super) fn multiply(walk: &Walk, x: &[f32], panels: &Panels, y: &mut [f32]) {
    let outputs = panels.outputs;
    for (row, y) in y.chunks_exact_mut(walk.places * outputs).enumerate() {
        let x = &x[row * walk.pitch..];
        for (tile, y) in y.chunks_mut(PLACES * outputs).enumerate() {
            let x = &x[tile * PLACES * walk.step..];
            match y.len() / outputs {
                1 => strip::<1>(walk, x, panels, y),
                2 => strip::<2>(walk, x, panels, y),
                3 => strip::<3>(walk, x, panels, y),
                _ => strip::<PLACES>(walk, x, panels, y),
            }
        }
    }
}

/// All outputs of some places.
fn strip<const M: usize>(walk: &Walk, x: &[f32], panels: &Panels, y: &mut [f32]) {
    for (first, width) in columns(panels.outputs) {
        if width == WIDE {
            tile::<M, 2>(walk, x, panels, first, y);
        } else {
            tile::<M, 1>(walk, x, panels, first, y);
        }
    }
}

#[inline(always)]
fn tile<const M: usize, const W: usize>(
    walk: &Walk,
    x: &[f32],
    panels: &Panels,
    first: usize,
    y: &mut [f32],
) {
    let panel = &panels.values[first * panels.inputs..][..LANES * W * panels.inputs];
    let (bias, _) = panels.bias[first..].as_chunks();
    let start: [Four; W] = std::array::from_fn(|w| Four::of(bias[w]));
    let mut sums = [start; M];
    for (r, panel) in panel.chunks_exact(walk.run * LANES * W).enumerate() {
        let (panel, _) = panel.as_chunks();
        let (panel, _) = panel.as_chunks::<W>();
        let x: [&[f32]; M] =
            std::array::from_fn(|i| &x[r * walk.apart + i * walk.step..][..panel.len()]);
        for (k, b) in panel.iter().enumerate() {
            let b = b.map(Four::of);
            for (sums, x) in sums.iter_mut().zip(x) {
                let x = Four::all(x[k]);
                for (s, b) in sums.iter_mut().zip(b) {
                    *s = s.plus_product(x, b);
                }
            }
        }
    }
    let outputs = panels.outputs;
    for (y, sums) in y.chunks_exact_mut(outputs).zip(sums) {
        for (sums, y) in sums.into_iter().zip(y[first..].chunks_mut(LANES)) {
            sums.activated(panels.activation).put(y);
        }
    }
}

/// Adds to `sums` `[runs · run, outputs]` the products of every place's inputs with its
/// gradients: those of a walk's places in `x`, and rows of `padded(outputs)` values in
/// `gradients`, whose rows of places begin `pitch` apart.
///
/// A run must not be longer than a step, or else both divisible by 4.
pub(super) fn correlate(
    walk: &Walk,
    x: &[f32],
    (gradients, pitch): (&[f32], usize),
    outputs: usize,
    sums: &mut [f32],
) {
    for (first, width) in columns(outputs) {
        for r in 0..walk.runs {
            for k in (0..walk.run).step_by(PLACES) {
                let sums = &mut sums[(r * walk.run + k) * outputs..];
                let at = r * walk.apart + k / walk.step * walk.step;
                let x = &x[at..];
                let part = Part {
                    walk,
                    k: k % walk.step,
                    gradients: (gradients, pitch),
                    outputs,
                    first,
                };
                match (walk.run - k, width) {
                    (1, WIDE) => part.add::<1, 2>(x, sums),
                    (2, WIDE) => part.add::<2, 2>(x, sums),
                    (3, WIDE) => part.add::<3, 2>(x, sums),
                    (_, WIDE) => part.add::<PLACES, 2>(x, sums),
                    (1, _) => part.add::<1, 1>(x, sums),
                    (2, _) => part.add::<2, 1>(x, sums),
                    (3, _) => part.add::<3, 1>(x, sums),
                    _ => part.add::<PLACES, 1>(x, sums),
                }
            }
        }
    }
}

/// Some inputs and outputs of [`correlate`].
struct Part<'a> {
    walk: &'a Walk,
    /// The first input, within a step.
    k: usize,
    gradients: (&'a [f32], usize),
    outputs: usize,
    /// The first output.
    first: usize,
}

impl Part<'_> {
    #[inline(always)]
    fn add<const M: usize, const W: usize>(&self, x: &[f32], sums: &mut [f32]) {
        let Self {
            walk,
            k,
            outputs,
            first,
            gradients: (gradients, pitch),
        } = *self;
        let width = (LANES * W).min(outputs - first);
        let mut tile = [[[0.0; LANES]; W]; M];
        for (tile, sums) in tile.iter_mut().zip(sums.chunks(outputs)) {
            tile.as_flattened_mut()[..width].copy_from_slice(&sums[first..first + width]);
        }
        let mut tile = tile.map(|tile| tile.map(Four::of));
        let across = padded(outputs);
        for row in 0..walk.rows {
            let x = x[row * walk.pitch..].chunks_exact(walk.step);
            let gradients = gradients[row * pitch..].chunks_exact(across);
            for (x, g) in x.zip(gradients).take(walk.places) {
                let x = &x[k..k + M];
                let (g, _) = g[first..first + LANES * W].as_chunks();
                let g: [Four; W] = std::array::from_fn(|w| Four::of(g[w]));
                for (sums, x) in tile.iter_mut().zip(x) {
                    let x = Four::all(*x);
                    for (s, g) in sums.iter_mut().zip(g) {
                        *s = s.plus_product(x, g);
                    }
                }
            }
        }
        for (tile, sums) in tile.into_iter().zip(sums.chunks_mut(outputs)) {
            let tile = tile.map(Four::values);
            sums[first..first + width].copy_from_slice(&tile.as_flattened()[..width]);
        }
    }
}
