#include "common/compression/codec.h"

#include "common/base/enum_name.h"

namespace hailstorm::compression {

std::string_view name_of(Codec codec) { return enum_name(codec); }

std::optional<Codec> codec_named(std::string_view name) {
  if (name == name_of(Codec::none)) return Codec::none;
  for (const Codec codec : kCodecs) {
    if (name == name_of(codec)) return codec;
  }
  return std::nullopt;
}

std::string_view name_of(CompressionErrc code) { return enum_name(code); }

}  // namespace hailstorm::compression
