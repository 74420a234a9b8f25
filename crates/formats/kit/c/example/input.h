/* Where the model's input comes from. A product replaces input.c with its sensor's driver. */
#ifndef INPUT_H
#define INPUT_H

#include "@NAME@_golden.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Golden vector number i as what reaches the network, @UPPER@_INPUTS values. */
const int8_t *input_golden(LampyrisClassifier *classifier, uint32_t i, uint32_t *count);

/** Shows golden vector number i to the model as a sensor would. True where an event came of it. */
bool input_sense(LampyrisClassifier *classifier, uint32_t i, LampyrisEvent *event);

#ifdef __cplusplus
}
#endif

#endif
