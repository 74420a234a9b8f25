/* What every board does before main, and how deep the stack went. */
#include "board.h"

/* From layout.ld. */
extern uint32_t board_stack_bottom[], board_stack_top[];
extern uint32_t board_data[], board_data_end[], board_bss[], board_bss_end[];
extern const uint32_t board_data_load[];

int main(void);

static const uint32_t PAINT = 0x7e57ab1eu;
/* What the painting function itself may have in use below the address that it asks for. */
static const uint32_t MARGIN = 64u;

void board_start(void)
{
    const uint32_t *from = board_data_load;
    volatile uint32_t *to;
    for (to = board_data; to != board_data_end; to++) {
        *to = *from++;
    }
    for (to = board_bss; to != board_bss_end; to++) {
        *to = 0u;
    }
    board_exit(main());
}

void board_paint_stack(void)
{
    volatile uint32_t here = PAINT;
    volatile uint32_t *at;
    for (at = board_stack_bottom; (uintptr_t)at + MARGIN < (uintptr_t)&here; at++) {
        *at = PAINT;
    }
}

uint32_t board_stack_used(void)
{
    const volatile uint32_t *at = board_stack_bottom;
    while (at != board_stack_top && *at == PAINT) {
        at++;
    }
    return (uint32_t)((uintptr_t)board_stack_top - (uintptr_t)at);
}

uint32_t board_stack_bytes(void)
{
    return (uint32_t)((uintptr_t)board_stack_top - (uintptr_t)board_stack_bottom);
}
