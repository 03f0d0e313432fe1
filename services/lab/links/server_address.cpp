#include "services/lab/links/server_address.h"

#include <cstring>
#include <netdb.h>
#include <string>
#include <utility>

namespace hailstorm::lab {

std::vector<SocketAddress> addresses_of(const Address& server) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV | (is_ip_address(server.host) ? AI_NUMERICHOST : 0);
  addrinfo* found = nullptr;
  const std::string port = std::to_string(server.port);
  std::vector<SocketAddress> all;
  if (::getaddrinfo(server.host.c_str(), port.c_str(), &wanted, &found) != 0) return all;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    SocketAddress& address = all.emplace_back();
    std::memcpy(&address.storage, one->ai_addr, one->ai_addrlen);
    address.size = one->ai_addrlen;
  }
  ::freeaddrinfo(found);
  return all;
}

NameLookup::NameLookup(std::function<void(std::vector<SocketAddress>)> on_found)
    : on_found_(std::move(on_found)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void NameLookup::ask(const Address& server) {
  {
    const std::lock_guard lock(mutex_);
    asked_ = server;
  }
  changed_.notify_one();
}

void NameLookup::run(const std::stop_token& stop) {
  for (;;) {
    Address server;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return asked_.has_value(); })) return;
      server = *std::exchange(asked_, std::nullopt);
    }
    on_found_(addresses_of(server));
  }
}

}  // namespace hailstorm::lab
