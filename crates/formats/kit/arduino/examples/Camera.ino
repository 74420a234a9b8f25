// "@TITLE@" with the camera of Arduino's Tiny Machine Learning Kit: prints a label when it
// is new.
//
// Needs the library Harvard_TinyMLx, which knows how the kit's camera is wired. For a camera
// on your own wires use Arduino_OV767X: include that, leave initializeShield() out, and call
// Camera.begin(QCIF, RGB565, 1).
#include <@CAMEL@Classifier.h>
#include <TinyMLShield.h>

@CAMEL@Classifier classifier;
uint8_t picture[176 * 144 * 2];  // two bytes a pixel, as the camera gives them

void setup() {
  Serial.begin(115200);
  while (!Serial && millis() < 3000) {
  }
  if (!classifier.begin()) stop(classifier.reason());
  initializeShield();
  if (!Camera.begin(QCIF, RGB565, 1, OV7675)) stop("no camera was found");
}

void loop() {
  // Waits for the camera's next picture, however long that takes.
  Camera.readFrame(picture);
  if (classifier.see(LAMPYRIS_PIXELS_RGB565, 176, 144, picture, sizeof picture) && classifier.fired()) {
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
