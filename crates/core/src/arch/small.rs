//! Kernels for cores without instructions for signals: Cortex-M0+ and RISC-V.
//!
//! Two outputs of two pixels at a time: four products of four loaded values. Runs of taps
//! and the product of a multiplier are the processor's own ([`target`]); what stands between
//! them is here.

use super::target;
use super::tile::{Cover, Job, LANES};

/// An end of the clamp.
pub(super) fn end(byte: i32) -> i32 {
    byte
}

/// Two outputs of two pixels under way.
#[repr(C)]
pub(super) struct Sums {
    /// Of output 0 both pixels, then of output 1.
    sums: [i32; 4],
    /// The next weight of each output.
    w: [*const i8; 2],
    /// The next value of each pixel.
    x: [*const i8; 2],
}

/// Four channels of a pixel under way.
#[repr(C)]
pub(super) struct Lanes {
    /// The next value and weight, and bytes to those of the next tap.
    x: *const i8,
    w: *const i8,
    to_x: usize,
    to_w: usize,
    sums: [i32; LANES],
    /// From behind a row's last tap to the next row.
    to_row: usize,
}

/// Sums all taps of the job's next two outputs.
type SumAll = unsafe fn(&mut Sums, &Job);

/// All outputs of the job's two pixels, or of one that is named twice.
///
/// # Safety
/// The job's pointers and counts must be those of memory that may be read and, at `y`,
/// written.
pub(super) unsafe fn two(job: &mut Job) {
    let [a, b] = job.x;
    // SAFETY: as asked of the caller.
    unsafe { outputs(job, if a == b { 1 } else { 2 }, windows) };
}

/// All outputs of the job's first pixel, whose taps all lie side by side.
///
/// # Safety
/// As of [`two`].
pub(super) unsafe fn one(job: &mut Job) {
    // SAFETY: as asked of the caller.
    unsafe { outputs(job, 1, |s, job| target::run_one(s, job.whole)) };
}

#[inline(never)]
unsafe fn outputs(job: &mut Job, pixels: usize, sum: SumAll) {
    while job.outputs > 0 {
        // The last output may be alone, and is then summed twice.
        let pair = job.outputs > 1;
        let (mut w, mut bias) = (job.weights, job.bias);
        if pair {
            w = w.wrapping_add(job.taps);
            bias = bias.wrapping_add(1);
        }
        // SAFETY: there is a bias for each output that is left.
        let (a, b) = unsafe { (*job.bias, *bias) };
        let mut s = Sums {
            sums: [a, a, b, b],
            w: [job.weights, w],
            x: job.x,
        };
        // SAFETY: as asked of the caller; there are a multiplier and room for each output.
        unsafe {
            sum(&mut s, job);
            let [a, b, c, d] = s.sums;
            target::finish(a, job, 0);
            if pixels > 1 {
                target::finish(b, job, 1);
            }
            next(job);
            if pair {
                target::finish(c, job, 0);
                if pixels > 1 {
                    target::finish(d, job, 1);
                }
                next(job);
            }
        }
        job.weights = w.wrapping_add(job.taps);
        job.bias = bias.wrapping_add(1);
    }
}

/// Goes on to the next output.
#[inline]
fn next(job: &mut Job) {
    job.multiplier = job.multiplier.wrapping_byte_add(job.next_multiplier);
    job.outputs = job.outputs.wrapping_sub(1);
}

/// All taps of two outputs, of windows.
unsafe fn windows(s: &mut Sums, job: &Job) {
    let [a, b] = s.x;
    let run = if a == b {
        target::run_one
    } else {
        target::run_two
    };
    if job.whole > 0 {
        // SAFETY: as asked of the caller of `two`, here and below.
        unsafe { run(s, job.whole) };
        return;
    }
    // SAFETY: it is set where it is asked for.
    let c: &Cover = unsafe { job.cover.assume_init_ref() };
    let (mut rows, mut missing) = (c.rows, c.prefix);
    loop {
        // SAFETY: as asked of the caller of `two`, here and below.
        unsafe { beside(s, missing, job) };
        if rows == 0 {
            return;
        }
        let mut columns = c.columns;
        loop {
            unsafe { run(s, c.run) };
            columns = columns.wrapping_sub(1);
            if columns == 0 {
                break;
            }
            skip(s, c.to_column);
        }
        rows = rows.wrapping_sub(1);
        missing = c.after(rows);
        skip(s, c.to_row);
    }
}

/// Goes on by so many bytes in both pictures.
fn skip(s: &mut Sums, bytes: usize) {
    let [a, b] = s.x;
    s.x = [a.wrapping_add(bytes), b.wrapping_add(bytes)];
}

/// So many taps beside the picture.
#[inline(never)]
unsafe fn beside(s: &mut Sums, count: usize, job: &Job) {
    let zero = i32::from(job.x_zero as i16);
    let [mut v, mut w] = s.w;
    let (mut a, mut b) = (0i32, 0i32);
    for _ in 0..count {
        // SAFETY: as asked of the caller of `two`.
        unsafe {
            a = a.wrapping_add(i32::from(*v));
            b = b.wrapping_add(i32::from(*w));
        }
        v = v.wrapping_add(1);
        w = w.wrapping_add(1);
    }
    s.w = [v, w];
    (a, b) = (a.wrapping_mul(zero), b.wrapping_mul(zero));
    let [c, d, e, f] = s.sums;
    s.sums = [
        c.wrapping_add(a),
        d.wrapping_add(a),
        e.wrapping_add(b),
        f.wrapping_add(b),
    ];
}

/// All channels of the job's first pixel, four side by side. The last four may begin among
/// those before.
///
/// # Safety
/// As of [`two`]; there must be four channels or more.
#[inline(never)]
pub(super) unsafe fn depthwise(job: &mut Job) {
    let (first, multipliers) = (job.y[0], job.multiplier);
    let last = job.outputs.saturating_sub(LANES);
    let mut channel = 0usize;
    loop {
        // SAFETY: it is set where it is asked for.
        let c: &Cover = unsafe { job.cover.assume_init_ref() };
        // SAFETY: as asked of the caller, here and below.
        let sums = unsafe { *job.bias.wrapping_add(channel).cast::<[i32; LANES]>() };
        let mut l = Lanes {
            x: job.x[0].wrapping_add(channel),
            w: job.weights.wrapping_add(channel),
            to_x: c.to_column,
            to_w: job.taps,
            sums,
            to_row: c.to_row,
        };
        if c.prefix | c.gap | c.suffix == 0 {
            unsafe { target::run_lanes(&mut l, c.run, c.rows) };
        } else {
            unsafe { at_edge(&mut l, job) };
        }
        let skip = job.next_multiplier.wrapping_mul(channel);
        job.multiplier = multipliers.wrapping_byte_add(skip);
        job.y[0] = first.wrapping_add(channel);
        for sum in &l.sums {
            unsafe { target::finish(*sum, job, 0) };
            next(job);
        }
        if channel == last {
            return;
        }
        channel = last.min(channel.wrapping_add(LANES));
    }
}

/// All taps of a window that lies not all within the picture.
#[inline(never)]
unsafe fn at_edge(l: &mut Lanes, job: &Job) {
    // SAFETY: it is set where it is asked for.
    let c: &Cover = unsafe { job.cover.assume_init_ref() };
    let (mut rows, mut missing) = (c.rows, c.prefix);
    loop {
        // SAFETY: as asked of the caller of `depthwise`, here and below.
        unsafe { beside_lanes(l, missing, job) };
        if rows == 0 {
            return;
        }
        unsafe { target::run_lanes(l, c.run, 1) };
        l.x = l.x.wrapping_add(c.to_row);
        rows = rows.wrapping_sub(1);
        missing = c.after(rows);
    }
}

/// So many taps beside the picture.
unsafe fn beside_lanes(l: &mut Lanes, count: usize, job: &Job) {
    if count == 0 {
        return;
    }
    // One tap of zero points, read again and again.
    let zeros = (job.x_zero & 0xff).wrapping_mul(0x0101_0101);
    let (x, to_x) = (l.x, l.to_x);
    (l.x, l.to_x) = ((&raw const zeros).cast(), 0);
    // SAFETY: as asked of the caller of `depthwise`.
    unsafe { target::run_lanes(l, count, 1) };
    (l.x, l.to_x) = (x, to_x);
}
