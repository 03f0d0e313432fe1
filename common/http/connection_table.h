#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "common/http/connection.h"

namespace hailstorm::http {

/// The open connections, by their descriptors.
///
/// Thread safety: not safe.
class ConnectionTable {
 public:
  using Shared = std::shared_ptr<Connection>;

  [[nodiscard]] size_t size() const { return by_fd_.size(); }
  [[nodiscard]] bool empty() const { return by_fd_.empty(); }
  /// Null: there is none.
  [[nodiscard]] Shared find(int fd) const;
  void add(const Shared& connection) { by_fd_.emplace(connection->fd(), connection); }
  /// Nothing happens where its descriptor is another connection's by now.
  void remove(const Shared& connection);
  void clear() { by_fd_.clear(); }
  /// Calls `call` with each connection; it may remove that one.
  template <class Call>
  void each(const Call& call) {
    for (auto one = by_fd_.begin(); one != by_fd_.end();) {
      const Shared connection = one->second;
      ++one;
      call(connection);
    }
  }

  /// At most `count` connections without a request that is being handled: those that were of no use
  /// for longest.
  [[nodiscard]] std::vector<Shared> longest_unused(size_t count) const;

 private:
  std::unordered_map<int, Shared> by_fd_;
};

}  // namespace hailstorm::http
