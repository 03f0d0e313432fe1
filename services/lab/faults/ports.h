#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

/// The ports of a process, seen from outside. Pure functions of /proc and of the network: safe from
/// any thread.
namespace hailstorm::lab {

/// Where a process listens, for TCP over IPv4; an address for all interfaces is given as 127.0.0.1.
struct ListeningPort {
  std::string host;
  int port = 0;
  auto operator<=>(const ListeningPort&) const = default;
};
[[nodiscard]] std::vector<ListeningPort> listening_ports(pid_t pid);

/// `refuses`: nobody listens. `silent`: the kernel takes the connection, and nothing is answered.
enum class PortAnswer { refuses, silent, answers };
/// Connects, and asks as HTTP unless the other side speaks first.
[[nodiscard]] PortAnswer knock(const ListeningPort& port, int timeout_ms);

}  // namespace hailstorm::lab
