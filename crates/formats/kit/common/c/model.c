/* The model "@TITLE@": its bytes in flash, what it links, and its memory.

   Made by an export; make it again instead of editing it. */
#include "@NAME@_model.h"

#include <stddef.h>

#if defined(__cplusplus)
#define ALIGNED(bytes) alignas(bytes)
#elif defined(__GNUC__)
#define ALIGNED(bytes) __attribute__((aligned(bytes)))
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define ALIGNED(bytes) _Alignas(bytes)
#else
#error "state how this compiler aligns a variable"
#endif

/* Only what stands in these two tables is linked. */
static const LampyrisOperator *const operators[] = {
@OPERATORS@
};
static const LampyrisBlock *const blocks[] = {
    &lampyris_block_@BLOCK@,
};

const char *const @NAME@_labels[@UPPER@_LABELS] = {
@STRINGS@
};

/* The memory of one classifier, to the byte. */
ALIGNED(8) static uint8_t lampyris_state[LAMPYRIS_STATE_BYTES];
@BUFFERS@
ALIGNED(16) const uint8_t @NAME@_chip[@UPPER@_CHIP_BYTES] = {
@CHIP@
};

const LampyrisModel @NAME@_model = {
    @NAME@_chip,
    @UPPER@_CHIP_BYTES,
    operators,
    (uint32_t)(sizeof operators / sizeof operators[0]),
    blocks,
    (uint32_t)(sizeof blocks / sizeof blocks[0]),
};

LampyrisStatus @NAME@_start(LampyrisClassifier **classifier)
{
    static const LampyrisMemory memory = {
        lampyris_state,
        LAMPYRIS_STATE_BYTES,
        @ARENA@,
        @UPPER@_ARENA_BYTES,
        @RING@,
        @UPPER@_RING_VALUES,
        @SCRATCH@,
        @UPPER@_SCRATCH_VALUES,
        @FEATURES@,
        @UPPER@_FEATURE_VALUES,
    };
    return @START@(&@NAME@_model, &memory, classifier);
}
