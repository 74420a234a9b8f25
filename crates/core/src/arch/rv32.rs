//! Runs of taps on 32-bit RISC-V with multiplication.

use core::arch::naked_asm;

use super::kernels::{Lanes, Sums};
use super::tile::Job;

/// See [`fixed::high_mul`](crate::fixed::high_mul); the second is not negative.
#[inline]
fn high_mul(a: i32, b: i32) -> i32 {
    let product = i64::from(a).wrapping_mul(i64::from(b));
    let low = (product as u32 >> 30) as i32;
    let high = (product >> 32) as i32;
    (high << 1).wrapping_add(low.wrapping_add(1) >> 1)
}

/// Writes the next output of a pixel, what
/// [`Weighted::finish`](crate::kernel::weighted::Weighted::finish) makes of its sum.
///
/// # Safety
/// The job must have an output left, and `pixel` be 0 or 1.
#[inline(never)]
pub(super) unsafe fn finish(sum: i32, job: &mut Job, pixel: usize) {
    // SAFETY: as asked of the caller.
    let ([significand, shift], y) = unsafe { (*job.multiplier, job.y.get_unchecked_mut(pixel)) };
    let left = shift.max(0) as u32;
    let mut value = high_mul(sum.wrapping_shl(left), significand);
    if shift < 0 {
        // To nearest, ties away from zero: one less where it is negative, then ties go up.
        value = value.wrapping_add(value >> 31);
        value = value.wrapping_shr(!shift as u32).wrapping_add(1) >> 1;
    }
    let value = value.wrapping_add(job.zero).max(job.low).min(job.high);
    // SAFETY: as above.
    unsafe { **y = value as i8 };
    *y = y.wrapping_add(1);
}

/// A tap of two outputs of two pixels: a1 and a2 the weights, a3 and a4 the values, a5, a6, a7
/// and t0 the sums.
macro_rules! tap {
    ($at:literal) => {
        concat!(
            "lb t1, ",
            $at,
            "(a1)\n",
            "lb t2, ",
            $at,
            "(a2)\n",
            "lb t3, ",
            $at,
            "(a3)\n",
            "lb t4, ",
            $at,
            "(a4)\n",
            "mul t5, t1, t3\n",
            "mul t1, t1, t4\n",
            "mul t3, t2, t3\n",
            "mul t2, t2, t4\n",
            "add a5, a5, t5\n",
            "add a6, a6, t1\n",
            "add a7, a7, t3\n",
            "add t0, t0, t2\n",
        )
    };
}

/// Sums a run of so many taps of two pixels, one or more.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn run_two(s: &mut Sums, taps: usize) {
    naked_asm!(
        "
        .option push
        .option arch, +m
        mv t6, a1
        lw a1, 16(a0)
        lw a2, 20(a0)
        lw a3, 24(a0)
        lw a4, 28(a0)
        lw a5, 0(a0)
        lw a6, 4(a0)
        lw a7, 8(a0)
        lw t0, 12(a0)
        add t6, t6, a1
        addi t6, t6, -4
        bltu t6, a1, 3f
    2:  ",
        tap!(0),
        tap!(1),
        tap!(2),
        tap!(3),
        "
        addi a1, a1, 4
        addi a2, a2, 4
        addi a3, a3, 4
        addi a4, a4, 4
        bgeu t6, a1, 2b
    3:  addi t6, t6, 4
        beq a1, t6, 5f
    4:  ",
        tap!(0),
        "
        addi a1, a1, 1
        addi a2, a2, 1
        addi a3, a3, 1
        addi a4, a4, 1
        bne a1, t6, 4b
    5:  sw a1, 16(a0)
        sw a2, 20(a0)
        sw a3, 24(a0)
        sw a4, 28(a0)
        sw a5, 0(a0)
        sw a6, 4(a0)
        sw a7, 8(a0)
        sw t0, 12(a0)
        ret
        .option pop
        "
    )
}

/// A tap of two outputs of one pixel: as of two, without a4, a6 and t0.
macro_rules! single {
    ($at:literal) => {
        concat!(
            "lb t1, ",
            $at,
            "(a1)\n",
            "lb t3, ",
            $at,
            "(a3)\n",
            "lb t2, ",
            $at,
            "(a2)\n",
            "mul t1, t1, t3\n",
            "mul t2, t2, t3\n",
            "add a5, a5, t1\n",
            "add a7, a7, t2\n",
        )
    };
}

/// The same of one pixel; both must be one.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn run_one(s: &mut Sums, taps: usize) {
    naked_asm!(
        "
        .option push
        .option arch, +m
        mv t6, a1
        lw a1, 16(a0)
        lw a2, 20(a0)
        lw a3, 24(a0)
        lw a5, 0(a0)
        lw a7, 8(a0)
        add t6, t6, a1
        addi t6, t6, -4
        bltu t6, a1, 3f
    2:  ",
        single!(0),
        single!(1),
        single!(2),
        single!(3),
        "
        addi a1, a1, 4
        addi a2, a2, 4
        addi a3, a3, 4
        bgeu t6, a1, 2b
    3:  addi t6, t6, 4
        beq a1, t6, 5f
    4:  ",
        single!(0),
        "
        addi a1, a1, 1
        addi a2, a2, 1
        addi a3, a3, 1
        bne a1, t6, 4b
    5:  sw a1, 16(a0)
        sw a2, 20(a0)
        sw a3, 24(a0)
        sw a5, 0(a0)
        sw a7, 8(a0)
        ret
        .option pop
        "
    )
}

/// A tap of one of four channels, with its sum.
macro_rules! lane {
    ($at:literal, $sum:literal) => {
        concat!(
            "lb t1, ",
            $at,
            "(t5)\n",
            "lb t2, ",
            $at,
            "(a3)\n",
            "mul t1, t1, t2\n",
            "add ",
            $sum,
            ", ",
            $sum,
            ", t1\n",
        )
    };
}

/// So many rows (a2) of so many taps (a1) of four channels, one or more: t5 the value, a3 the
/// weight, a4 and a5 how far it is to the next of each, a6, a7, t3 and t4 the sums.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn run_lanes(l: &mut Lanes, taps: usize, rows: usize) {
    naked_asm!(
        "
        .option push
        .option arch, +m
        lw t5, 0(a0)
        lw a3, 4(a0)
        lw a4, 8(a0)
        lw a5, 12(a0)
        lw a6, 16(a0)
        lw a7, 20(a0)
        lw t3, 24(a0)
        lw t4, 28(a0)
        lw t6, 32(a0)
    3:  mv t0, a1
    2:  ",
        lane!(0, "a6"),
        lane!(1, "a7"),
        lane!(2, "t3"),
        lane!(3, "t4"),
        "
        add t5, t5, a4
        add a3, a3, a5
        addi t0, t0, -1
        bnez t0, 2b
        add t5, t5, t6
        addi a2, a2, -1
        bnez a2, 3b
        sub t5, t5, t6
        sw t5, 0(a0)
        sw a3, 4(a0)
        sw a6, 16(a0)
        sw a7, 20(a0)
        sw t3, 24(a0)
        sw t4, 28(a0)
        ret
        .option pop
        "
    )
}
