#include "common/compression/zstd.h"

#include <algorithm>
#include <memory>
#include <new>
#include <zstd.h>
#include <zstd_errors.h>

#include "common/base/check.h"
#include "common/compression/output.h"

namespace hailstorm::compression {
namespace {

constexpr int kLevel = 3;         // as Kafka's clients
constexpr size_t kUsualGain = 4;  // how many times larger records are once they are decompressed

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// The size that the frame names, or a first guess where it names none, as Java's do not.
size_t first_size(Bytes from, size_t max_bytes) {
  const auto size = ZSTD_getFrameContentSize(from.data(), from.size());
  if (size == ZSTD_CONTENTSIZE_ERROR) return 0;
  if (size != ZSTD_CONTENTSIZE_UNKNOWN) return std::min<size_t>(size, max_bytes);
  return std::min(kUsualGain * from.size(), max_bytes);
}

}  // namespace

void zstd_compress(Bytes from, Buffer& into) {
  into.resize(ZSTD_compressBound(from.size()));
  const size_t size = ZSTD_compress(into.data(), into.size(), from.data(), from.size(), kLevel);
  HAIL_CHECK(ZSTD_isError(size) == 0);
  into.resize(size);
}

/// In one call, into one buffer: a stream would first allocate the window that the frame claims, up
/// to 128 MiB. Where the buffer was too small it begins again with twice as much.
Status zstd_decompress(Bytes from, size_t max_bytes, Buffer& into) {
  if (from.empty()) return damaged(Codec::zstd, "there is no frame");
  const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  if (context == nullptr) throw std::bad_alloc();
  into.resize(std::clamp(into.capacity(), first_size(from, max_bytes), max_bytes));
  while (true) {
    const size_t size =
        ZSTD_decompressDCtx(context.get(), into.data(), into.size(), from.data(), from.size());
    if (ZSTD_isError(size) == 0) {
      into.resize(size);
      return {};
    }
    if (ZSTD_getErrorCode(size) != ZSTD_error_dstSize_tooSmall) {
      return damaged(Codec::zstd, ZSTD_getErrorName(size));
    }
    if (into.size() == max_bytes) return too_large(Codec::zstd, max_bytes);
    into.resize(std::min(std::max<size_t>(2 * into.size(), 1), max_bytes));
  }
}

}  // namespace hailstorm::compression
