//! What kernels for chips share: a job for one or two pixels, and who makes it.
//!
//! The taps of a window are the weights of an output in order. Of those, some lie beside
//! the picture and count as the input's zero point: `prefix` of them first, `gap` between
//! one row of the window and the next, `suffix` last. The others are `rows` of `columns` of
//! `run` neighbouring values.

use core::mem::{MaybeUninit, size_of};

use super::kernels;
use crate::kernel::weighted::Weighted;
use crate::kernel::window::{Place, Window};
use crate::kernel::windowed::Windowed;
use crate::node::{Node, Tensor};

/// The outputs of one or two pixels. The kernels know where each field lies; they use up
/// those of the first half.
#[repr(C)]
pub(super) struct Job {
    /// Weights: of the next output, and bytes from an output's to the next's. Of a
    /// depthwise convolution bytes from a tap's to the next's.
    pub(super) weights: *const i8,
    pub(super) taps: usize,
    pub(super) bias: *const i32,
    /// Significand and shift, and 8 or 0 bytes to those of the next output.
    pub(super) multiplier: *const [i32; 2],
    pub(super) next_multiplier: usize,
    /// Outputs, above 0. Of a depthwise convolution at least [`LANES`].
    pub(super) outputs: usize,
    /// Where each pixel's outputs are written.
    pub(super) y: [*mut i8; 2],
    /// The first value that each pixel reads.
    pub(super) x: [*const i8; 2],
    /// Set where `whole` is 0, and of a depthwise convolution.
    pub(super) cover: MaybeUninit<Cover>,
    /// The input's zero point, in both halves.
    pub(super) x_zero: u32,
    pub(super) zero: i32,
    /// The ends of the clamp, as the kernels take them.
    pub(super) low: i32,
    pub(super) high: i32,
    /// How many taps lie side by side, where all do: then they do not go by `cover`.
    pub(super) whole: usize,
}

/// Which taps read what. In bytes, or of a depthwise convolution in taps.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Cover {
    pub(super) prefix: usize,
    pub(super) run: usize,
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// From the end of a run to the next of its row. Of a depthwise convolution, from one
    /// tap to the next.
    pub(super) to_column: usize,
    /// From the end of a row's last run to the next row.
    pub(super) to_row: usize,
    pub(super) gap: usize,
    /// Without a meaning where there are no rows.
    pub(super) suffix: usize,
}

const _: () = assert!(size_of::<usize>() != 4 || size_of::<Job>() == 92);

/// Channels that a depthwise kernel sums side by side.
pub(super) const LANES: usize = 4;

impl Cover {
    /// Of a window at that place.
    fn of(w: &Windowed<'_>, at: &Place) -> Self {
        let (window, across, rows) = (w.window, at.across.count, at.down.count);
        let unit = w.depth;
        let kernel = window.columns.kernel.wrapping_mul(unit);
        let prefix = at.down.first.wrapping_mul(kernel);
        let prefix = prefix.wrapping_add(at.across.first.wrapping_mul(unit));
        let read = across.wrapping_mul(unit);
        let gap = kernel.wrapping_sub(read);
        let done = rows.wrapping_mul(kernel).wrapping_sub(gap);
        let tap = window.columns.dilation.wrapping_mul(window.depth);
        // Neighbouring taps lie side by side, unless groups or a dilation are between.
        let (run, columns, to_column, row) = if w.groups == 0 {
            (read, 1, tap, read.wrapping_mul(tap))
        } else if tap == unit {
            (read, 1, 0, read)
        } else {
            let to_column = tap.wrapping_sub(unit);
            let row = across.wrapping_mul(tap).wrapping_sub(to_column);
            (unit, across, to_column, row)
        };
        // Where nothing of the picture is read, all taps are beside it.
        let none = across == 0 || rows == 0;
        Self {
            prefix: if none { w.taps } else { prefix },
            run,
            columns,
            rows: if none { 0 } else { rows },
            to_column,
            to_row: line(window).wrapping_sub(row),
            gap,
            suffix: w.taps.wrapping_sub(prefix).wrapping_sub(done),
        }
    }
}

impl Cover {
    /// Lays the taps of a window side by side, those beside the picture included.
    ///
    /// # Safety
    /// `x` must point to what the window reads, and `to` have room for its taps.
    unsafe fn gather(&self, mut x: *const i8, to: *mut i8, zero: i8) {
        let mut to = to;
        let (mut rows, mut missing) = (self.rows, self.prefix);
        loop {
            // SAFETY: as asked of the caller, here and below. Volatile, lest the loops become
            // calls of routines that are larger than all of this.
            for _ in 0..missing {
                unsafe { to.write_volatile(zero) };
                to = to.wrapping_add(1);
            }
            if rows == 0 {
                return;
            }
            for _ in 0..self.columns {
                for _ in 0..self.run {
                    unsafe { to.write_volatile(*x) };
                    to = to.wrapping_add(1);
                    x = x.wrapping_add(1);
                }
                x = x.wrapping_add(self.to_column);
            }
            x = x.wrapping_sub(self.to_column).wrapping_add(self.to_row);
            rows = rows.wrapping_sub(1);
            missing = self.after(rows);
        }
    }

    /// Taps beside the picture that follow a row of the window, with so many rows left.
    pub(super) fn after(&self, rows: usize) -> usize {
        if rows == 0 { self.suffix } else { self.gap }
    }

    /// The sum of an output's taps, of a depthwise convolution: `x` of its channel, `w` its
    /// weights, `next` bytes from each to that of the next tap.
    ///
    /// # Safety
    /// `x` must point to what the window reads, and `w` to as many weights as it has taps.
    unsafe fn sum(&self, mut x: *const i8, mut w: *const i8, next: usize, zero: i32) -> i32 {
        let (mut rows, mut missing, mut sum) = (self.rows, self.prefix, 0i32);
        let zero = zero as i8;
        let mut beside = true;
        loop {
            let (mut v, step, taps) = if beside {
                (&raw const zero, 0, missing)
            } else {
                (x, self.to_column, self.run)
            };
            for _ in 0..taps {
                // SAFETY: as asked of the caller.
                let (a, b) = unsafe { (*v, *w) };
                sum = sum.wrapping_add(i32::from(a).wrapping_mul(i32::from(b)));
                v = v.wrapping_add(step);
                w = w.wrapping_add(next);
            }
            if !beside {
                x = v.wrapping_add(self.to_row);
                rows = rows.wrapping_sub(1);
                missing = self.after(rows);
            } else if rows == 0 {
                return sum;
            }
            beside = !beside;
        }
    }
}

/// Bytes from a row of the window to the next.
fn line(window: &Window) -> usize {
    let row = window.columns.size.wrapping_mul(window.depth);
    window.rows.dilation.wrapping_mul(row)
}

impl Job {
    /// Made there, with everything but the cover: what is returned is copied. Both pixels
    /// are one.
    #[inline(never)]
    fn make<'a>(
        job: &'a mut MaybeUninit<Self>,
        sums: &Weighted<'_>,
        taps: usize,
        (x, y): (*const i8, *mut i8),
    ) -> &'a mut Self {
        let (multipliers, [zero, low, high]) = sums.ends();
        // No value is repeated in brackets: that is a loop.
        job.write(Self {
            weights: sums.weights.as_ptr(),
            taps,
            bias: sums.bias.as_ptr(),
            multiplier: multipliers.as_ptr(),
            next_multiplier: if multipliers.len() == 1 { 0 } else { 8 },
            outputs: sums.bias.len(),
            y: [y, y],
            x: [x, x],
            cover: MaybeUninit::uninit(),
            whole: taps,
            x_zero: 0,
            zero,
            low: kernels::end(low),
            high: kernels::end(high),
        })
    }
}

/// The first value of a node's first input and of its output, which lie within the arena or
/// the constants.
#[inline(never)]
fn ends(node: &Node<'_>, arena: &mut [u8]) -> Option<(*const i8, *mut i8)> {
    let (x, y) = (node.input(0)?, node.output(0)?);
    let mut within = |t: &Tensor<'_>| {
        let bytes = arena.get_mut(t.offset()..)?.get_mut(..t.len())?;
        Some(bytes.as_mut_ptr().cast::<i8>())
    };
    let y = within(&y)?;
    match node.constant(&x) {
        Some(x) => Some((x.as_ptr(), y)),
        None => Some((within(&x)?.cast_const(), y)),
    }
}

/// A dense layer: x `[N, I]`, y `[N, O]`; `inputs` is I.
pub(crate) fn dense(node: &Node<'_>, arena: &mut [u8], sums: &Weighted<'_>, inputs: usize) {
    let (Some(x), Some(y), Some((mut from, mut to))) =
        (node.input(0), node.output(0), ends(node, arena))
    else {
        return;
    };
    let outputs = sums.bias.len();
    if !sums.serve(outputs) {
        return;
    }
    let (mut read, mut written) = (x.len(), y.len());
    while read >= inputs && written >= outputs && outputs > 0 {
        let mut job = MaybeUninit::uninit();
        let job = Job::make(&mut job, sums, inputs, (from, to));
        // SAFETY: an output's taps are a row of x; there are weights (as they were read),
        // biases and multipliers for as many outputs as a row of y has.
        unsafe { kernels::one(job) };
        (from, to) = (from.wrapping_add(inputs), to.wrapping_add(outputs));
        (read, written) = (read.wrapping_sub(inputs), written.wrapping_sub(outputs));
    }
}

/// Windows of so few taps are laid side by side before they are summed.
const FEW: usize = 40;

/// A node under way.
struct Run<'a> {
    w: &'a Windowed<'a>,
    x: *const i8,
    y: *mut i8,
    /// The spans that the job's cover is of: see [`Place::spans`].
    spans: [usize; 4],
    /// Whether the job's pixels are one that waits for another like it.
    held: bool,
    job: &'a mut Job,
    gathers: bool,
    few: [MaybeUninit<[i8; FEW]>; 2],
}

/// Evaluates a node whose first input is the picture.
pub(crate) fn run(node: &Node<'_>, arena: &mut [u8], w: &Windowed<'_>) {
    let (Some(x), Some(y), Some(ends)) = (node.input(0), node.output(0), ends(node, arena)) else {
        return;
    };
    let alike = x.dims().first() == y.dims().first();
    if !alike || !w.sums.serve(w.window.outputs) {
        return;
    }
    let window = w.window;
    let area = window.rows.kernel.wrapping_mul(window.columns.kernel);
    let mut job = MaybeUninit::uninit();
    let job = Job::make(&mut job, w.sums, w.taps, ends);
    job.x_zero = u32::from(w.x_zero as u16).wrapping_mul(0x0001_0001);
    if w.groups == 0 {
        job.taps = window.outputs;
    }
    let mut run = Run {
        w,
        x: ends.0,
        y: ends.1,
        spans: [usize::MAX; 4],
        held: false,
        job,
        gathers: area > 1 && w.taps <= FEW && w.groups == 1,
        few: [MaybeUninit::uninit(); 2],
    };
    window.pixels(&mut |place, number| run.pixel(place, number));
    if run.held {
        run.tile();
    }
}

impl Run<'_> {
    /// Sums the pixel, or keeps it until the next.
    fn pixel(&mut self, place: &Place, number: usize) {
        let window = self.w.window;
        let spans = place.spans();
        // Not compared as arrays: that is a call, byte by byte.
        let other = spans
            .iter()
            .zip(&self.spans)
            .fold(0, |all, (a, b)| all | (a ^ b));
        if other != 0 {
            if self.held && !self.gathers {
                self.tile();
            }
            self.spans = spans;
            self.cover(place);
        }
        let at = place.down.at.wrapping_mul(window.columns.size);
        let at = at.wrapping_add(place.across.at).wrapping_add(place.batch);
        let mut x = self.x.wrapping_add(at.wrapping_mul(window.depth));
        let y = self.y.wrapping_add(number.wrapping_mul(window.outputs));
        if self.gathers {
            let [first, second] = &mut self.few;
            let few = if self.held { second } else { first };
            let few = few.as_mut_ptr().cast::<i8>();
            // SAFETY: the first pixel has set the cover, for no spans are as they were at the
            // start; a span's taps lie within the picture; and a window's have room there,
            // for it has no more.
            unsafe {
                self.job
                    .cover
                    .assume_init_ref()
                    .gather(x, few, self.w.x_zero as i8)
            };
            x = few;
        }
        let job = &mut *self.job;
        let first = if self.held {
            (job.x[0], job.y[0])
        } else {
            (x, y)
        };
        job.x = [first.0, x];
        job.y = [first.1, y];
        if !self.held {
            self.held = true;
            if self.w.groups > 0 {
                return;
            }
        }
        self.tile();
    }

    /// What a window at that place reads.
    #[inline(never)]
    fn cover(&mut self, place: &Place) {
        let job = &mut self.job;
        let cover = &*job.cover.write(Cover::of(self.w, place));
        // Of one row nothing lies between, whatever a row further on would be.
        let one = cover.rows == 1 && cover.columns == 1 && cover.prefix | cover.suffix == 0;
        job.whole = if self.gathers || one { job.taps } else { 0 };
    }

    /// The job's two pixels, whose windows meet the picture alike, or one that is named twice.
    fn tile(&mut self) {
        let (window, job, sums) = (self.w.window, &mut *self.job, self.w.sums);
        let len = window.outputs;
        self.held = false;
        job.weights = sums.weights.as_ptr();
        job.bias = sums.bias.as_ptr();
        job.multiplier = sums.ends().0.as_ptr();
        job.outputs = len;
        // SAFETY: the taps of a span lie within the picture, and as many pixels are numbered as
        // the output has; there are constants for as many outputs (`serve`, and the weights as
        // they were read).
        if self.w.groups == 0 {
            if len == window.depth && len >= LANES {
                unsafe { kernels::depthwise(job) };
            } else {
                unsafe { depthwise(job, sums, window.depth, self.w.x_zero) };
            }
            return;
        }
        let share = len.checked_div(self.w.groups).unwrap_or(0);
        let [mut a, mut b] = job.x;
        for _ in 0..self.w.groups {
            job.outputs = share;
            job.x = [a, b];
            // SAFETY: as above; a group has its share of the channels and of the outputs.
            unsafe { kernels::two(job) };
            a = a.wrapping_add(self.w.depth);
            b = b.wrapping_add(self.w.depth);
        }
    }
}

/// All outputs of a pixel, of a depthwise convolution of few channels or of several outputs each.
///
/// # Safety
/// As of [`kernels::depthwise`], but that there may be other numbers of channels.
#[inline(never)]
unsafe fn depthwise(job: &Job, sums: &Weighted<'_>, channels: usize, zero: i32) {
    let outputs = job.outputs;
    let share = outputs.checked_div(channels).unwrap_or(0);
    let (mut left, [mut x, _], [y, _]) = (share, job.x, job.y);
    // SAFETY: it is set where it is asked for; below, as asked of the caller.
    let cover: &Cover = unsafe { job.cover.assume_init_ref() };
    for (o, &bias) in sums.bias.iter().enumerate() {
        if left == 0 {
            (left, x) = (share, x.wrapping_add(1));
        }
        left = left.wrapping_sub(1);
        let sum = unsafe { cover.sum(x, job.weights.wrapping_add(o), outputs, zero) };
        let value = sums.finish(o, sum.wrapping_add(bias));
        unsafe { *y.wrapping_add(o) = value };
    }
}
