// For a compiler that comes without a C library.
#pragma once

#include <stddef.h>

extern "C" int memcmp(const void *a, const void *b, size_t count);
extern "C" int strcmp(const char *a, const char *b);
