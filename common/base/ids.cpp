#include "common/base/ids.h"

#include "common/base/bytes.h"

namespace hailstorm {
namespace {

uint64_t entropy() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

}  // namespace

IdGenerator::IdGenerator() : random_(entropy()) {}

Uuid IdGenerator::uuid() {
  // RFC 9562 §5.4: four version bits (0100) and two variant bits (10), the rest random.
  Uuid id;
  put_be(id.bytes.data(), (random_() & ~uint64_t{0xf000}) | 0x4000);
  put_be(id.bytes.data() + 8, (random_() & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62));
  return id;
}

}  // namespace hailstorm
