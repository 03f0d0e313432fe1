#include "common/wire/crc32c.h"

#include <isa-l/crc.h>

namespace hailstorm::wire {

uint32_t crc32c(Bytes bytes, uint32_t before) noexcept {
  // ISA-L takes a plain pointer but only reads; it leaves inverting the seed and the result to its
  // caller.
  return ~crc32_iscsi(const_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()),
                      ~before);
}

}  // namespace hailstorm::wire
