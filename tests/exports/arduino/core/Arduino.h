// A stand-in for a core's Arduino.h: the part of its interface that sketches of an export
// use, over the emulator's semihosting. Whatever else they use does not compile.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HEX 16
#define DEC 10

unsigned long millis();
unsigned long micros();

class Print {
 public:
  size_t print(const char *text);
  size_t print(char c);
  size_t print(int value) { return print(static_cast<long>(value)); }
  size_t print(unsigned value) { return print(static_cast<unsigned long>(value)); }
  size_t print(long value);
  size_t print(unsigned long value);
  size_t print(double value, int digits = 2);
  size_t println();
  template <typename T>
  size_t println(T value) {
    const size_t printed = print(value);
    return printed + println();
  }
};

class StubSerial : public Print {
 public:
  void begin(unsigned long baud);
  explicit operator bool() const { return true; }
  int available();
  int read();
  int peek();
  float parseFloat();
};
extern StubSerial Serial;

void setup();
void loop();
