// Does this board compute what the page computed? Needs no sensor.
//
// Gives the model the golden inputs of the export, compares every byte with what must come
// out, and prints PASSED or FAILED. Open Tools > Serial Monitor at 115200 baud.
#include <@CAMEL@Classifier.h>

#include <string.h>

#include "@NAME@_golden.h"

// 1 prints the bytes themselves, for a program that reads along.
#ifndef SHOW_BYTES
#define SHOW_BYTES 0
#endif

@CAMEL@Classifier classifier;

void setup() {
  Serial.begin(115200);
  while (!Serial && millis() < 5000) {
  }
  char hash[65];
  classifier.hash(hash);
  Serial.print("model ");
  Serial.println(hash);
  if (!classifier.begin()) {
    Serial.println(classifier.reason());
    Serial.println("FAILED");
    return;
  }
  for (const char *label : @NAME@_labels) {
    Serial.print("label ");
    Serial.println(label);
  }
  bool good = strcmp(hash, @UPPER@_SHA256) == 0;
  for (const @CAMEL@Golden &golden : @NAME@_golden) {
    if (golden.features != nullptr && !check(golden)) good = false;
  }
  Serial.println(good ? "PASSED" : "FAILED");
}

void loop() {}

// One golden input.
bool check(const @CAMEL@Golden &golden) {
  uint32_t count = 0;
@SHOWN@
  const bool same_features = compare("features", features, golden.features, count, @UPPER@_INPUTS);
  const int8_t *outputs = lampyris_infer(classifier.handle(), &count);
  const bool same_outputs = compare("outputs", outputs, golden.outputs, count, @UPPER@_LABELS);
  uint32_t best = 0;
  for (uint32_t i = 1; i < count; i++) {
    if (outputs[i] > outputs[best]) best = i;
  }
  Serial.print(golden.shown);
  Serial.print(" is taken for ");
  Serial.println(@NAME@_labels[best]);
  return same_features && same_outputs && best == golden.best;
}

// Whether these bytes are those that must come out.
bool compare(const char *what, const int8_t *bytes, const int8_t *golden, uint32_t count,
             uint32_t expected) {
  if (SHOW_BYTES) {
    Serial.print(what);
    Serial.print(' ');
    for (uint32_t i = 0; i < count; i++) {
      const uint8_t byte = bytes[i];
      Serial.print("0123456789abcdef"[byte >> 4]);
      Serial.print("0123456789abcdef"[byte & 15]);
    }
    Serial.println();
  }
  const bool same = count == expected && memcmp(bytes, golden, count) == 0;
  if (!same) {
    Serial.print(what);
    Serial.println(" differ");
  }
  return same;
}
