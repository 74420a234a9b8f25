// "@TITLE@" with readings that come as lines of text over the serial port: prints a label
// when it is new.
//
// A line holds @AXES@ numbers with commas between them, in this order: @AXIS_NAMES@.
// The model was trained on @RATE_HZ@ readings a second; whoever sends the lines keeps that
// rate. To read a sensor of your own, fill `reading` in loop() instead, whenever the sensor
// has a new value.
#include <@CAMEL@Classifier.h>

@CAMEL@Classifier classifier;

void setup() {
  Serial.begin(115200);
  while (!Serial && millis() < 3000) {
  }
  if (!classifier.begin()) stop(classifier.reason());
}

void loop() {
  if (!Serial.available()) return;
  float reading[@UPPER@_AXES];
  for (float &value : reading) value = Serial.parseFloat();
  while (Serial.read() != '\n') {
  }
  if (classifier.push(reading) && classifier.fired()) {
    Serial.print(classifier.label());
    Serial.print(' ');
    Serial.println(classifier.score());
  }
}

// Says why it can't go on.
void stop(const char *reason) {
  Serial.println(reason);
  while (true) {
  }
}
