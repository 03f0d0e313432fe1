#include "common/compression/output.h"

#include <algorithm>
#include <fmt/format.h>

namespace hailstorm::compression {
namespace {

constexpr size_t kFirstBytes = size_t{64} << 10;

}  // namespace

Error damaged(Codec codec, std::string_view flaw) {
  return Error(CompressionErrc::damaged,
               fmt::format("{} cannot be decompressed: {}", name_of(codec), flaw));
}

Error too_large(Codec codec, size_t max_bytes) {
  return Error(
      CompressionErrc::too_large,
      fmt::format("{}: more than {} bytes once it is decompressed", name_of(codec), max_bytes));
}

Output::Output(Buffer& into, size_t max_bytes) : into_(into), max_bytes_(max_bytes) {
  into_.clear();
  into_.resize(std::min(std::max(into_.capacity(), kFirstBytes), max_bytes_));
}

MutableBytes Output::free() {
  if (size_ == into_.size()) into_.resize(std::min(2 * into_.size(), max_bytes_));
  return MutableBytes(into_).subspan(size_);
}

}  // namespace hailstorm::compression
