// Reset: memory, constructors, main. The emulated boards start here.
#if defined(__riscv)

.section .vectors, "ax"
.option arch, +zicsr
.global reset
reset:
  la sp, stack_top
  la t0, fault
  csrw mtvec, t0
  la t0, bss_start
  la t1, bss_end
  j 2f
1:
  sw zero, 0(t0)
  addi t0, t0, 4
2:
  bltu t0, t1, 1b
  la t0, data_start
  la t1, data_end
  la t2, data_load
  j 4f
3:
  lw t3, 0(t2)
  sw t3, 0(t0)
  addi t0, t0, 4
  addi t2, t2, 4
4:
  bltu t0, t1, 3b
  la s0, constructors_start
  la s1, constructors_end
  j 6f
5:
  lw t0, 0(s0)
  jalr t0
  addi s0, s0, 4
6:
  bltu s0, s1, 5b
  call stub_main
.balign 4
fault:
  call stub_fault

#else

.syntax unified
.thumb
.section .vectors, "a"
.word stack_top
.word reset
.rept 14
.word fault
.endr

.section .text.reset, "ax"
.thumb_func
.global reset
reset:
#if defined(__ARM_FP)
  // The floating-point unit, coprocessors 10 and 11, is off at reset.
  ldr r0, =0xE000ED88
  ldr r1, [r0]
  ldr r2, =0x00F00000
  orrs r1, r2
  str r1, [r0]
  dsb
  isb
#endif
  ldr r0, =bss_start
  ldr r1, =bss_end
  movs r2, #0
  b 2f
1:
  str r2, [r0]
  adds r0, #4
2:
  cmp r0, r1
  blo 1b
  ldr r0, =data_start
  ldr r1, =data_end
  ldr r2, =data_load
  b 4f
3:
  ldr r3, [r2]
  str r3, [r0]
  adds r0, #4
  adds r2, #4
4:
  cmp r0, r1
  blo 3b
  ldr r4, =constructors_start
  ldr r5, =constructors_end
  b 6f
5:
  ldr r0, [r4]
  blx r0
  adds r4, #4
6:
  cmp r4, r5
  blo 5b
  bl stub_main
.thumb_func
fault:
  bl stub_fault
.ltorg

#endif
