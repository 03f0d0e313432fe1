#include "common/compression/lz4.h"

#include <lz4frame.h>
#include <memory>
#include <new>

#include "common/base/check.h"
#include "common/compression/output.h"

namespace hailstorm::compression {
namespace {

LZ4F_preferences_t independent_blocks() {
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.blockMode = LZ4F_blockIndependent;
  preferences.frameInfo.blockSizeID = LZ4F_max64KB;
  return preferences;
}

struct FreeContext {
  void operator()(LZ4F_dctx* context) const { LZ4F_freeDecompressionContext(context); }
};

std::unique_ptr<LZ4F_dctx, FreeContext> new_context() {
  LZ4F_dctx* context = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION))) throw std::bad_alloc();
  return std::unique_ptr<LZ4F_dctx, FreeContext>(context);
}

}  // namespace

void lz4_compress(Bytes from, Buffer& into) {
  static const LZ4F_preferences_t kPreferences = independent_blocks();
  into.resize(LZ4F_compressFrameBound(from.size(), &kPreferences));
  const size_t size =
      LZ4F_compressFrame(into.data(), into.size(), from.data(), from.size(), &kPreferences);
  HAIL_CHECK(!LZ4F_isError(size));
  into.resize(size);
}

Status lz4_decompress(Bytes from, size_t max_bytes, Buffer& into) {
  const auto context = new_context();
  Output to(into, max_bytes);
  size_t wanted = 1;  // bytes of input; 0: the frame has ended
  while (wanted > 0 || !from.empty()) {
    const MutableBytes room = to.free();
    size_t written = room.size();
    size_t read = from.size();
    wanted = LZ4F_decompress(context.get(), room.data(), &written, from.data(), &read, nullptr);
    if (LZ4F_isError(wanted)) return damaged(Codec::lz4, LZ4F_getErrorName(wanted));
    from = from.subspan(read);
    to.add(written);
    if (read > 0 || written > 0) continue;
    if (room.empty()) return too_large(Codec::lz4, max_bytes);
    if (wanted > 0) return damaged(Codec::lz4, "it is incomplete");
  }
  to.finish();
  return {};
}

}  // namespace hailstorm::compression
