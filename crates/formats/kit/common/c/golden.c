/* Golden vectors of the model "@TITLE@". Made by an export. */
#include "@NAME@_golden.h"

@ARRAYS@
const @CAMEL@Golden @NAME@_golden[@UPPER@_GOLDEN_COUNT + 1u] = {
@ROWS@
};
