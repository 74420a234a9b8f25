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
    pub(super) suffix: usize,
}

const _: () = assert!(size_of::<usize>() != 4 || size_of::<Job>() == 92);

/// Channels that a depthwise kernel sums side by side.
pub(super) const LANES: usize = 4;

impl Cover {
    const NONE: Self = Self {
        prefix: 0,
        run: 0,
        columns: 0,
        rows: 0,
        to_column: 0,
        to_row: 0,
        gap: 0,
        suffix: 0,
    };

    /// Of a window at that place.
    fn of(w: &Windowed<'_>, at: &Place) -> Self {
        let (window, across, rows) = (w.window, at.across.count, at.down.count);
        let unit = if w.groups == 0 { 1 } else { w.depth };
        let kernel = window.columns.kernel.wrapping_mul(unit);
        let taps = window.rows.kernel.wrapping_mul(kernel);
        if across == 0 || rows == 0 {
            return Self {
                prefix: taps,
                ..Self::NONE
            };
        }
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
        Self {
            prefix,
            run,
            columns,
            rows,
            to_column,
            to_row: line(window).wrapping_sub(row),
            gap,
            suffix: taps.wrapping_sub(prefix).wrapping_sub(done),
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
        // SAFETY: as asked of the caller, here and below.
        let mut tap = |value: i32| {
            sum = sum.wrapping_add(value.wrapping_mul(i32::from(unsafe { *w })));
            w = w.wrapping_add(next);
        };
        loop {
            for _ in 0..missing {
                tap(zero);
            }
            if rows == 0 {
                return sum;
            }
            for _ in 0..self.run {
                tap(i32::from(unsafe { *x }));
                x = x.wrapping_add(self.to_column);
            }
            x = x.wrapping_add(self.to_row);
            rows = rows.wrapping_sub(1);
            missing = self.after(rows);
        }
    }
}

/// Bytes from a row of the window to the next.
fn line(window: &Window) -> usize {
    let row = window.columns.size.wrapping_mul(window.depth);
    window.rows.dilation.wrapping_mul(row)
}

impl Job {
    /// With everything but the pixels. In line: what is returned is copied.
    #[inline(always)]
    fn new(sums: &Weighted<'_>, taps: usize, x_zero: i32) -> Self {
        let (multipliers, [zero, low, high]) = sums.ends();
        Self {
            weights: sums.weights.as_ptr(),
            taps,
            bias: sums.bias.as_ptr(),
            multiplier: multipliers.as_ptr(),
            next_multiplier: if multipliers.len() == 1 { 0 } else { 8 },
            outputs: sums.bias.len(),
            y: [core::ptr::null_mut(); 2],
            x: [core::ptr::null(); 2],
            cover: MaybeUninit::uninit(),
            whole: taps,
            x_zero: u32::from(x_zero as u16).wrapping_mul(0x0001_0001),
            zero,
            low: kernels::end(low),
            high: kernels::end(high),
        }
    }
}

/// A convolution's or a depthwise convolution's numbers.
pub(crate) struct Windowed<'a> {
    pub(crate) window: &'a Window,
    pub(crate) sums: &'a Weighted<'a>,
    pub(crate) x_zero: i32,
    /// 0 for a depthwise convolution.
    pub(crate) groups: usize,
    /// Channels that an output reads.
    pub(crate) depth: usize,
}

/// A dense layer's row: x `[I]`, y `[O]`.
pub(crate) fn row(sums: &Weighted<'_>, x: &[i8], y: &mut [i8]) {
    let taps = x.len().checked_mul(y.len());
    if taps != Some(sums.weights.len()) || !sums.serve(y.len()) || y.is_empty() {
        return;
    }
    let mut job = Job::new(sums, x.len(), 0);
    job.x = [x.as_ptr(); 2];
    job.y = [y.as_mut_ptr(); 2];
    // SAFETY: an output's taps are the whole of x, and there are weights, biases and
    // multipliers for as many outputs as y has room for.
    unsafe { kernels::one(&mut job) };
}

/// Windows of so few taps are laid side by side before they are summed.
const FEW: usize = 40;

/// A node under way.
struct Run<'a> {
    w: &'a Windowed<'a>,
    x: *const i8,
    x_len: usize,
    y: *mut i8,
    y_len: usize,
    /// The spans that the job's cover is of: see [`Place::spans`].
    spans: [usize; 4],
    /// Bytes that a pixel reads, from the first on.
    reads: usize,
    /// Where the pixel reads that waits for another like it, and its number.
    held: Option<(*const i8, usize)>,
    job: Job,
    gathers: bool,
    few: [MaybeUninit<[i8; FEW]>; 2],
}

/// Evaluates a node whose first input is the picture.
pub(crate) fn run(node: &Node<'_>, arena: &mut [u8], w: &Windowed<'_>) {
    let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
        return;
    };
    let fits = |t: &Tensor<'_>| {
        t.offset()
            .checked_add(t.len())
            .is_some_and(|n| n <= arena.len())
    };
    let constant = node.constant(&x);
    if !w.sums.serve(w.window.outputs) || !fits(&y) || (constant.is_none() && !fits(&x)) {
        return;
    }
    let window = w.window;
    let area = window.rows.kernel.wrapping_mul(window.columns.kernel);
    let taps = area.wrapping_mul(w.depth);
    let arena: *mut i8 = arena.as_mut_ptr().cast();
    let mut run = Run {
        w,
        x: constant.map_or(arena.wrapping_add(x.offset()).cast_const(), <[i8]>::as_ptr),
        x_len: x.len(),
        y: arena.wrapping_add(y.offset()),
        y_len: y.len(),
        spans: [usize::MAX; 4],
        reads: 0,
        held: None,
        job: Job::new(w.sums, taps, w.x_zero),
        gathers: area > 1 && taps <= FEW && w.groups == 1,
        few: [MaybeUninit::uninit(); 2],
    };
    if w.groups == 0 {
        run.job.taps = window.outputs;
    }
    window.pixels(&mut |place, number| run.pixel(&place, number));
    if let Some(pixel) = run.held {
        run.tile(pixel, pixel);
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
            if !self.gathers
                && let Some(held) = self.held.take()
            {
                self.tile(held, held);
            }
            self.spans = spans;
            self.cover(place);
        }
        let at = place.down.at.wrapping_mul(window.columns.size);
        let at = at.wrapping_add(place.across.at).wrapping_add(place.batch);
        let at = at.wrapping_mul(window.depth);
        let all = window.outputs.wrapping_mul(number.wrapping_add(1));
        let inside = at
            .checked_add(self.reads)
            .is_some_and(|end| end <= self.x_len);
        if (self.reads > 0 && !inside) || all > self.y_len {
            return;
        }
        let mut x = self.x.wrapping_add(at);
        if self.gathers {
            let [first, second] = &mut self.few;
            let few = if self.held.is_none() { first } else { second };
            let few = few.as_mut_ptr().cast::<i8>();
            // SAFETY: the first pixel has set the cover, for no spans are as they were at the
            // start; `inside`; and a window's taps have room there, for it has no more.
            unsafe {
                self.job
                    .cover
                    .assume_init_ref()
                    .gather(x, few, self.w.x_zero as i8)
            };
            x = few;
        }
        let pixel = (x, number);
        if self.w.groups == 0 {
            self.tile(pixel, pixel);
        } else if let Some(held) = self.held.take() {
            self.tile(held, pixel);
        } else {
            self.held = Some(pixel);
        }
    }

    /// What a window at that place reads.
    #[inline(never)]
    fn cover(&mut self, place: &Place) {
        let (window, job) = (self.w.window, &mut self.job);
        let cover = &*job.cover.write(Cover::of(self.w, place));
        let tap = window.columns.dilation.wrapping_mul(window.depth);
        let rows = cover.rows.wrapping_sub(1).wrapping_mul(line(window));
        let columns = place.across.count.wrapping_sub(1).wrapping_mul(tap);
        let last = rows.wrapping_add(columns).wrapping_add(window.depth);
        self.reads = if cover.rows == 0 { 0 } else { last };
        // Of one row nothing lies between, whatever a row further on would be.
        let one = cover.rows == 1 && cover.columns == 1 && cover.prefix | cover.suffix == 0;
        job.whole = if self.gathers || one { job.taps } else { 0 };
    }

    /// Two pixels whose windows meet the picture alike, or one that is named twice.
    fn tile(&mut self, (a, number): (*const i8, usize), (b, other): (*const i8, usize)) {
        let (window, job, sums) = (self.w.window, &mut self.job, self.w.sums);
        let len = window.outputs;
        let at = |number: usize| self.y.wrapping_add(number.wrapping_mul(len));
        job.y = [at(number), at(other)];
        job.x = [a, b];
        job.weights = sums.weights.as_ptr();
        job.bias = sums.bias.as_ptr();
        job.multiplier = sums.ends().0.as_ptr();
        job.outputs = len;
        // SAFETY: `pixel` has seen that what the windows read lies within the picture, and
        // their outputs within theirs; there are constants for as many (`serve`, and the
        // weights as they were read).
        if self.w.groups == 0 {
            unsafe { depthwise(job, sums, window.depth, self.w.x_zero) };
            return;
        }
        let share = len.checked_div(self.w.groups).unwrap_or(0);
        let [mut a, mut b] = [a, b];
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

/// All outputs of a pixel, of a depthwise convolution.
///
/// # Safety
/// As of [`kernels::depthwise`], but that there may be fewer channels.
unsafe fn depthwise(job: &mut Job, sums: &Weighted<'_>, channels: usize, zero: i32) {
    let outputs = job.outputs;
    if outputs == channels && channels >= LANES {
        // SAFETY: as asked of the caller, here and below.
        unsafe { kernels::depthwise(job) };
        return;
    }
    let share = outputs.checked_div(channels).unwrap_or(0);
    let (mut left, [mut x, _], [y, _]) = (share, job.x, job.y);
    // SAFETY: it is set where it is asked for.
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
