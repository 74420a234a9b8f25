// Stands in for the library of the Tiny Machine Learning Kit.
#pragma once

enum { VGA, CIF, QVGA, QCIF };
enum { YUV422, RGB444, RGB565 };
enum { OV7670, OV7675 };

void initializeShield();

class StubCamera {
 public:
  int begin(int resolution, int format, int fps, int camera);
  void readFrame(void *buffer);
};
extern StubCamera Camera;
