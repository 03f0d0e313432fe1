#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <sys/socket.h>
#include <thread>
#include <vector>

#include "common/base/address.h"

namespace hailstorm::lab {

/// One IP address with its port, as connect() takes it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// All addresses of a host, in the order in which they should be tried; none where its name is not
/// known. Asks the name server, which may take seconds; not for an IP address. Safe from any
/// thread.
[[nodiscard]] std::vector<SocketAddress> addresses_of(const Address& server);

/// Looks up a server's name on a thread of its own, one lookup at a time.
///
/// Thread safety: ask() by one thread.
class NameLookup {
 public:
  /// `on_found` is called on the lookup's thread.
  explicit NameLookup(std::function<void(std::vector<SocketAddress>)> on_found);

  /// Calls on_found once for this call and all others that come before it is called.
  void ask(const Address& server);

 private:
  void run(const std::stop_token& stop);

  const std::function<void(std::vector<SocketAddress>)> on_found_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Address> asked_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace hailstorm::lab
