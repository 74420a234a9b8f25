/* All that the example asks of a board. A port to yours replaces this folder and nothing else. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Writes a text that ends with a zero byte: here to the emulator, on a board to a UART. */
void board_print(const char *text);

/** Ends the program, 0 for success. On a board: an endless loop. */
void board_exit(int status);

/** Fills the unused part of the stack with a pattern. */
void board_paint_stack(void);

/** The most bytes of the stack that have been in use since it was painted. */
uint32_t board_stack_used(void);

/** Bytes of the stack's region. */
uint32_t board_stack_bytes(void);

/** Copies .data, clears .bss, runs main and ends. The reset code calls it. */
void board_start(void);

#ifdef __cplusplus
}
#endif

#endif
