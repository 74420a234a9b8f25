// The model "@TITLE@" as a class. Made by an export; make it again instead of editing it.
//
// One model per sketch: its memory is static and has a fixed name.
#pragma once

#if !defined(__arm__) && !defined(__riscv)
#error "this model is compiled for Arm Cortex-M and for RISC-V; choose a board with such a chip"
#endif

#include "@NAME@_model.h"

class @CAMEL@Classifier {
 public:
  // Checks the model in flash and starts it. Where it answers false, reason() says why.
  bool begin() {
    status_ = @NAME@_start(&classifier_);
    event_ = LampyrisEvent();
    event_.label = -1;
    return status_ == LAMPYRIS_OK;
  }

  // What begin() found, in English, with the remedy.
  const char *reason() const { return lampyris_reason(status_); }

@INPUT@
  // The label of the last window or picture in UTF-8; empty where none was sure enough.
  const char *label() const { return event_.label < 0 ? "" : @NAME@_labels[event_.label]; }

  // Its number, to compare with the constants of @NAME@_model.h; -1 for none.
  int32_t index() const { return event_.label; }

  // Whether the label is new: the moment to act.
  bool fired() const { return event_.fired; }

  // The most probable label, however unsure, and its score from 0 to 1.
  const char *best() const { return @NAME@_labels[event_.best]; }
  float score() const { return event_.score; }

  // Forgets what it has heard or seen, for example after a pause.
  void reset() { lampyris_reset(classifier_); }

  // Writes the SHA-256 of the model as it lies in flash: 64 digits and a zero.
  static void hash(char digits[65]) {
    uint8_t bytes[32];
    lampyris_sha256(@NAME@_chip, @UPPER@_CHIP_BYTES, bytes);
    for (int i = 0; i < 64; i++) {
      digits[i] = "0123456789abcdef"[(bytes[i / 2] >> (i % 2 ? 0 : 4)) & 15];
    }
    digits[64] = '\0';
  }

  // The C interface, for what this class leaves out; see lampyris.h.
  LampyrisClassifier *handle() { return classifier_; }

 private:
  LampyrisClassifier *classifier_ = nullptr;
  LampyrisStatus status_ = LAMPYRIS_NO_MODEL;
  LampyrisEvent event_ = LampyrisEvent();
};
