#include "common/compression/gzip.h"

#include <algorithm>
#include <new>
#include <zlib.h>

#include "common/base/check.h"
#include "common/compression/output.h"

namespace hailstorm::compression {
namespace {

constexpr int kGzipFormat = 16 + MAX_WBITS;  // zlib's number for its header and checksum
constexpr int kMemoryLevel = 8;              // zlib's own default

/// zlib counts in 32 bits.
uInt counted(size_t size) { return static_cast<uInt>(std::min<size_t>(size, UINT32_MAX)); }

class Inflate {
 public:
  Inflate() {
    if (inflateInit2(&stream_, kGzipFormat) != Z_OK) throw std::bad_alloc();
  }
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;
  ~Inflate() { inflateEnd(&stream_); }

  /// zlib's result. `from` loses what was read.
  int run(Bytes& from, MutableBytes room, Output& to) {
    stream_.next_in = const_cast<Bytef*>(from.data());
    stream_.avail_in = counted(from.size());
    stream_.next_out = room.data();
    stream_.avail_out = counted(room.size());
    const uInt in = stream_.avail_in;
    const uInt out = stream_.avail_out;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    from = from.subspan(in - stream_.avail_in);
    to.add(out - stream_.avail_out);
    return result;
  }
  void begin_member() { inflateReset(&stream_); }

 private:
  z_stream stream_{};
};

}  // namespace

void gzip_compress(Bytes from, Buffer& into) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipFormat, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  into.resize(deflateBound(&stream, from.size()));
  stream.next_in = const_cast<Bytef*>(from.data());
  stream.avail_in = counted(from.size());
  stream.next_out = into.data();
  stream.avail_out = counted(into.size());
  const int result = deflate(&stream, Z_FINISH);
  into.resize(stream.total_out);
  deflateEnd(&stream);
  HAIL_CHECK(result == Z_STREAM_END);
}

Status gzip_decompress(Bytes from, size_t max_bytes, Buffer& into) {
  Output to(into, max_bytes);
  Inflate inflate;
  while (true) {
    const MutableBytes room = to.free();  // at the limit: none, but the checksum may still follow
    const int result = inflate.run(from, room, to);
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    if (result == Z_STREAM_END) {
      if (from.empty()) break;
      inflate.begin_member();
    } else if (result == Z_BUF_ERROR) {
      if (room.empty()) return too_large(Codec::gzip, max_bytes);
      return damaged(Codec::gzip, "it is incomplete");
    } else if (result != Z_OK) {
      return damaged(Codec::gzip, "its bytes are wrong");
    }
  }
  to.finish();
  return {};
}

}  // namespace hailstorm::compression
