#include "training/methods/compressor.h"

namespace telegrad::training {

Parameter value_parameter() {
  return choice("value", {"fp32", "fp16"}, "how values travel; fp16 saturates at 65504").otherwise("fp32");
}

codecs::ValueCodec value_codec(const Value& resolved) {
  return resolved["value"].text() == "fp16" ? codecs::ValueCodec::fp16 : codecs::ValueCodec::fp32;
}

Parameter granularity_parameter() {
  return choice("granularity", {"tensor", "model"},
                "what is compressed on its own: each tensor, or all at once")
      .otherwise("tensor");
}

Granularity granularity(const Value& resolved) {
  return resolved["granularity"].text() == "model" ? Granularity::model : Granularity::tensor;
}

}  // namespace telegrad::training
