// Not a sketch of an export: what LampyrisResampler.h promises.
#include <LampyrisResampler.h>

LampyrisResampler<2> resampler(50);

void setup() {
  float out[2];
  // Equal rates: unchanged, whatever the numbers, also where the clock turns over.
  uint32_t now_us = 0xFFFF8000u;
  bool same = true;
  for (int i = 0; i < 100; i++) {
    const float in[2] = {0.1f * i, -1.0f / (i + 1)};
    const bool joined = resampler.add(in, now_us);
    same = same && joined == (i > 0) && resampler.next(out) && out[0] == in[0] && out[1] == in[1] &&
           !resampler.next(out);
    now_us += 20000;
  }
  say("equal rates", same);
  // A pause of half a second is not filled.
  const float in[2] = {7, 8};
  say("pause", !resampler.add(in, now_us + 500000) && resampler.next(out) && out[0] == 7 &&
                   !resampler.next(out));
  say("faster", slope(2.0f / 3, 0.75f));
  say("slower", slope(1.7f, 0.75f));
}

void loop() {}

// Whether a ramp stays a ramp, with as many readings as it should have.
bool slope(float steps, float rise) {
  LampyrisResampler<1> line(50);
  int count = 0;
  bool good = true;
  float in = 0;
  for (int i = 0; i <= 300; i++) {
    line.addAfter(&in, steps);
    in += rise * steps;
    float out;
    while (line.next(&out)) {
      const float error = out - rise * count;
      good = good && error < 0.01f && error > -0.01f;
      count++;
    }
  }
  const int expected = static_cast<int>(300 * steps) + 1;
  return good && count >= expected - 1 && count <= expected + 1;
}

void say(const char *what, bool good) {
  Serial.print(what);
  Serial.println(good ? " good" : " bad");
}
