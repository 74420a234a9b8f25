/* Pictures: from golden vectors here, from a camera in a product. */
#include "input.h"

#include <stddef.h>

/* A picture in memory. A camera's may have any size; the model fits it to its own. */
static LampyrisPicture picture(uint32_t i)
{
    LampyrisPicture found;
    found.width = @UPPER@_WIDTH;
    found.height = @UPPER@_HEIGHT;
    found.pixels = @UPPER@_CHANNELS == 1u ? LAMPYRIS_PIXELS_GREY : LAMPYRIS_PIXELS_RGB;
    found.bytes = @NAME@_golden[i].picture;
    found.byte_count = @UPPER@_WIDTH * @UPPER@_HEIGHT * @UPPER@_CHANNELS;
    return found;
}

const int8_t *input_golden(LampyrisClassifier *classifier, uint32_t i, uint32_t *count)
{
    const LampyrisPicture one = picture(i);
    return lampyris_shown(classifier, &one, count);
}

bool input_sense(LampyrisClassifier *classifier, uint32_t i, LampyrisEvent *event)
{
    const LampyrisPicture one = picture(i);
    /* Forget the picture before, which is of another moment. */
    lampyris_reset(classifier);
    /* A product does this with each picture that its camera has taken. */
    return lampyris_see(classifier, &one, event);
}
