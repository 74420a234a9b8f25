// A microphone that gives the file's 16-bit samples in blocks, as its interrupt would.
#include <PDM.h>

#include "Arduino.h"
#include "replay.h"

namespace {

constexpr unsigned BLOCK = 256;
void (*hear)();
unsigned given;   // samples of the file that were given
unsigned waits;   // samples of the block that were not read yet
unsigned passed;  // loops since the last block

unsigned count() { return static_cast<unsigned>(stub_file_end - stub_file) / 2; }

}  // namespace

StubPdm PDM;

int StubPdm::begin(int channels, int rate_hz) { return channels == 1 && rate_hz == 16000; }
void StubPdm::onReceive(void (*callback)()) { hear = callback; }
int StubPdm::available() { return static_cast<int>(2 * waits); }

int StubPdm::read(void *buffer, size_t bytes) {
  const unsigned samples = bytes / 2 < waits ? static_cast<unsigned>(bytes / 2) : waits;
  const int16_t *from = reinterpret_cast<const int16_t *>(stub_file) + given;
  for (unsigned i = 0; i < samples; i++) static_cast<int16_t *>(buffer)[i] = from[i];
  given += samples;
  waits -= samples;
  return static_cast<int>(2 * samples);
}

unsigned long micros() { return given * 62; }

bool stub_over() {
  if (++passed <= BLOCK) return false;
  passed = 0;
  if (given == count()) return true;
  waits = count() - given < BLOCK ? count() - given : BLOCK;
  hear();
  return false;
}
