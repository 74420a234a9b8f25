//! Runs of taps on Armv6-M (Cortex-M0+): eight registers of sixteen take part in most
//! instructions; the others hold sums, for additions take those.

use core::arch::naked_asm;

use super::kernels::{Lanes, Sums};

/// See [`fixed::high_mul`](crate::fixed::high_mul); the second is not negative.
///
/// The product of two words is made of four of halves, for there is no other. Of the lowest
/// nothing reaches the result but through what it carries.
#[inline]
pub(super) fn high_mul(a: i32, b: i32) -> i32 {
    let (high_a, low_a) = (a >> 16, a & 0xffff);
    let (high_b, low_b) = (b >> 16, b & 0xffff);
    let carried = (low_a.wrapping_mul(low_b) as u32 >> 16) as i32;
    let one = high_a.wrapping_mul(low_b).wrapping_add(carried);
    let other = low_a.wrapping_mul(high_b);
    let middle = (one & 0xffff).wrapping_add(other & 0xffff);
    let high = high_a.wrapping_mul(high_b);
    let high = high.wrapping_add(one >> 16).wrapping_add(other >> 16);
    (high << 1).wrapping_add(middle.wrapping_add(1 << 14) >> 15)
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

/// See [`SumRun`](super::kernels).
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
        rsbs r7, r1, #0
        mov lr, r1
        ldr r4, [r0, #16]
        ldr r5, [r0, #20]
        ldr r6, [r0, #24]
        ldr r3, [r0, #28]
        mov r8, r4
        mov r9, r5
        mov r10, r6
        mov r11, r3
        ldmia r0!, {{r1, r2, r3, r4}}
        mov r0, r1
        mov r1, r2
        mov r2, r3
        mov r3, r4
        add r0, lr
        add r1, lr
        add r2, lr
        add r3, lr
        lsls r4, r7, #31
        bne 3f
    2:  ", tap!(), "
    3:  ", tap!(), "
        bne 2b
        mov r4, r12
        stmia r4!, {{r0-r3}}
        mov r0, r8
        mov r1, r9
        mov r2, r10
        mov r3, r11
        stmia r4!, {{r0-r3}}
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

/// See [`SumRun`](super::kernels).
#[unsafe(naked)]
pub(super) unsafe extern "C" fn run_one(s: &mut Sums, taps: usize) {
    naked_asm!(
        "
        push {{r4-r7, lr}}
        mov r12, r0
        rsbs r7, r1, #0
        mov lr, r1
        ldr r3, [r0, #16]
        ldr r6, [r0, #24]
        ldr r2, [r0, #8]
        ldr r1, [r0, #4]
        ldr r0, [r0]
        add r0, lr
        add r1, lr
        add r2, lr
        lsls r4, r7, #31
        bne 3f
    2:  ", single!(), "
    3:  ", single!(), "
        bne 2b
        mov r4, r12
        str r0, [r4]
        str r1, [r4, #4]
        str r2, [r4, #8]
        str r3, [r4, #16]
        str r6, [r4, #24]
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
