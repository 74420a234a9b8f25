// Stands in for the microphone's library.
#pragma once

#include <stddef.h>

class StubPdm {
 public:
  int begin(int channels, int rate_hz);
  void onReceive(void (*hear)());
  int available();
  int read(void *buffer, size_t bytes);
};
extern StubPdm PDM;
