/* The least that a product needs, and what `make product` measures: nothing of golden vectors,
   hashes or texts is linked. */
#include "@NAME@_model.h"

/* Stands for what a camera's driver gives, so that the compiler can't know what is seen. */
static LampyrisPicture *volatile camera;

int main(void)
{
    LampyrisClassifier *classifier;
    LampyrisEvent event;
    if (@NAME@_start(&classifier) != LAMPYRIS_OK) {
        return 1;
    }
    for (;;) {
        if (lampyris_see(classifier, camera, &event) && event.fired) {
            return (int)event.label;
        }
    }
}
