// "@TITLE@" with a board's motion sensor: prints a label when it is new.
//
// The model was trained on @RATE_HZ@ readings a second of the axes @AXIS_NAMES@@UNIT_SAID@.
// Hold the board as the recording device was held, or change order and signs in loop().
#include <@CAMEL@Classifier.h>
#include <LampyrisResampler.h>

#if defined(ARDUINO_NANO_RP2040_CONNECT)
#include <Arduino_LSM6DSOX.h>
#elif defined(ARDUINO_SAMD_NANO_33_IOT)
#include <Arduino_LSM6DS3.h>
#else
// Nano 33 BLE Sense Rev2. For the first Nano 33 BLE Sense write Arduino_LSM9DS1.h here.
#include <Arduino_BMI270_BMM150.h>
#endif

// @ONE_G_SAID@
const float ONE_G = @ONE_G@;

@CAMEL@Classifier classifier;
LampyrisResampler<@UPPER@_AXES> resampler(@UPPER@_RATE_HZ);

void setup() {
  Serial.begin(115200);
  while (!Serial && millis() < 3000) {
  }
  if (!IMU.begin()) stop("no motion sensor was found: choose its library at the top of the sketch");
  if (!classifier.begin()) stop(classifier.reason());
  Serial.print("the sensor gives ");
  Serial.print(IMU.accelerationSampleRate());
  Serial.println(" readings a second, the model takes @RATE_HZ@");
}

void loop() {
  // The sensor says when a reading is there; nothing waits by the clock.
@WAIT@
  float reading[@UPPER@_AXES];
@READ@
  for (int i = 0; i < 3; i++) reading[i] *= ONE_G;
  // After a pause the model begins afresh.
  if (!resampler.add(reading, micros())) classifier.reset();
  while (resampler.next(reading)) {
    if (classifier.push(reading) && classifier.fired()) {
      Serial.print(classifier.label());
      Serial.print(' ');
      Serial.println(classifier.score());
    }
  }
}

// Says why it can't go on.
void stop(const char *reason) {
  Serial.println(reason);
  while (true) {
  }
}
