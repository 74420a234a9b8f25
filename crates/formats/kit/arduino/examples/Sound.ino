// "@TITLE@" with a board's microphone: prints a label when it is new.
//
// The model was trained on @RATE_HZ@ samples a second between -1 and 1. Boards with a PDM
// microphone: Nano 33 BLE Sense (both revisions), Nano RP2040 Connect, Nicla.
#include <@CAMEL@Classifier.h>
#include <LampyrisResampler.h>
#include <PDM.h>

const int MICROPHONE_HZ = 16000;
const uint32_t ROOM = 4096;  // samples that may wait: a quarter of a second

@CAMEL@Classifier classifier;
LampyrisResampler<1> resampler(@UPPER@_RATE_HZ);
short heard[ROOM];
volatile uint32_t written;
uint32_t taken;

void setup() {
  Serial.begin(115200);
  while (!Serial && millis() < 3000) {
  }
  if (!classifier.begin()) stop(classifier.reason());
  PDM.onReceive(hear);
  if (!PDM.begin(1, MICROPHONE_HZ)) stop("the microphone does not start");
}

// Called by the microphone when a block is there; only stores it.
void hear() {
  short block[256];
  const int count = PDM.read(block, sizeof block) / 2;
  for (int i = 0; i < count; i++) heard[(written + i) % ROOM] = block[i];
  written = written + count;
}

void loop() {
  if (written - taken > ROOM) {
    // The board is too slow for this model: say so, and begin afresh.
    Serial.println("sound was lost");
    taken = written;
    classifier.reset();
  }
  if (taken == written) return;
  float sample = heard[taken % ROOM] / 32768.0f;
  taken++;
  resampler.addAfter(&sample, @UPPER@_RATE_HZ / MICROPHONE_HZ);
  while (resampler.next(&sample)) {
    if (classifier.push(&sample) && classifier.fired()) {
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
