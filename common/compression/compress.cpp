#include "common/compression/compress.h"

#include <fmt/format.h>

#include "common/base/check.h"
#include "common/compression/gzip.h"
#include "common/compression/lz4.h"
#include "common/compression/output.h"
#include "common/compression/snappy.h"
#include "common/compression/zstd.h"

namespace hailstorm::compression {
namespace {

Status copy(Bytes from, size_t max_bytes, Buffer& into) {
  if (from.size() > max_bytes) return too_large(Codec::none, max_bytes);
  into.assign(from.begin(), from.end());
  return {};
}

}  // namespace

void compress(Codec codec, Bytes from, Buffer& into) {
  switch (codec) {
    case Codec::none:
      return into.assign(from.begin(), from.end());
    case Codec::gzip:
      return gzip_compress(from, into);
    case Codec::snappy:
      return snappy_compress(from, into);
    case Codec::lz4:
      return lz4_compress(from, into);
    case Codec::zstd:
      return zstd_compress(from, into);
  }
  HAIL_CHECK(false && "a codec of the enum");
}

Status decompress(Codec codec, Bytes from, size_t max_bytes, Buffer& into) {
  switch (codec) {
    case Codec::none:
      return copy(from, max_bytes, into);
    case Codec::gzip:
      return gzip_decompress(from, max_bytes, into);
    case Codec::snappy:
      return snappy_decompress(from, max_bytes, into);
    case Codec::lz4:
      return lz4_decompress(from, max_bytes, into);
    case Codec::zstd:
      return zstd_decompress(from, max_bytes, into);
  }
  return Error(CompressionErrc::unknown_codec,
               fmt::format("no codec has the number {}", static_cast<int>(codec)));
}

}  // namespace hailstorm::compression
