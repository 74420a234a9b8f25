//! What kernels for chips share: a job for one or two pixels, and who makes it.
//!
//! The taps of a window are the weights of an output in order. Of those, some lie beside
//! the picture and count as the input's zero point: `prefix` of them first, `gap` between
//! one row of the window and the next, `suffix` last. The others are `rows` of `columns` of
//! `run` neighbouring values.

use core::mem::size_of;

use super::kernels;
use crate::kernel::weighted::Weighted;
use crate::kernel::window::{Place, Window};
use crate::node::Node;

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
    pub(super) cover: Cover,
    /// The input's zero point, in both halves.
    pub(super) x_zero: u32,
    pub(super) zero: i32,
    /// The ends of the clamp, in each byte.
    pub(super) low: u32,
    pub(super) high: u32,
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

const _: () = assert!(size_of::<usize>() != 4 || size_of::<Job>() == 88);

/// Channels that a depthwise kernel sums side by side.
pub(crate) const LANES: usize = 4;

impl Cover {
    /// All of one run.
    fn whole(run: usize) -> Self {
        Self {
            prefix: 0,
            run,
            columns: 1,
            rows: 1,
            to_column: 0,
            to_row: 0,
            gap: 0,
            suffix: 0,
        }
    }

    /// Of a window at that place.
    fn of(w: &Windowed<'_>, at: &Place) -> Self {
        let (window, across, rows) = (w.window, at.across.count, at.down.count);
        let unit = if w.groups == 0 { 1 } else { w.depth };
        let kernel = window.columns.kernel.wrapping_mul(unit);
        let taps = window.rows.kernel.wrapping_mul(kernel);
        if across == 0 || rows == 0 {
            return Self {
                prefix: taps,
                rows: 0,
                ..Self::whole(0)
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

/// Bytes from a row of the window to the next.
fn line(window: &Window) -> usize {
    let row = window.columns.size.wrapping_mul(window.depth);
    window.rows.dilation.wrapping_mul(row)
}

impl Job {
    /// With everything but the pixels.
    fn new(sums: &Weighted<'_>, taps: usize, x_zero: i32) -> Self {
        let (multipliers, [zero, low, high]) = sums.ends();
        let each = |byte: i32| u32::from(byte as u8).wrapping_mul(0x0101_0101);
        Self {
            weights: sums.weights.as_ptr(),
            taps,
            bias: sums.bias.as_ptr(),
            multiplier: multipliers.as_ptr(),
            next_multiplier: if multipliers.len() == 1 { 0 } else { 8 },
            outputs: sums.bias.len(),
            y: [core::ptr::null_mut(); 2],
            x: [core::ptr::null(); 2],
            cover: Cover::whole(taps),
            x_zero: u32::from(x_zero as u16).wrapping_mul(0x0001_0001),
            zero,
            low: each(low),
            high: each(high),
        }
    }
}

/// A convolution's or a depthwise convolution's numbers.
pub(crate) struct Windowed<'a> {
    pub(crate) window: &'a Window,
    pub(crate) sums: &'a Weighted<'a>,
    pub(crate) x_zero: i32,
    /// 0 for a depthwise convolution with an output a channel.
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

/// Evaluates a node whose first input is the picture.
pub(crate) fn run(node: &Node<'_>, arena: &mut [u8], w: &Windowed<'_>) {
    let window = w.window;
    if !w.sums.serve(window.outputs) {
        return;
    }
    let mut held: Option<(Place, usize)> = None;
    let pairs = w.groups > 0;
    window.pixels(&mut |place, number| match &held {
        Some((first, at)) if pairs && first.is_like(&place) => {
            tile(node, arena, w, [(first, *at), (&place, number)]);
            held = None;
        }
        _ => {
            if let Some((place, at)) = &held {
                tile(node, arena, w, [(place, *at); 2]);
            }
            held = Some((place, number));
        }
    });
    if let Some((place, at)) = &held {
        tile(node, arena, w, [(place, *at); 2]);
    }
}

/// Two neighbouring pixels whose windows meet the picture alike, or one that is named twice.
#[inline(never)]
fn tile(node: &Node<'_>, arena: &mut [u8], w: &Windowed<'_>, pixels: [(&Place, usize); 2]) {
    let (window, sums, len) = (w.window, w.sums, w.window.outputs);
    let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
        return;
    };
    let [(place, number), (second, other)] = pixels;
    let start = number.min(other);
    let two = number != other;
    let room = if two { len.wrapping_mul(2) } else { len };
    let begin = (start.wrapping_mul(len), room, window.reversed);
    let Some((missing, x, y)) = node.tile(arena, &x, &y, begin) else {
        return;
    };
    let cover = Cover::of(w, place);
    // What the first group reads of a pixel, and the others.
    let groups = w.groups.max(1);
    let tap = window.columns.dilation.wrapping_mul(window.depth);
    let reads = steps(cover.rows).wrapping_mul(line(window));
    let reads = reads.wrapping_add(steps(place.across.count).wrapping_mul(tap));
    let reads = reads.wrapping_add(groups.wrapping_mul(w.depth));
    let first = |place: &Place| {
        if cover.rows == 0 {
            return Some(x.as_ptr());
        }
        let pixel = place.down.at.wrapping_mul(window.columns.size);
        let pixel = pixel.wrapping_add(place.across.at).wrapping_add(place.batch);
        let at = pixel.wrapping_mul(window.depth).wrapping_sub(missing);
        Some(x.get(at..)?.get(..reads)?.as_ptr())
    };
    let taps = window.rows.kernel.wrapping_mul(window.columns.kernel);
    let taps = taps.wrapping_mul(w.depth);
    let (Some(a), Some(b)) = (first(place), first(second)) else {
        return;
    };
    let outputs = y.as_mut_ptr();
    let at = |number: usize| outputs.wrapping_add(number.wrapping_sub(start).wrapping_mul(len));
    let mut job = Job::new(sums, taps, w.x_zero);
    job.cover = cover;
    job.y = [at(number), at(other)];
    if w.groups == 0 {
        job.taps = len;
        job.x = [a, b];
        // SAFETY: as below; a tap is `len` channels, four of them or more.
        unsafe { kernels::depthwise(&mut job) };
        return;
    }
    let share = len.checked_div(groups).unwrap_or(0);
    for group in 0..groups {
        let channel = group.wrapping_mul(w.depth);
        job.outputs = share;
        job.x = [a.wrapping_add(channel), b.wrapping_add(channel)];
        // SAFETY: `first` has cut out what the window reads of each pixel, `y` is the room
        // for their outputs, and `serve` was asked for the constants of as many.
        if two {
            unsafe { kernels::two(&mut job) };
        } else {
            unsafe { kernels::one(&mut job) };
        }
    }
}

/// How many steps there are between so many.
fn steps(count: usize) -> usize {
    count.saturating_sub(1)
}
