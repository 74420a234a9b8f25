// A motion sensor that gives the file's readings, one each STUB_PERIOD_US.
#include "../libraries/imu.h"
#include "Arduino.h"
#include "replay.h"

namespace {

unsigned taken;

unsigned count() {
  return static_cast<unsigned>(stub_file_end - stub_file) / (4 * STUB_AXES);
}

// What the sensor's library would give: the model's unit is STUB_ONE_G a g.
void give(unsigned first, float scale, float &x, float &y, float &z) {
  const float *reading = reinterpret_cast<const float *>(stub_file) + taken * STUB_AXES + first;
  x = reading[0] / scale;
  y = reading[1] / scale;
  z = reading[2] / scale;
}

}  // namespace

StubImu IMU;

int StubImu::begin() { return 1; }
float StubImu::accelerationSampleRate() { return 1e6f / STUB_PERIOD_US; }
int StubImu::accelerationAvailable() { return 1; }
int StubImu::gyroscopeAvailable() { return 1; }

int StubImu::readAcceleration(float &x, float &y, float &z) {
  give(0, STUB_ONE_G, x, y, z);
  if (STUB_AXES == 3) taken++;
  return 1;
}

int StubImu::readGyroscope(float &x, float &y, float &z) {
  give(STUB_AXES - 3, 1, x, y, z);
  taken++;
  return 1;
}

// A clock that begins shortly before it turns over, as any clock does once.
unsigned long micros() { return 0xFFFF0000u + static_cast<uint32_t>(taken) * STUB_PERIOD_US; }
bool stub_over() { return taken == count(); }
