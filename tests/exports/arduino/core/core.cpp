// The stand-in's print functions, its main, and the emulator's services.
#include "Arduino.h"
#include "replay.h"

namespace {

enum : unsigned { WRITE0 = 0x04, EXIT = 0x18, EXITED = 0x20026 };

unsigned service(unsigned operation, const void *argument) {
#if defined(__riscv)
  register unsigned a0 __asm__("a0") = operation;
  register const void *a1 __asm__("a1") = argument;
  // The three instructions that the emulator knows, uncompressed and on one page.
  __asm__ volatile(
      ".option push\n.option norvc\n.balign 16\n"
      "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n.option pop"
      : "+r"(a0)
      : "r"(a1)
      : "memory");
  return a0;
#else
  register unsigned r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
#endif
}

[[noreturn]] void leave() {
  service(EXIT, reinterpret_cast<const void *>(EXITED));
  for (;;) {
  }
}

// Text waits for the end of its line: each service stops the emulator.
char line[256];
size_t length;

void flush() {
  line[length] = '\0';
  service(WRITE0, line);
  length = 0;
}

void put(char c) {
  line[length++] = c;
  if (c == '\n' || length == sizeof line - 1) flush();
}

}  // namespace

StubSerial Serial;

size_t Print::print(char c) {
  put(c);
  return 1;
}

size_t Print::print(const char *text) {
  size_t count = 0;
  for (; text[count] != '\0'; count++) put(text[count]);
  return count;
}

size_t Print::print(unsigned long value) {
  char digits[12];
  size_t at = sizeof digits - 1;
  digits[at] = '\0';
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value > 0);
  return print(digits + at);
}

size_t Print::print(long value) {
  if (value >= 0) return print(static_cast<unsigned long>(value));
  put('-');
  return 1 + print(0UL - static_cast<unsigned long>(value));
}

size_t Print::print(double value, int digits) {
  size_t count = 0;
  if (value < 0) {
    put('-');
    value = -value;
    count = 1;
  }
  unsigned long scale = 1;
  for (int i = 0; i < digits; i++) scale *= 10;
  const unsigned long scaled = static_cast<unsigned long>(value * static_cast<double>(scale) + 0.5);
  count += print(scaled / scale);
  if (digits == 0) return count;
  count += print('.');
  for (unsigned long unit = scale / 10; unit > 0; unit /= 10) {
    count += print(static_cast<char>('0' + scaled / unit % 10));
  }
  return count;
}

size_t Print::println() { return print('\n'); }

void StubSerial::begin(unsigned long) {}

// Passes over what is no number; what ends the number stays.
float StubSerial::parseFloat() {
  int c = peek();
  for (; c != '-' && (c < '0' || c > '9'); c = peek()) read();
  const bool negative = c == '-';
  if (negative) read();
  float value = 0;
  for (c = peek(); c >= '0' && c <= '9'; c = peek()) {
    value = value * 10 + static_cast<float>(c - '0');
    read();
  }
  if (c == '.') {
    read();
    float unit = 1;
    for (c = peek(); c >= '0' && c <= '9'; c = peek()) {
      unit /= 10;
      value += unit * static_cast<float>(c - '0');
      read();
    }
  }
  return negative ? -value : value;
}

// A board on which nothing happens but setup(); a file of replay/ says otherwise.
#define UNLESS_REPLAYED __attribute__((weak))
UNLESS_REPLAYED unsigned long micros() { return 0; }
UNLESS_REPLAYED unsigned long millis() { return micros() / 1000; }
UNLESS_REPLAYED int StubSerial::available() { return 0; }
UNLESS_REPLAYED int StubSerial::read() { return -1; }
UNLESS_REPLAYED int StubSerial::peek() { return -1; }
UNLESS_REPLAYED bool stub_over() { return true; }

extern "C" [[noreturn]] void stub_main() {
  setup();
  while (!stub_over()) loop();
  if (length > 0) flush();
  leave();
}

extern "C" [[noreturn]] void stub_fault() {
  Serial.println("FAULT");
  leave();
}
