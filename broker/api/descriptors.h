#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace hailstorm::broker {

/// How this process divides the files that it may have open: some for its own files, so that
/// partitions can always roll and settings can be written, some for HTTP, the rest for peers.
///
/// Thread safety: not safe; the broker's thread owns it.
class Descriptors {
 public:
  // Standard streams, logs, sockets, the folder, and what is open for a moment: a sync, a file that
  // is replaced, a listing.
  static constexpr size_t kOwn = 40;
  // The segment that is written, and an older one that is read.
  static constexpr size_t kPerPartition = 2;
  static constexpr size_t kMostHttp = 64;
  static constexpr size_t kLeastPeers = 16;

  explicit Descriptors(size_t limit)
      : limit_(limit), http_(std::min(kMostHttp, limit / 8)), partitions_(0) {}

  [[nodiscard]] size_t limit() const { return limit_; }
  [[nodiscard]] size_t http() const { return http_; }
  /// At least a few, also where there are too many partitions: else nobody could delete some.
  [[nodiscard]] size_t for_peers() const {
    return std::max(kLeastPeers, left(kOwn + http_ + kPerPartition * partitions_));
  }
  /// So many more partitions leave room for the peers that are there, and for some at all.
  [[nodiscard]] bool has_room_for_partitions(size_t more) const {
    const size_t peers = std::max(kLeastPeers, peers_);
    return left(kOwn + http_ + kPerPartition * partitions_) >= peers + kPerPartition * more;
  }

  void set_partitions(size_t partitions) { partitions_ = partitions; }
  [[nodiscard]] size_t peers() const { return peers_; }
  /// Of one transport: it had so many, and has others now.
  void change_peers(size_t before, size_t now) { peers_ += now - before; }

 private:
  [[nodiscard]] size_t left(size_t used) const { return limit_ - std::min(limit_, used); }

  size_t limit_;
  size_t http_;
  size_t partitions_;
  size_t peers_ = 0;
};

}  // namespace hailstorm::broker
