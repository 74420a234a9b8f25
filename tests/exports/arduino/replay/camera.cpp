// A camera that gives the file's pictures: 176 × 144 pixels of two bytes.
#include <TinyMLShield.h>

#include "Arduino.h"
#include "replay.h"

namespace {

constexpr unsigned BYTES = 176 * 144 * 2;
const uint8_t *next = stub_file;

}  // namespace

StubCamera Camera;

void initializeShield() {}

int StubCamera::begin(int resolution, int format, int fps, int camera) {
  return resolution == QCIF && format == RGB565 && fps == 1 && camera == OV7675;
}

void StubCamera::readFrame(void *buffer) {
  for (unsigned i = 0; i < BYTES; i++) static_cast<uint8_t *>(buffer)[i] = next[i];
  next += BYTES;
}

bool stub_over() { return next >= stub_file_end; }
