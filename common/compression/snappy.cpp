#include "common/compression/snappy.h"

#include <algorithm>
#include <snappy.h>
#include <string_view>

#include "common/compression/output.h"

namespace hailstorm::compression {
namespace {

using namespace std::string_view_literals;

/// Begins what Java's SnappyOutputStream writes; two numbers for its version follow. As a block's
/// size the first four bytes would be negative.
constexpr std::string_view kMagic = "\x82SNAPPY\0"sv;
constexpr std::string_view kVersions = "\0\0\0\1\0\0\0\1"sv;
constexpr size_t kHeaderBytes = kMagic.size() + kVersions.size();
constexpr size_t kBlockBytes = size_t{32} << 10;  // of one block, before it is compressed
constexpr size_t kSizeBytes = 4;

/// Appends one block.
Status add_block(Bytes from, size_t max_bytes, Buffer& into) {
  const std::string_view block = as_text(from);
  size_t size = 0;
  if (!snappy::GetUncompressedLength(block.data(), block.size(), &size)) {
    return damaged(Codec::snappy, "a block has no size");
  }
  if (size > max_bytes - into.size()) return too_large(Codec::snappy, max_bytes);
  // The size is only what the block claims: no memory for it before the bytes are known to be
  // right.
  if (!snappy::IsValidCompressedBuffer(block.data(), block.size())) {
    return damaged(Codec::snappy, "a block's bytes are wrong");
  }
  const size_t before = into.size();
  into.resize(before + size);
  snappy::RawUncompress(block.data(), block.size(), reinterpret_cast<char*>(into.data() + before));
  return {};
}

void append(Buffer& into, std::string_view bytes) {
  into.insert(into.end(), bytes.begin(), bytes.end());
}

}  // namespace

void snappy_compress(Bytes from, Buffer& into) {
  into.clear();
  append(into, kMagic);
  append(into, kVersions);
  while (!from.empty()) {
    const auto block = as_text(from.first(std::min(from.size(), kBlockBytes)));
    const size_t before = into.size();
    into.resize(before + kSizeBytes + snappy::MaxCompressedLength(block.size()));
    size_t size = 0;
    snappy::RawCompress(block.data(), block.size(),
                        reinterpret_cast<char*>(into.data() + before + kSizeBytes), &size);
    put_be(into.data() + before, static_cast<int32_t>(size));
    into.resize(before + kSizeBytes + size);
    from = from.subspan(block.size());
  }
}

Status snappy_decompress(Bytes from, size_t max_bytes, Buffer& into) {
  into.clear();
  if (!as_text(from).starts_with(kMagic)) return add_block(from, max_bytes, into);
  while (!from.empty()) {
    if (as_text(from).starts_with(kMagic)) {  // also before what a second stream appended
      if (from.size() < kHeaderBytes) return damaged(Codec::snappy, "its header is incomplete");
      from = from.subspan(kHeaderBytes);
      continue;
    }
    if (from.size() < kSizeBytes) return damaged(Codec::snappy, "a block's size is incomplete");
    const auto size = get_be<int32_t>(from.data());
    from = from.subspan(kSizeBytes);
    if (size < 0 || static_cast<size_t>(size) > from.size()) {
      return damaged(Codec::snappy, "a block is incomplete");
    }
    const auto block = from.first(static_cast<size_t>(size));
    HAIL_RETURN_IF_ERROR(add_block(block, max_bytes, into));
    from = from.subspan(block.size());
  }
  return {};
}

}  // namespace hailstorm::compression
