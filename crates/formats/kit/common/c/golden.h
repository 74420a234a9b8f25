/* Golden vectors of the model "@TITLE@": what goes in, and the bytes that must come out.

   Made by an export. For a test; a product leaves this file and @NAME@_golden.c out. */
#ifndef @UPPER@_GOLDEN_H
#define @UPPER@_GOLDEN_H

#include "@NAME@_model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How many there are. */
#define @UPPER@_GOLDEN_COUNT @COUNT@u

/** One input with the answer to expect. */
typedef struct @CAMEL@Golden {
    /** The label that it was recorded under, in UTF-8. */
    const char *shown;
@INPUT@
    /** What reaches the network: @UPPER@_INPUTS values. */
    const int8_t *features;
    /** What the network answers: @UPPER@_LABELS values. */
    const int8_t *outputs;
    /** Index of the label with the largest output, the first of equals. */
    uint32_t best;
} @CAMEL@Golden;

/** All of them; behind the last one, a row of nothing. */
extern const @CAMEL@Golden @NAME@_golden[@UPPER@_GOLDEN_COUNT + 1u];

#ifdef __cplusplus
}
#endif

#endif
