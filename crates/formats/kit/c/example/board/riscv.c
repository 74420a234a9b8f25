/* RISC-V: reset, and the emulator's services ("semihosting") for output. */
#include "board.h"

#ifdef __cplusplus
extern "C" {
#endif

void reset(void);
void board_fault(void);

#ifdef __cplusplus
}
#endif

/* Numbers of services and the reason for an orderly end. Source: "RISC-V Semihosting", 1.0,
   which takes Arm's. */
enum { WRITE0 = 0x04, EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026 };

static void service(uint32_t number, uintptr_t argument)
{
    register uint32_t a0 __asm__("a0") = number;
    register uintptr_t a1 __asm__("a1") = argument;
    /* The breakpoint is one of the emulator's where these two, which do nothing, stand around
       it, uncompressed and on one page. */
    __asm__ volatile(".balign 16\n\t"
                     ".option push\n\t"
                     ".option norvc\n\t"
                     "slli zero, zero, 0x1f\n\t"
                     "ebreak\n\t"
                     "srai zero, zero, 7\n\t"
                     ".option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
}

void board_print(const char *text)
{
    service(WRITE0, (uintptr_t)text);
}

void board_exit(int status)
{
    volatile uint32_t reason[2];
    reason[0] = APPLICATION_EXIT;
    reason[1] = (uint32_t)status;
    service(EXIT_EXTENDED, (uintptr_t)reason);
    for (;;) {
    }
}

__attribute__((aligned(4), used)) void board_fault(void)
{
    board_print("fault: the processor took an exception (is the stack too small?)\n");
    board_exit(3);
}

/* The emulator starts at the first byte of flash, hence the section. */
__attribute__((section(".vectors"), naked, used)) void reset(void)
{
    __asm__ volatile("la sp, board_stack_top\n\t"
                     ".option push\n\t"
                     ".option arch, +zicsr\n\t"
                     "la t0, board_fault\n\t"
                     "csrw mtvec, t0\n\t"
                     ".option pop\n\t"
                     "j board_start");
}
