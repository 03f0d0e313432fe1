#include "common/http/connection_table.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace hailstorm::http {

ConnectionTable::Shared ConnectionTable::find(int fd) const {
  const auto at = by_fd_.find(fd);
  return at == by_fd_.end() ? nullptr : at->second;
}

void ConnectionTable::remove(const Shared& connection) {
  const auto at = by_fd_.find(connection->fd());
  if (at != by_fd_.end() && at->second == connection) by_fd_.erase(at);
}

std::vector<ConnectionTable::Shared> ConnectionTable::longest_unused(size_t count) const {
  std::vector<std::pair<int64_t, Shared>> unused;
  for (const auto& [fd, connection] : by_fd_) {
    if (const auto since_us = connection->unused_since_us()) {
      unused.emplace_back(*since_us, connection);
    }
  }
  count = std::min(unused.size(), count);
  std::partial_sort(unused.begin(), unused.begin() + static_cast<std::ptrdiff_t>(count),
                    unused.end());
  std::vector<Shared> longest;
  for (size_t i = 0; i < count; ++i) longest.push_back(std::move(unused[i].second));
  return longest;
}

}  // namespace hailstorm::http
