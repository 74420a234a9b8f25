//! Kernels for Arm cores with the signal instructions: Cortex-M4, M7, M33.
//!
//! Four values of a run are loaded as a word and spread over two of 16-bit halves (SXTB16);
//! SMLAD multiplies and sums two halves at once. Words need not be aligned on these cores.
//! Sums wrap, as those of the plain loops.
//!
//! Registers of [`two`]: r0, r1 the weights of two outputs, r2, r3 the values of
//! two pixels, r4 to r7 the sums (output 0 of both pixels, output 1 of both), r8 to r12 and
//! lr what is under way. On the stack: where a run of whole words ends, the runs left in a
//! row, the rows left, the job, the length of a run. The job's fields are named by their offsets: see
//! [`Job`].

use core::arch::naked_asm;

use super::tile::Job;

/// An end of the clamp, in each byte.
pub(super) fn end(byte: i32) -> i32 {
    i32::from(byte as u8).wrapping_mul(0x0101_0101)
}

/// Of Armv8-M the assembler takes signal instructions only for a core that has them.
#[cfg(lampyris_kernels = "v8m")]
macro_rules! processor {
    () => {
        ".cpu cortex-m33"
    };
}
#[cfg(not(lampyris_kernels = "v8m"))]
macro_rules! processor {
    () => {
        ""
    };
}

/// Four taps of two outputs, of one pixel or of two.
macro_rules! four {
    (2) => {
        concat!(
            four!(1),
            "
        ldr r12, [r3], #4
        sxtb16 lr, r12, ror #8
        sxtb16 r12, r12
        smlad r5, r8, r12, r5
        smlad r5, r9, lr, r5
        smlad r7, r10, r12, r7
        smlad r7, r11, lr, r7
        "
        )
    };
    (1) => {
        "
        ldr r8, [r0], #4
        ldr r10, [r1], #4
        ldr r12, [r2], #4
        sxtb16 r9, r8, ror #8
        sxtb16 r8, r8
        sxtb16 r11, r10, ror #8
        sxtb16 r10, r10
        sxtb16 lr, r12, ror #8
        sxtb16 r12, r12
        smlad r4, r8, r12, r4
        smlad r4, r9, lr, r4
        smlad r6, r10, r12, r6
        smlad r6, r11, lr, r6
        "
    };
}

/// A sum becomes an output before the clamp, −128 to 127, with the significand in r0, how far
/// to shift in r1, 1 or more, and the zero point in r2. r12 is lost.
///
/// The product is rounded to nearest, ties up, from its 64 bits; then the shift, ties away
/// from zero: one less where it is negative, and the last bit shifted out is added. As
/// `fixed.rs` says, for every sum.
macro_rules! finish {
    ($sum:literal) => {
        concat!(
            "smull r12, ",
            $sum,
            ", ",
            $sum,
            ", r0\n",
            "adds r12, r12, r12\n",
            "adcs ",
            $sum,
            ", ",
            $sum,
            "\n",
            "add ",
            $sum,
            ", ",
            $sum,
            ", r12, lsr #31\n",
            "add ",
            $sum,
            ", ",
            $sum,
            ", ",
            $sum,
            ", asr #31\n",
            "asrs ",
            $sum,
            ", ",
            $sum,
            ", r1\n",
            "adcs ",
            $sum,
            ", r2\n",
            "ssat ",
            $sum,
            ", #8, ",
            $sum,
            "\n",
        )
    };
}

/// All outputs of the job's two pixels, or of one that is named twice.
///
/// # Safety
/// The job's pointers and counts must be those of memory that may be read and, at `y`,
/// written.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn two(job: &mut Job) {
    naked_asm!(
        "
        ", processor!(), "
        push {{r0, r1, r4-r11, lr}}
        sub sp, sp, #12
        // The next two outputs; the last may be alone.
    2:  ldr r12, [sp, #12]
        ldrd r0, lr, [r12]
        ldr r8, [r12, #8]
        ldr r9, [r12, #20]
        mov r1, r0
        ldr r4, [r8], #4
        cmp r9, #1
        itt hi
        addhi r1, r0, lr
        ldrhi r6, [r8], #4
        add lr, lr, r1
        str r8, [r12, #8]
        str lr, [r12]
        ldrd r2, r3, [r12, #32]
        mov r5, r4
        mov r7, r6
        ldr r8, [r12, #88]
        cmp r8, #0
        bne 6f
        ldr r8, [r12, #40]
        bl 9f
        ldr r8, [r12, #52]
        cmp r8, #0
        beq 11f
    4:  str r8, [sp, #8]
        ldr r9, [r12, #48]
    5:  str r9, [sp, #4]
        ldr r8, [r12, #44]
    6:  bics r9, r8, #3
        beq 7f
        add r9, r9, r2
        str r9, [sp]
        str r8, [sp, #16]
        cmp r2, r3
        beq 64f
        lsls r9, r8, #29
        bmi 61f
    60: ", four!(2), "
    61: ", four!(2), "
        ldr r8, [sp]
        cmp r2, r8
        bne 60b
    63: ldrd r12, r8, [sp, #12]
    7:  ands r8, r8, #3
        beq 8f
    70: ldrsb r9, [r0], #1
        ldrsb r10, [r1], #1
        ldrsb r11, [r2], #1
        smlabb r4, r9, r11, r4
        smlabb r6, r10, r11, r6
        ldrsb r11, [r3], #1
        smlabb r5, r9, r11, r5
        smlabb r7, r10, r11, r7
        subs r8, r8, #1
        bne 70b
    8:  ldr r8, [r12, #88]
        cmp r8, #0
        bne 11f
        ldrd r9, r8, [sp, #4]
        subs r9, r9, #1
        beq 80f
        ldr r8, [r12, #56]
        add r2, r2, r8
        add r3, r3, r8
        b 5b
    80: subs r8, r8, #1
        beq 10f
        str r8, [sp, #8]
        ldrd r9, r8, [r12, #60]
        add r2, r2, r9
        add r3, r3, r9
        bl 9f
        ldr r8, [sp, #8]
        b 4b
        // Of one pixel that is named twice, half the sums are enough.
    64: ldr r3, [sp]
    65: ", four!(1), "
        cmp r2, r3
        bne 65b
        mov r5, r4
        mov r7, r6
        b 63b
        // r8 taps beside the picture: alike for both pixels.
    9:  ldr r11, [r12, #72]
        subs r5, r5, r4
        subs r7, r7, r6
    90: subs r8, r8, #4
        blo 91f
        ldr r9, [r0], #4
        sxtb16 r10, r9, ror #8
        sxtb16 r9, r9
        smlad r4, r9, r11, r4
        smlad r4, r10, r11, r4
        ldr r9, [r1], #4
        sxtb16 r10, r9, ror #8
        sxtb16 r9, r9
        smlad r6, r9, r11, r6
        smlad r6, r10, r11, r6
        b 90b
    91: adds r8, r8, #4
        beq 93f
    92: ldrsb r9, [r0], #1
        smlabb r4, r9, r11, r4
        ldrsb r9, [r1], #1
        smlabb r6, r9, r11, r6
        subs r8, r8, #1
        bne 92b
    93: adds r5, r5, r4
        adds r7, r7, r6
        bx lr
        // The sums are whole.
    10: ldr r8, [r12, #68]
        bl 9b
    11: ldrd r8, r9, [r12, #12]
        ldr r10, [r12, #20]
        ldr r2, [r12, #76]
        ldrd r0, r1, [r8]
        add r8, r8, r9
        rsbs r1, r1, #0
        it le
        blle {first}
        ", finish!("r4"), "
        mov r3, r4
        ", finish!("r5"), "
        cmp r10, #1
        beq 12f
        ldrd r0, r1, [r8]
        add r8, r8, r9
        rsbs r1, r1, #0
        it le
        blle {second}
        ", finish!("r6"), "
        bfi r3, r6, #8, #24
        ", finish!("r7"), "
        bfi r5, r7, #8, #24
    12: pkhbt r3, r3, r5, lsl #16
        ldr r12, [sp, #12]
        ldrd r0, r1, [r12, #80]
        ssub8 r4, r3, r0
        sel r3, r3, r0
        ssub8 r4, r1, r3
        sel r3, r3, r1
        str r8, [r12, #12]
        ldrd r0, r1, [r12, #24]
        cmp r10, #1
        beq 13f
        strh r3, [r0], #2
        lsr r3, r3, #16
        strh r3, [r1], #2
        strd r0, r1, [r12, #24]
        subs r10, r10, #2
        str r10, [r12, #20]
        bne 2b
        b 14f
    13: strb r3, [r0], #1
        lsr r3, r3, #16
        strb r3, [r1], #1
        strd r0, r1, [r12, #24]
    14: add sp, sp, #20
        pop {{r4-r11, pc}}
        ",
        first = sym shifted_first,
        second = sym shifted_second,
    )
}

/// All outputs of the job's first pixel, whose taps all lie side by side.
///
/// Registers: as of [`two`], without what is the second pixel's; r3 the taps that are no
/// whole word, r5 where the words end, r7 the job.
///
/// # Safety
/// As of [`two`].
#[unsafe(naked)]
pub(super) unsafe extern "C" fn one(job: &mut Job) {
    naked_asm!(
        "
        ", processor!(), "
        push {{r4-r11, lr}}
        mov r7, r0
        // The next two outputs; the last may be alone.
    2:  ldrd r0, lr, [r7]
        ldr r5, [r7, #8]
        ldr r3, [r7, #20]
        ldr r2, [r7, #32]
        mov r1, r0
        ldr r4, [r5], #4
        cmp r3, #1
        itt hi
        addhi r1, r0, lr
        ldrhi r6, [r5], #4
        str r5, [r7, #8]
        add r5, lr, r1
        str r5, [r7]
        and r3, lr, #3
        bics r9, lr, #3
        beq 7f
        adds r5, r2, r9
    60: ", four!(1), "
        cmp r2, r5
        bne 60b
    7:  cmp r3, #0
        beq 8f
    70: ldrsb r9, [r0], #1
        ldrsb r10, [r1], #1
        ldrsb r11, [r2], #1
        smlabb r4, r9, r11, r4
        smlabb r6, r10, r11, r6
        subs r3, r3, #1
        bne 70b
        // r3 is 0, and 1 for the second of the two.
    8:  ldrd r8, r9, [r7, #12]
        ldrd r10, r11, [r7, #20]
        ldr r2, [r7, #76]
    80: ldrd r0, r1, [r8]
        add r8, r8, r9
        rsbs r1, r1, #0
        it le
        blle {shifted}
        ", finish!("r4"), "
        ldrd r0, r1, [r7, #80]
        ssub8 r5, r4, r0
        sel r4, r4, r0
        ssub8 r5, r1, r4
        sel r4, r4, r1
        strb r4, [r11], #1
        mov r4, r6
        subs r10, r10, #1
        beq 9f
        eors r3, r3, #1
        bne 80b
        str r8, [r7, #12]
        strd r10, r11, [r7, #20]
        b 2b
    9:  pop {{r4-r11, pc}}
        ",
        shifted = sym shifted,
    )
}

/// Makes a sum in r4, where r1 says to shift to the left, such that `finish!` gives what is
/// asked for: it is made here, the zero point with it, which wraps; what is beyond 16 bits is
/// clamped either way; the rest, times 4, times a half, shifted by 1, is itself. r12 is lost.
#[unsafe(naked)]
unsafe extern "C" fn shifted() {
    naked_asm!(
        "
        rsb r1, r1, #0
        lsl r4, r4, r1
        smull r12, r4, r4, r0
        adds r12, r12, r12
        adc r4, r4, r4
        add r4, r4, r12, lsr #31
        add r4, r4, r2
        ssat r4, #16, r4
        sub r4, r4, r2
        lsl r4, r4, #2
        mov r0, #0x40000000
        mov r1, #1
        bx lr
        "
    )
}

/// As [`shifted`], of sums in r4 and r5.
#[unsafe(naked)]
unsafe extern "C" fn shifted_first() {
    naked_asm!(
        "
        push {{r0, r1, r5, lr}}
        bl {shifted}
        ldrd r0, r1, [sp]
        ldr r5, [sp, #8]
        str r4, [sp, #8]
        mov r4, r5
        bl {shifted}
        mov r5, r4
        add sp, sp, #8
        pop {{r4, pc}}
        ",
        shifted = sym shifted,
    )
}

/// As [`shifted`], of sums in r6 and r7.
#[unsafe(naked)]
unsafe extern "C" fn shifted_second() {
    naked_asm!(
        "
        push {{r4, r5, r11, lr}}
        mov r4, r6
        mov r5, r7
        bl {shifted_first}
        mov r6, r4
        mov r7, r5
        pop {{r4, r5, r11, pc}}
        ",
        shifted_first = sym shifted_first,
    )
}

/// All channels of the job's first pixel, four side by side. The last four may begin among
/// those before.
///
/// Registers: r0 values, r1 weights, r2 and r3 bytes to the next tap of each, r4 to r7 the
/// sums. On the stack: the rows left, the first channel, the job.
///
/// # Safety
/// As of [`two`]; there must be four channels or more.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn depthwise(job: &mut Job) {
    naked_asm!(
        "
        ", processor!(), "
        push {{r0, r4-r11, lr}}
        movs r9, #0
        sub sp, sp, #8
        mov r12, r0
    2:  str r9, [sp, #4]
        ldrd r1, r3, [r12]
        ldr r8, [r12, #8]
        ldr r0, [r12, #32]
        ldr r2, [r12, #56]
        add r1, r1, r9
        add r0, r0, r9
        add r8, r8, r9, lsl #2
        ldmia r8, {{r4-r7}}
        ldr r8, [r12, #40]
        cmp r8, #0
        beq 3f
        bl 90f
    3:  ldr lr, [r12, #52]
        cmp lr, #0
        beq 7f
    4:  ldr r8, [r12, #44]
    5:  ldr r9, [r0]
        ldr r11, [r1]
        add r0, r0, r2
        add r1, r1, r3
        sxtb16 r10, r9, ror #8
        sxtb16 r9, r9
        sxtb16 r12, r11, ror #8
        sxtb16 r11, r11
        smlabb r4, r9, r11, r4
        smlabb r5, r10, r12, r5
        smlatt r6, r9, r11, r6
        smlatt r7, r10, r12, r7
        subs r8, r8, #1
        bne 5b
        ldr r12, [sp, #8]
        subs lr, lr, #1
        beq 6f
        ldrd r9, r8, [r12, #60]
        add r0, r0, r9
        cmp r8, #0
        beq 4b
        str lr, [sp]
        bl 90f
        ldr lr, [sp]
        b 4b
        // r8 taps beside the picture, one or more.
    90: ldr r11, [r12, #72]
    9:  ldr r9, [r1]
        add r1, r1, r3
        sxtb16 r10, r9, ror #8
        sxtb16 r9, r9
        smlabb r4, r9, r11, r4
        smlabb r5, r10, r11, r5
        smlatt r6, r9, r11, r6
        smlatt r7, r10, r11, r7
        subs r8, r8, #1
        bne 9b
        bx lr
    6:  ldr r8, [r12, #68]
        cmp r8, #0
        beq 7f
        bl 90b
    7:  ldr r10, [sp, #4]
        ldrd r8, r9, [r12, #12]
        ldr r2, [r12, #76]
        mla r8, r9, r10, r8
        ldrd r0, r1, [r8]
        add r8, r8, r9
        rsbs r1, r1, #0
        it le
        blle {shifted}
        ", finish!("r4"), "
        mov r3, r4
        mov r4, r5
        ldrd r0, r1, [r8]
        add r8, r8, r9
        rsbs r1, r1, #0
        it le
        blle {shifted}
        ", finish!("r4"), "
        bfi r3, r4, #8, #8
        mov r4, r6
        ldrd r0, r1, [r8]
        add r8, r8, r9
        rsbs r1, r1, #0
        it le
        blle {shifted}
        ", finish!("r4"), "
        bfi r3, r4, #16, #8
        mov r4, r7
        ldrd r0, r1, [r8]
        add r8, r8, r9
        rsbs r1, r1, #0
        it le
        blle {shifted}
        ", finish!("r4"), "
        bfi r3, r4, #24, #8
        ldr r12, [sp, #8]
        ldrd r0, r1, [r12, #80]
        ssub8 r4, r3, r0
        sel r3, r3, r0
        ssub8 r4, r1, r3
        sel r3, r3, r1
        ldr r0, [r12, #24]
        str r3, [r0, r10]
        ldr r0, [r12, #20]
        add r9, r10, #4
        subs r0, r0, #4
        cmp r9, r0
        it hi
        movhi r9, r0
        cmp r10, r0
        bne 2b
        add sp, sp, #12
        pop {{r4-r11, pc}}
        ",
        shifted = sym shifted,
    )
}
