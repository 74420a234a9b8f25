// Somebody who sends the file over the serial port.
#include "Arduino.h"
#include "replay.h"

namespace {

const uint8_t *next = stub_file;

}  // namespace

int StubSerial::available() { return static_cast<int>(stub_file_end - next); }
int StubSerial::read() { return next == stub_file_end ? -1 : *next++; }
int StubSerial::peek() { return next == stub_file_end ? -1 : *next; }
bool stub_over() { return next == stub_file_end; }
