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
    /// The next weight of each output.
    w: [*const i8; 2],
    /// The next value of each pixel.
    x: [*const i8; 2],
    /// Of output 0 both pixels, then of output 1.
    sums: [[i32; 2]; 2],
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
}

/// Sums a run of so many taps, one or more.
type SumRun = unsafe extern "C" fn(&mut Sums, usize);

/// All outputs of the job's two pixels.
///
/// # Safety
/// The job's pointers and counts must be those of memory that may be read and, at `y`,
/// written.
pub(super) unsafe fn two(job: &mut Job) {
    // SAFETY: as asked of the caller.
    unsafe { outputs(job, 2, target::run_two) };
}

/// All outputs of the job's first pixel.
///
/// # Safety
/// As of [`two`].
pub(super) unsafe fn one(job: &mut Job) {
    // SAFETY: as asked of the caller.
    unsafe { outputs(job, 1, target::run_one) };
}

#[inline(never)]
unsafe fn outputs(job: &mut Job, pixels: usize, run: SumRun) {
    while job.outputs > 0 {
        let count = job.outputs.min(2);
        // The last output may be alone, and is then summed twice.
        let next = count.wrapping_sub(1);
        let w = job.weights.wrapping_add(job.taps.wrapping_mul(next));
        // SAFETY: there is a bias for each output that is left.
        let [a, b] = unsafe { [*job.bias, *job.bias.wrapping_add(next)] };
        let mut s = Sums {
            w: [job.weights, w],
            x: job.x,
            sums: [[a; 2], [b; 2]],
        };
        // SAFETY: as asked of the caller.
        unsafe { taps(&mut s, job, run) };
        for sums in s.sums.iter().take(count) {
            for (sum, y) in sums.iter().zip(&mut job.y).take(pixels) {
                // SAFETY: there are a multiplier and room for each output that is left.
                unsafe { **y = finish(*sum, &*job.multiplier, [job.zero, job.low, job.high]) };
                *y = y.wrapping_add(1);
            }
            job.multiplier = job.multiplier.wrapping_byte_add(job.next_multiplier);
        }
        job.weights = w.wrapping_add(job.taps);
        job.bias = job.bias.wrapping_add(count);
        job.outputs = job.outputs.wrapping_sub(count);
    }
}

/// All taps of two outputs.
#[inline]
unsafe fn taps(s: &mut Sums, job: &Job, run: SumRun) {
    if job.whole > 0 {
        // SAFETY: as asked of the caller of `two`, here and below.
        unsafe { run(s, job.whole) };
        return;
    }
    let c: &Cover = &job.cover;
    let zero = i32::from(job.x_zero as i16);
    unsafe { beside(s, c.prefix, zero) };
    for row in 0..c.rows {
        if row > 0 {
            s.x = s.x.map(|x| x.wrapping_add(c.to_row));
            unsafe { beside(s, c.gap, zero) };
        }
        for column in 0..c.columns {
            if column > 0 {
                s.x = s.x.map(|x| x.wrapping_add(c.to_column));
            }
            unsafe { run(s, c.run) };
        }
    }
    unsafe { beside(s, c.suffix, zero) };
}

/// So many taps beside the picture.
#[inline(never)]
unsafe fn beside(s: &mut Sums, count: usize, zero: i32) {
    for (w, sums) in s.w.iter_mut().zip(&mut s.sums) {
        let mut total = 0i32;
        for _ in 0..count {
            // SAFETY: as asked of the caller of `two`.
            total = total.wrapping_add(i32::from(unsafe { **w }));
            *w = w.wrapping_add(1);
        }
        for sum in sums {
            *sum = sum.wrapping_add(total.wrapping_mul(zero));
        }
    }
}

/// All channels of the job's first pixel, four side by side. The last four may begin among
/// those before.
///
/// # Safety
/// As of [`two`]; there must be four channels or more.
pub(super) unsafe fn depthwise(job: &mut Job) {
    let c: &Cover = &job.cover;
    let zero = i32::from(job.x_zero as i16);
    let last = job.outputs.saturating_sub(LANES);
    let mut channel = 0usize;
    loop {
        // SAFETY: as asked of the caller, here and below.
        let bias = unsafe { *job.bias.wrapping_add(channel).cast::<[i32; LANES]>() };
        let mut l = Lanes {
            x: job.x[0].wrapping_add(channel),
            w: job.weights.wrapping_add(channel),
            to_x: c.to_column,
            to_w: job.taps,
            sums: bias,
        };
        unsafe { beside_lanes(&mut l, c.prefix, zero) };
        for row in 0..c.rows {
            if row > 0 {
                l.x = l.x.wrapping_add(c.to_row);
                unsafe { beside_lanes(&mut l, c.gap, zero) };
            }
            unsafe { target::run_lanes(&mut l, c.run) };
        }
        unsafe { beside_lanes(&mut l, c.suffix, zero) };
        let skip = job.next_multiplier.wrapping_mul(channel);
        let mut multiplier = job.multiplier.wrapping_byte_add(skip);
        let mut y = job.y[0].wrapping_add(channel);
        for sum in l.sums {
            unsafe { *y = finish(sum, &*multiplier, [job.zero, job.low, job.high]) };
            y = y.wrapping_add(1);
            multiplier = multiplier.wrapping_byte_add(job.next_multiplier);
        }
        if channel == last {
            return;
        }
        channel = last.min(channel.wrapping_add(LANES));
    }
}

/// So many taps beside the picture.
#[inline(never)]
unsafe fn beside_lanes(l: &mut Lanes, count: usize, zero: i32) {
    for _ in 0..count {
        // SAFETY: as asked of the caller of `depthwise`.
        let w = unsafe { *l.w.cast::<[i8; LANES]>() };
        for (sum, w) in l.sums.iter_mut().zip(w) {
            *sum = sum.wrapping_add(i32::from(w).wrapping_mul(zero));
        }
        l.w = l.w.wrapping_add(l.to_w);
    }
}

/// What [`Weighted::finish`](crate::kernel::weighted::Weighted::finish) makes of a sum.
#[inline(never)]
fn finish(sum: i32, &[significand, shift]: &[i32; 2], [zero, low, high]: [i32; 3]) -> i8 {
    let mut value = target::high_mul(sum.wrapping_shl(shift.max(0) as u32), significand);
    if shift < 0 {
        // To nearest, ties away from zero: one less where it is negative, then ties go up.
        value = value.wrapping_add(value >> 31);
        value = value.wrapping_shr(!shift as u32).wrapping_add(1) >> 1;
    }
    value.wrapping_add(zero).max(low).min(high) as i8
}
