/* Readings: from golden vectors here, from a sensor in a product. */
#include "input.h"

#include <stddef.h>

const int8_t *input_golden(LampyrisClassifier *classifier, uint32_t i, uint32_t *count)
{
    const float *window = @NAME@_golden[i].window;
    return lampyris_quantized(classifier, window, @UPPER@_WINDOW * @UPPER@_AXES, count);
}

bool input_sense(LampyrisClassifier *classifier, uint32_t i, LampyrisEvent *event)
{
    const float *reading = @NAME@_golden[i].window;
    bool said = false;
    uint32_t n;
    /* Forget the window before, which is of another moment. */
    lampyris_reset(classifier);
    for (n = 0; n < @UPPER@_WINDOW; n++) {
        /* A product does this @UPPER@_RATE_HZ times a second, for as long as it runs. */
        said = lampyris_push(classifier, reading, @UPPER@_AXES, event);
        reading += @UPPER@_AXES;
    }
    return said;
}
