// The network of @NAME@ as an array, for projects with TensorFlow Lite Micro.
// Made by Lampyris @VERSION@ from the model @SHA256@.
#ifndef @UPPER@_TFLITE_H_
#define @UPPER@_TFLITE_H_

#include <stddef.h>
#include <stdint.h>

// The .tflite file, byte for byte, on 16 bytes: hand it to tflite::GetModel().
constexpr size_t @NAME@_tflite_bytes = @MODEL_BYTES@;
extern const uint8_t @NAME@_tflite[@NAME@_tflite_bytes];

// What the outputs mean, in their order, in UTF-8.
constexpr size_t @NAME@_label_count = @LABEL_COUNT@;
extern const char *const @NAME@_labels[@NAME@_label_count];

// The input holds @FEATURES@ int8 values: q = round(x / scale) + zero point, held within -128 and 127.
constexpr size_t @NAME@_input_values = @FEATURES@;
constexpr float @NAME@_input_scale = @INPUT_SCALE@;
constexpr int @NAME@_input_zero_point = @INPUT_ZERO@;

// The output holds an int8 value a label: x = (q - zero point) * scale.
constexpr float @NAME@_output_scale = @OUTPUT_SCALE@;
constexpr int @NAME@_output_zero_point = @OUTPUT_ZERO@;

// Adds the operators that the network uses, and no others, to a
// tflite::MicroMutableOpResolver<@NAME@_operator_count>; false where it has no room for them.
constexpr unsigned @NAME@_operator_count = @OPERATOR_COUNT@;
template <typename Resolver>
bool @NAME@_add_operators(Resolver &resolver) {
  return @ADD_OPERATORS@;
}

#endif  // @UPPER@_TFLITE_H_
