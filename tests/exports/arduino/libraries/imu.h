// What the libraries of Arduino's motion sensors have in common.
#pragma once

class StubImu {
 public:
  int begin();
  int accelerationAvailable();
  int readAcceleration(float &x, float &y, float &z);  // g
  float accelerationSampleRate();
  int gyroscopeAvailable();
  int readGyroscope(float &x, float &y, float &z);  // degrees a second
};
extern StubImu IMU;
