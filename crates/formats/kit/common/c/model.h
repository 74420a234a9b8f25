/* The model "@TITLE@" and the memory that it works in.

   Made by an export; make it again instead of editing it. */
#ifndef @UPPER@_MODEL_H
#define @UPPER@_MODEL_H

#include "lampyris.h"

#ifdef __cplusplus
extern "C" {
#endif

/** SHA-256 of the model's bytes: its name everywhere. lampyris_sha256 computes it on the chip. */
#define @UPPER@_SHA256 "@SHA256@"
/** Bytes of the model in flash. */
#define @UPPER@_CHIP_BYTES @CHIP_BYTES@u

/** What the network works in, in bytes. */
#define @UPPER@_ARENA_BYTES @ARENA_BYTES@u
/** Samples that are kept, the gate, scores and their history, in float values. */
#define @UPPER@_RING_VALUES @RING_VALUES@u
/** What the signal block works in, in float values. */
#define @UPPER@_SCRATCH_VALUES @SCRATCH_VALUES@u
/** Features before they become int8, in float values. */
#define @UPPER@_FEATURE_VALUES @FEATURE_VALUES@u
/** All static memory of the model: the four above and the classifier's state, @STATIC_BYTES@ bytes. */
#define @UPPER@_RAM_BYTES                                                                     \
    (@UPPER@_ARENA_BYTES + LAMPYRIS_STATE_BYTES +                                             \
     4u * (@UPPER@_RING_VALUES + @UPPER@_SCRATCH_VALUES + @UPPER@_FEATURE_VALUES))

@SIGNAL@
/** Values that reach the network, an int8 each. */
#define @UPPER@_INPUTS @INPUTS@u
/** Labels, and outputs of the network. */
#define @UPPER@_LABELS @LABELS@u

/** Index of each label. */
enum @CAMEL@Label {
@ENUM@
};

/** The labels in UTF-8, by index. */
extern const char *const @NAME@_labels[@UPPER@_LABELS];

/** The model's bytes, unchanged from the bundle. */
extern const uint8_t @NAME@_chip[@UPPER@_CHIP_BYTES];

/** The model with the operators and blocks that it uses; nothing else is linked. */
extern const LampyrisModel @NAME@_model;

/**
 * Checks the model and starts it in its own static memory. Once this has answered
 * LAMPYRIS_OK, nothing can fail any more. Call it again to start afresh.
 *
 * classifier: set to the classifier, or to NULL where the model is refused
 */
LampyrisStatus @NAME@_start(LampyrisClassifier **classifier);

#ifdef __cplusplus
}
#endif

#endif
