/* Shows that the model "@TITLE@" does on this chip what it did where it was made, byte for
   byte, and then what a product does with it: give it input, and act on the label. */
#include <stddef.h>

#include "board.h"
#include "input.h"

static void print_number(uint32_t number)
{
    char text[11];
    char *at = text + sizeof text - 1;
    *at = '\0';
    do {
        at--;
        *at = (char)('0' + number % 10u);
        number /= 10u;
    } while (number > 0u);
    board_print(at);
}

static void print_signed(int32_t number)
{
    if (number < 0) {
        board_print("-");
        number = -number;
    }
    print_number((uint32_t)number);
}

/* Of a score, 0 to 1. */
static void print_percent(float score)
{
    print_number((uint32_t)(score * 100.0f + 0.5f));
    board_print(" %");
}

static void print_bytes(const char *what, uint32_t bytes)
{
    board_print(what);
    board_print(" ");
    print_number(bytes);
    board_print(" bytes\n");
}

/* The model's name, computed from what lies in flash; says where it is another than the
   header's. */
static void print_hash(void)
{
    static const char digits[] = "0123456789abcdef";
    static const char expected[] = @UPPER@_SHA256;
    uint8_t digest[32];
    char text[65];
    bool equal = true;
    uint32_t i;
    lampyris_sha256(@NAME@_model.chip, @NAME@_model.chip_bytes, digest);
    for (i = 0; i < 64u; i++) {
        const uint8_t byte = digest[i / 2u];
        text[i] = digits[i % 2u == 0u ? byte >> 4 : byte & 15];
        equal = equal && text[i] == expected[i];
    }
    text[64] = '\0';
    board_print("sha256 ");
    board_print(text);
    board_print(equal ? "\n" : ", which is not that of the header\n");
}

/* Whether the bytes are those to expect; says where they are not. */
static bool same(const char *what, const int8_t *found, const int8_t *expected, uint32_t count,
                 uint32_t wanted)
{
    uint32_t i;
    if (found == NULL || count != wanted) {
        board_print(what);
        board_print(": another number of them\n");
        return false;
    }
    for (i = 0; i < count; i++) {
        if (found[i] != expected[i]) {
            board_print(what);
            board_print(" ");
            print_number(i);
            board_print(" is ");
            print_signed(found[i]);
            board_print(", not ");
            print_signed(expected[i]);
            board_print("\n");
            return false;
        }
    }
    return true;
}

/* One golden vector through the block and the network. */
static bool check_golden(LampyrisClassifier *classifier, uint32_t i)
{
    const @CAMEL@Golden *golden = &@NAME@_golden[i];
    const int8_t *found;
    uint32_t count;
    uint32_t best = 0;
    uint32_t n;
    found = input_golden(classifier, i, &count);
    if (!same("feature", found, golden->features, count, @UPPER@_INPUTS)) {
        return false;
    }
    found = lampyris_infer(classifier, &count);
    if (!same("output", found, golden->outputs, count, @UPPER@_LABELS)) {
        return false;
    }
    for (n = 1; n < count; n++) {
        if (found[n] > found[best]) {
            best = n;
        }
    }
    board_print("golden ");
    print_number(i);
    board_print(": \"");
    board_print(golden->shown);
    board_print("\" is \"");
    board_print(@NAME@_labels[best]);
    board_print("\", outputs");
    for (n = 0; n < count; n++) {
        board_print(" ");
        print_signed(found[n]);
    }
    board_print("\n");
    return best == golden->best;
}

/* What a product does: wait for an event, and act on its label. */
static bool sense(LampyrisClassifier *classifier, uint32_t i)
{
    LampyrisEvent event;
    if (!input_sense(classifier, i, &event)) {
        board_print("no event came at the end of a window\n");
        return false;
    }
    board_print("event ");
    print_number(i);
    if (!event.awake) {
        board_print(": asleep, for nothing happened\n");
        return true;
    }
    board_print(": ");
    if (event.label < 0) {
        board_print("no label, most likely ");
    }
    board_print("\"");
    board_print(@NAME@_labels[event.best]);
    board_print("\" at ");
    print_percent(event.score);
    board_print(event.fired ? ", new\n" : "\n");
    return event.best == @NAME@_golden[i].best;
}

int main(void)
{
    LampyrisClassifier *classifier;
    LampyrisStatus status;
    uint32_t right = 0;
    uint32_t i;

    board_paint_stack();
    board_print("model @NAME@\n");
    print_hash();
    status = @NAME@_start(&classifier);
    if (status != LAMPYRIS_OK) {
        board_print("refused: ");
        board_print(lampyris_reason(status));
        board_print("\n");
        return 1;
    }
    print_bytes("stack of the start", board_stack_used());
    for (i = 0; i < @UPPER@_GOLDEN_COUNT; i++) {
        if (check_golden(classifier, i) && sense(classifier, i)) {
            right++;
        }
    }
    print_bytes("arena", @UPPER@_ARENA_BYTES);
    print_bytes("ring", 4u * @UPPER@_RING_VALUES);
    print_bytes("scratch", 4u * @UPPER@_SCRATCH_VALUES);
    print_bytes("features", 4u * @UPPER@_FEATURE_VALUES);
    print_bytes("state", LAMPYRIS_STATE_BYTES);
    print_bytes("static memory", @UPPER@_RAM_BYTES);
    print_bytes("stack", board_stack_used());
    print_number(right);
    board_print(" of ");
    print_number(@UPPER@_GOLDEN_COUNT);
    board_print(" golden vectors equal\n");
    return right == @UPPER@_GOLDEN_COUNT ? 0 : 2;
}
