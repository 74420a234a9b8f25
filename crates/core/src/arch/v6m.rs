//! Runs of taps on Armv6-M (Cortex-M0+): eight registers of sixteen take part in most
//! instructions; the others hold sums, for additions take those.

use core::arch::naked_asm;

use super::kernels::{Lanes, Sums};
use super::tile::Job;

/// Writes the next output of a pixel, what
/// [`Weighted::finish`](crate::kernel::weighted::Weighted::finish) makes of its sum.
///
/// The product of two words is made of four of halves, for there is no other; of the lowest
/// nothing reaches the result but through what it carries. It is rounded to nearest, ties up,
/// then the shift, ties away from zero: one less where it is negative, and the last bit shifted
/// out is added.
///
/// # Safety
/// The job must have an output left, and `pixel` be 0 or 1.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn finish(sum: i32, job: &mut Job, pixel: usize) {
    naked_asm!(
        "
        push {{r4-r7, lr}}
        lsls r2, r2, #2
        adds r2, r2, r1
        ldr r3, [r1, #12]
        ldmia r3!, {{r4, r5}}
        rsbs r5, r5, #0
        ble 5f
    2:  asrs r3, r0, #16
        uxth r0, r0
        uxth r6, r4
        lsrs r4, r4, #16
        movs r7, r0
        muls r7, r6, r7
        lsrs r7, r7, #16
        muls r6, r3, r6
        adds r6, r6, r7
        muls r0, r4, r0
        muls r3, r4, r3
        asrs r7, r6, #16
        adds r3, r3, r7
        lsrs r7, r0, #16
        adds r3, r3, r7
        uxth r6, r6
        uxth r0, r0
        adds r0, r0, r6
        lsrs r0, r0, #14
        adds r0, r0, #1
        lsrs r0, r0, #1
        lsls r3, r3, #1
        adds r0, r0, r3
        ldr r4, [r1, #76]
        cmp r5, #0
        beq 6f
        asrs r3, r0, #31
        adds r0, r0, r3
        asrs r0, r0, r5
        adcs r0, r0, r4
    3:  ldr r3, [r1, #80]
        cmp r0, r3
        bge 4f
        mov r0, r3
    4:  ldr r3, [r1, #84]
        cmp r0, r3
        ble 7f
        mov r0, r3
    7:  ldr r3, [r2, #24]
        strb r0, [r3]
        adds r3, r3, #1
        str r3, [r2, #24]
        pop {{r4-r7, pc}}
        // A shift to the left comes first, and none after.
    5:  rsbs r5, r5, #0
        lsls r0, r0, r5
        movs r5, #0
        b 2b
    6:  adds r0, r0, r4
        b 3b
        "
    )
}

/// A tap of two outputs of two pixels: r0 and r1 the weights', r2 and r3 the values' ends, r7
/// how far before them, r8 to r11 the sums.
macro_rules! tap {
    () => {
        "
        ldrsb r4, [r0, r7]
        ldrsb r5, [r2, r7]
        mov r6, r4
        muls r6, r5, r6
        add r8, r6
        ldrsb r6, [r3, r7]
        muls r4, r6, r4
        add r9, r4
        ldrsb r4, [r1, r7]
        muls r5, r4, r5
        add r10, r5
        muls r6, r4, r6
        add r11, r6
        adds r7, r7, #1
        "
    };
}

/// Sums a run of so many taps of two pixels, one or more.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn run_two(s: &mut Sums, taps: usize) {
    naked_asm!(
        "
        push {{r4-r7, lr}}
        mov r4, r8
        mov r5, r9
        mov r6, r10
        mov r7, r11
        push {{r4-r7}}
        mov r12, r0
        mov lr, r1
        ldmia r0!, {{r4-r7}}
        mov r8, r4
        mov r9, r5
        mov r10, r6
        mov r11, r7
        rsbs r7, r1, #0
        ldmia r0, {{r0-r3}}
        add r0, lr
        add r1, lr
        add r2, lr
        add r3, lr
        lsls r4, r7, #31
        bne 3f
    2:  ",
        tap!(),
        "
    3:  ",
        tap!(),
        "
        bne 2b
        mov r7, r12
        adds r7, r7, #16
        stmia r7!, {{r0-r3}}
        mov r0, r8
        mov r1, r9
        mov r2, r10
        mov r3, r11
        subs r7, r7, #32
        stmia r7!, {{r0-r3}}
        pop {{r4-r7}}
        mov r8, r4
        mov r9, r5
        mov r10, r6
        mov r11, r7
        pop {{r4-r7, pc}}
        "
    )
}

/// A tap of two outputs of one pixel: r0 and r1 the weights', r2 the values' end, r7 how far
/// before them, r3 and r6 the sums.
macro_rules! single {
    () => {
        "
        ldrsb r4, [r0, r7]
        ldrsb r5, [r2, r7]
        muls r4, r5, r4
        adds r3, r3, r4
        ldrsb r4, [r1, r7]
        muls r4, r5, r4
        adds r6, r6, r4
        adds r7, r7, #1
        "
    };
}

/// The same of one pixel; both must be one.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn run_one(s: &mut Sums, taps: usize) {
    naked_asm!(
        "
        push {{r4-r7, lr}}
        mov r12, r0
        rsbs r7, r1, #0
        mov lr, r1
        ldr r3, [r0]
        ldr r6, [r0, #8]
        ldr r2, [r0, #24]
        ldr r1, [r0, #20]
        ldr r0, [r0, #16]
        add r0, lr
        add r1, lr
        add r2, lr
        lsls r4, r7, #31
        bne 3f
    2:  ",
        single!(),
        "
    3:  ",
        single!(),
        "
        bne 2b
        mov r4, r12
        str r0, [r4, #16]
        str r1, [r4, #20]
        str r2, [r4, #24]
        str r3, [r4]
        str r6, [r4, #8]
        pop {{r4-r7, pc}}
        "
    )
}

/// So many rows of so many taps of four channels, one or more: r0 the value, r1 the weight, r12
/// and lr how far it is to the next of each, r8 to r11 the sums. On the stack: the job, the
/// taps of a row, the rows left.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn run_lanes(l: &mut Lanes, taps: usize, rows: usize) {
    naked_asm!(
        "
        push {{r4-r7, lr}}
        mov r4, r8
        mov r5, r9
        mov r6, r10
        mov r7, r11
        push {{r0-r2, r4-r7}}
        movs r2, r1
        ldr r1, [r0, #8]
        mov r12, r1
        ldr r1, [r0, #12]
        mov lr, r1
        ldr r1, [r0, #4]
        ldr r4, [r0, #16]
        ldr r5, [r0, #20]
        ldr r6, [r0, #24]
        ldr r7, [r0, #28]
        mov r8, r4
        mov r9, r5
        mov r10, r6
        mov r11, r7
        ldr r0, [r0]
        movs r3, #1
        movs r4, #2
        movs r5, #3
    2:  ldrb r6, [r0]
        ldrb r7, [r1]
        sxtb r6, r6
        sxtb r7, r7
        muls r6, r7, r6
        add r8, r6
        ldrsb r6, [r0, r3]
        ldrsb r7, [r1, r3]
        muls r6, r7, r6
        add r9, r6
        ldrsb r6, [r0, r4]
        ldrsb r7, [r1, r4]
        muls r6, r7, r6
        add r10, r6
        ldrsb r6, [r0, r5]
        ldrsb r7, [r1, r5]
        muls r6, r7, r6
        add r11, r6
        add r0, r12
        add r1, lr
        subs r2, r2, #1
        bne 2b
        ldr r7, [sp, #8]
        subs r7, r7, #1
        beq 3f
        str r7, [sp, #8]
        pop {{r6, r7}}
        push {{r6, r7}}
        mov r2, r7
        ldr r6, [r6, #32]
        adds r0, r0, r6
        b 2b
    3:  pop {{r2-r4}}
        str r0, [r2]
        str r1, [r2, #4]
        mov r4, r8
        mov r5, r9
        mov r6, r10
        mov r7, r11
        str r4, [r2, #16]
        str r5, [r2, #20]
        str r6, [r2, #24]
        str r7, [r2, #28]
        pop {{r4-r7}}
        mov r8, r4
        mov r9, r5
        mov r10, r6
        mov r11, r7
        pop {{r4-r7, pc}}
        "
    )
}
