/* Weighted layers as a textbook has them, by the law of docs/arithmetic.md in its simplest
 * form: every value is found by an index of four coordinates. Only to count how many
 * instructions that takes at each tap of a kernel (docs/latency.md): from the bounds of the
 * picture to the first product, and on to the next tap.
 *
 *   arm-none-eabi-gcc -O2 -mcpu=cortex-m4 -mthumb -c textbook.c && arm-none-eabi-objdump -d textbook.o */
#include <stdint.h>

struct shape {
    int32_t size[4];
};

static int place(const struct shape *s, int n, int row, int column, int channel) {
    return ((n * s->size[1] + row) * s->size[2] + column) * s->size[3] + channel;
}

static int32_t scaled(int32_t x, int32_t factor, int32_t shift) {
    int64_t product = (int64_t)x * factor;
    return (int32_t)((product + (1LL << (30 + shift))) >> (31 + shift));
}

static int8_t clamped(int32_t x) {
    return (int8_t)(x < -128 ? -128 : x > 127 ? 127 : x);
}

struct layer {
    const struct shape *in, *kernel, *out;
    const int8_t *weights;
    const int32_t *bias, *factor, *shift;
    int32_t in_zero, out_zero;
    int stride, before;
};

void conv_2d(const struct layer *l, const int8_t *x, int8_t *y) {
    for (int row = 0; row < l->out->size[1]; row++)
        for (int column = 0; column < l->out->size[2]; column++)
            for (int o = 0; o < l->out->size[3]; o++) {
                int32_t sum = 0;
                for (int i = 0; i < l->kernel->size[1]; i++)
                    for (int j = 0; j < l->kernel->size[2]; j++) {
                        int from_row = row * l->stride - l->before + i;
                        int from_column = column * l->stride - l->before + j;
                        if (from_row < 0 || from_row >= l->in->size[1] || from_column < 0 ||
                            from_column >= l->in->size[2])
                            continue;
                        for (int k = 0; k < l->kernel->size[3]; k++)
                            sum += l->weights[place(l->kernel, o, i, j, k)] *
                                   (x[place(l->in, 0, from_row, from_column, k)] + l->in_zero);
                    }
                sum = scaled(sum + l->bias[o], l->factor[o], l->shift[o]) + l->out_zero;
                y[place(l->out, 0, row, column, o)] = clamped(sum);
            }
}
