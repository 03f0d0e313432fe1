#include "services/lab/links/link_probe.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace hailstorm::lab {
namespace {

using std::chrono::steady_clock;

constexpr size_t kBlockBytes = 64 << 10;

int64_t us_since(steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start).count();
}

}  // namespace

LinkProbe::LinkProbe(Socket from, Socket to, Stream stream, size_t bytes)
    : from_(std::move(from)),
      to_(std::move(to)),
      stream_(stream),
      wanted_bytes_(bytes),
      began_(steady_clock::now()) {}

Result<LinkProbe> LinkProbe::begin(LinkRelay& relay, const std::string& link, FaultAction action,
                                   Stream stream, size_t bytes) {
  HAIL_ASSIGN_OR_RETURN(auto client, connected_pair());
  HAIL_ASSIGN_OR_RETURN(auto server, connected_pair());
  HAIL_RETURN_IF_ERROR(
      relay.carry_between(link, action, std::move(client.far), std::move(server.near)));
  if (stream == Stream::downstream) std::swap(client.near, server.far);
  LinkProbe probe(std::move(client.near), std::move(server.far), stream, bytes);
  probe.send_some();
  return probe;
}

int64_t LinkProbe::age_us() const { return us_since(began_); }

void LinkProbe::send_some() {
  static constexpr std::array<char, kBlockBytes> kBlock{};
  while (sent_bytes_ < wanted_bytes_) {
    const size_t next = std::min(kBlockBytes, wanted_bytes_ - sent_bytes_);
    const ssize_t sent = ::send(from_.fd(), kBlock.data(), next, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) wanted_bytes_ = sent_bytes_;  // the receiver sees why
    if (sent < 0) return;
    sent_bytes_ += static_cast<size_t>(sent);
  }
}

void LinkProbe::receive_some() {
  std::array<char, kBlockBytes> block;
  const ssize_t received = ::recv(to_.fd(), block.data(), block.size(), MSG_DONTWAIT);
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (received <= 0) {
    seen_.is_ended = true;
    seen_.is_reset = received < 0;
    return;
  }
  seen_.last_us = age_us();
  if (seen_.bytes == 0) seen_.first_us = seen_.last_us;
  seen_.bytes += static_cast<size_t>(received);
  ++seen_.pieces;
  seen_.is_all = seen_.bytes >= wanted_bytes_;
}

bool LinkProbe::is_done(bool for_end) const { return seen_.is_ended || (seen_.is_all && !for_end); }

void LinkProbe::watch(std::vector<LinkProbe>& probes, std::chrono::milliseconds patience,
                      bool for_end) {
  const auto until = steady_clock::now() + patience;
  for (;;) {
    std::vector<pollfd> polled;
    for (const auto& one : probes) {
      const bool is_done = one.is_done(for_end);
      const bool has_more = !is_done && one.sent_bytes_ < one.wanted_bytes_;
      polled.push_back({is_done ? -1 : one.to_.fd(), POLLIN, 0});
      polled.push_back({has_more ? one.from_.fd() : -1, POLLOUT, 0});
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
    const bool are_done = std::all_of(probes.begin(), probes.end(),
                                      [&](const auto& one) { return one.is_done(for_end); });
    if (are_done || left.count() <= 0) return;
    ::poll(polled.data(), polled.size(), static_cast<int>(left.count()));
    for (size_t i = 0; i < probes.size(); ++i) {
      if (polled[2 * i].revents != 0) probes[i].receive_some();
      if (polled[2 * i + 1].revents != 0) probes[i].send_some();
    }
  }
}

}  // namespace hailstorm::lab
