/* Cortex-M: vectors and reset, and the emulator's services ("semihosting") for output. */
#include "board.h"

extern uint32_t board_stack_top[];

#ifdef __cplusplus
extern "C" {
#endif

void reset(void);

#ifdef __cplusplus
}
#endif

/* Numbers of services and the reason for an orderly end. Source: Arm, "Semihosting for
   AArch32 and AArch64". */
enum { WRITE0 = 0x04, EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026 };

static void service(uint32_t number, uintptr_t argument)
{
    register uint32_t r0 __asm__("r0") = number;
    register uintptr_t r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
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

static void fault(void)
{
    board_print("fault: the processor took an exception (is the stack too small?)\n");
    board_exit(3);
}

void reset(void)
{
#if defined(__ARM_FP)
    /* CPACR: full access to coprocessors 10 and 11, the floating-point unit. Before any code
       that may use it. */
    *(volatile uint32_t *)0xe000ed88u |= 0x00f00000u;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
    board_start();
}

typedef void (*Handler)(void);

typedef struct Vectors {
    uint32_t *stack;
    Handler reset;
    /* The other exceptions of the processor; a product adds its interrupts behind them. */
    Handler others[14];
} Vectors;

#ifdef __cplusplus
extern "C" {
extern const Vectors vectors;
}
#else
extern const Vectors vectors;
#endif

__attribute__((section(".vectors"), used)) const Vectors vectors = {
    board_stack_top,
    reset,
    {fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault,
     fault},
};
