// The network of @NAME@ as an array. Made by Lampyris @VERSION@ from the model @SHA256@.
#include "@NAME@_tflite.h"

const char *const @NAME@_labels[@NAME@_label_count] = {
@LABEL_ROWS@
};

alignas(16) const uint8_t @NAME@_tflite[@NAME@_tflite_bytes] = {
@ARRAY@};
