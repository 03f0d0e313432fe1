#include "common/base/ids.h"

#include <fmt/format.h>

namespace hailstorm {
namespace {

uint64_t entropy() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

}  // namespace

IdGenerator::IdGenerator() : random_(entropy()) {}

std::string IdGenerator::uuid() {
  // RFC 9562 §5.4: four version bits (0100) and two variant bits (10), the rest random.
  const uint64_t high = (random_() & ~uint64_t{0xf000}) | 0x4000;
  const uint64_t low = (random_() & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                     high & 0xffff, low >> 48, low & 0xffffffffffff);
}

}  // namespace hailstorm
