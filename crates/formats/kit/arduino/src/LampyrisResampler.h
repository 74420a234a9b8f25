// Readings at the sensor's own pace become readings at the model's rate, by straight lines
// between neighbours.
//
// Straight lines do for a sensor from half to twice as fast as the model. A faster one folds
// what moves quicker than half the model's rate into what is slower; a slower one lacks what
// the model looks for. Where both rates are equal, readings pass unchanged.
#pragma once

#include <stdint.h>

template <int AXES>
class LampyrisResampler {
 public:
  // rate_hz: the model's rate
  explicit LampyrisResampler(float rate_hz) : step_us_(1e6f / rate_hz) {}

  // Takes a reading that came at this time, as micros() has it. Answers false where it came
  // after a pause too long to be filled with a line: what the model has heard is then of
  // another moment.
  bool add(const float *reading, uint32_t now_us) {
    const float steps = (now_us - last_us_) / step_us_;
    const bool joined = !empty_ && steps <= LONGEST_GAP;
    last_us_ = now_us;
    if (!joined) empty_ = true;
    addAfter(reading, steps);
    return joined;
  }

  // Takes a reading that came so many steps of the model's rate after the one before.
  void addAfter(const float *reading, float steps) {
    due_ = empty_ ? 0 : due_ - gap_;
    gap_ = empty_ ? 0 : steps;
    for (int i = 0; i < AXES; i++) {
      before_[i] = now_[i];
      now_[i] = reading[i];
    }
    empty_ = false;
  }

  // Gives the next reading at the model's rate, as long as there is one.
  bool next(float *reading) {
    if (empty_ || due_ > gap_) return false;
    for (int i = 0; i < AXES; i++) {
      reading[i] = due_ == gap_ ? now_[i] : before_[i] + (now_[i] - before_[i]) * (due_ / gap_);
    }
    due_ += 1;
    return true;
  }

 private:
  static constexpr float LONGEST_GAP = 10;  // steps
  float step_us_;
  float before_[AXES] = {};
  float now_[AXES] = {};
  float gap_ = 0;  // steps from `before_` to `now_`
  float due_ = 0;  // steps from `before_` to the next one to give
  uint32_t last_us_ = 0;
  bool empty_ = true;
};
