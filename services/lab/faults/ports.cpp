#include "services/lab/faults/ports.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <netinet/in.h>
#include <poll.h>
#include <set>
#include <sstream>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace hailstorm::lab {
namespace {

constexpr int kFirstWordMs = 20;  // so long a server may take that speaks first
constexpr std::string_view kListening = "0A";

/// "socket:[123]" of each open file: the 123.
std::set<std::string> sockets_of(pid_t pid) {
  std::set<std::string> inodes;
  std::error_code failed;
  std::filesystem::directory_iterator entry(fmt::format("/proc/{}/fd", pid), failed);
  while (!failed && entry != std::filesystem::directory_iterator()) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry->path(), gone).string();
    if (target.starts_with("socket:[")) inodes.insert(target.substr(8, target.size() - 9));
    entry.increment(failed);
  }
  return inodes;
}

unsigned hex(std::string_view digits) {
  unsigned value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

/// "0100007F:1CE8": the kernel writes the address as it lies in memory.
ListeningPort address_of(const std::string& text) {
  in_addr address{};
  address.s_addr = hex(std::string_view(text).substr(0, 8));
  ListeningPort port{"127.0.0.1", static_cast<int>(hex(std::string_view(text).substr(9)))};
  if (address.s_addr == INADDR_ANY) return port;
  char buffer[INET_ADDRSTRLEN] = {};
  port.host = ::inet_ntop(AF_INET, &address, buffer, sizeof buffer);
  return port;
}

class Knock {
 public:
  Knock() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  ~Knock() {
    if (fd_ >= 0) ::close(fd_);
  }
  Knock(const Knock&) = delete;
  Knock& operator=(const Knock&) = delete;

  [[nodiscard]] bool connect(const ListeningPort& port, int timeout_ms) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = ::htons(static_cast<uint16_t>(port.port));
    ::inet_pton(AF_INET, port.host.c_str(), &address.sin_addr);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      return true;
    }
    if (errno != EINPROGRESS || !await(POLLOUT, timeout_ms)) return false;
    int failed = 0;
    socklen_t size = sizeof failed;
    ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &failed, &size);
    return failed == 0;
  }
  [[nodiscard]] bool hears_within(int timeout_ms) const {
    char first = 0;
    // An end of the connection is an answer as well.
    return await(POLLIN, timeout_ms) && ::recv(fd_, &first, 1, 0) >= 0;
  }
  void ask() const {
    constexpr std::string_view kAsk = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    [[maybe_unused]] const auto sent = ::send(fd_, kAsk.data(), kAsk.size(), MSG_NOSIGNAL);
  }

 private:
  [[nodiscard]] bool await(short events, int timeout_ms) const {
    pollfd one{fd_, events, 0};
    return ::poll(&one, 1, timeout_ms) == 1;
  }

  const int fd_;
};

}  // namespace

std::vector<ListeningPort> listening_ports(pid_t pid) {
  std::vector<ListeningPort> ports;
  const auto inodes = sockets_of(pid);
  std::ifstream table(fmt::format("/proc/{}/net/tcp", pid));
  std::string line;
  std::getline(table, line);  // names of the columns
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string number, local, remote, state, queues, timer, retries, user, timeout, inode;
    fields >> number >> local >> remote >> state >> queues >> timer >> retries >> user >> timeout >>
        inode;
    if (state == kListening && inodes.contains(inode)) ports.push_back(address_of(local));
  }
  std::sort(ports.begin(), ports.end());
  return ports;
}

PortAnswer knock(const ListeningPort& port, int timeout_ms) {
  const Knock knock;
  if (!knock.connect(port, timeout_ms)) return PortAnswer::refuses;
  if (knock.hears_within(std::min(timeout_ms, kFirstWordMs))) return PortAnswer::answers;
  knock.ask();
  return knock.hears_within(timeout_ms) ? PortAnswer::answers : PortAnswer::silent;
}

}  // namespace hailstorm::lab
