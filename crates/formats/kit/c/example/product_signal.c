/* The least that a product needs, and what `make product` measures: nothing of golden vectors,
   hashes or texts is linked. */
#include "@NAME@_model.h"

/* Stands for a sensor's registers, so that the compiler can't know what is read. */
static volatile float sensor[@UPPER@_AXES];

int main(void)
{
    LampyrisClassifier *classifier;
    LampyrisEvent event;
    float reading[@UPPER@_AXES];
    uint32_t axis;
    if (@NAME@_start(&classifier) != LAMPYRIS_OK) {
        return 1;
    }
    for (;;) {
        for (axis = 0; axis < @UPPER@_AXES; axis++) {
            reading[axis] = sensor[axis];
        }
        if (lampyris_push(classifier, reading, @UPPER@_AXES, &event) && event.fired) {
            return (int)event.label;
        }
    }
}
