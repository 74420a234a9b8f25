// What is replayed to a sketch: one of the files in replay/ is linked.
#pragma once

#include <stddef.h>
#include <stdint.h>

// The file that the build names, as it is; aligned to four bytes.
extern "C" const uint8_t stub_file[];
extern "C" const uint8_t stub_file_end[];

// Asked before each loop(): does what an interrupt would do, and says when all is over.
bool stub_over();
