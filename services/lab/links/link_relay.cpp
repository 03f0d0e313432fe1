#include "services/lab/links/link_relay.h"

#include <cstdint>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace hailstorm::lab {
namespace {

constexpr size_t kMostLinks = 256;

// What the kernel calls struct sched_attr; its header clashes with libc's.
struct SchedulingAttributes {
  uint32_t size = 48;  // of the first version
  uint32_t policy = 0;
  uint64_t flags = 0;
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t runtime_ns = 0;  // of an ordinary thread: its slice
  uint64_t deadline_ns = 0;
  uint64_t period_ns = 0;
};

/// A thread that works for microseconds at a time need not wait until others have had their slice:
/// from kernel 6.12 on a thread with a short slice of its own comes sooner. Older ones ignore it.
void ask_for_short_slices() {
  constexpr uint64_t kSliceNs = 100'000;
  SchedulingAttributes attributes;
  if (::syscall(SYS_sched_getattr, 0, &attributes, attributes.size, 0) != 0) return;
  attributes.runtime_ns = kSliceNs;
  ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

LinkInfo info_of(const std::string& name, const Link& link) {
  return {name, to_text(link.server()), link.port(), link.connections(), link.faults()};
}

}  // namespace

LinkRelay::LinkRelay(const Clock& clock)
    : loop_(clock), thread_([this](const std::stop_token& stop) {
        ask_for_short_slices();
        while (!stop.stop_requested()) loop_.pass();
      }) {}

LinkRelay::~LinkRelay() {
  thread_.request_stop();
  loop_.post([] {});
  thread_.join();
}

Result<int> LinkRelay::hold(const std::string& name, const Address& server) {
  const auto held = loop_.run([&]() -> int {
    const auto found = links_.find(name);
    if (found == links_.end()) return 0;
    found->second.set_server(server);
    return found->second.port();
  });
  if (held != 0) return held;
  HAIL_ASSIGN_OR_RETURN(auto listener, listen_on_loopback());
  return hold(name, server, std::move(listener));
}

Result<int> LinkRelay::hold(const std::string& name, const Address& server, Socket listener) {
  return loop_.run([&]() -> Result<int> {
    if (links_.size() >= kMostLinks)
      return Error(LinkErrc::cannot_listen, "there are too many links");
    return links_.try_emplace(name, loop_, std::move(listener), server).first->second.port();
  });
}

std::vector<LinkInfo> LinkRelay::links() {
  return loop_.run([this] {
    std::vector<LinkInfo> all;
    for (const auto& [name, link] : links_) all.push_back(info_of(name, link));
    return all;
  });
}

Result<LinkInfo> LinkRelay::describe(const std::string& name) {
  return loop_.run([&]() -> Result<LinkInfo> {
    HAIL_ASSIGN_OR_RETURN(const Link* link, find(name));
    return info_of(name, *link);
  });
}

Result<Link*> LinkRelay::find(const std::string& name) {
  const auto found = links_.find(name);
  if (found == links_.end()) {
    return Error(LinkErrc::unknown_link, fmt::format("no link is named {}", name));
  }
  return &found->second;
}

Status LinkRelay::put(const std::string& name, const LinkFault& fault) {
  return loop_.run([&]() -> Status {
    HAIL_ASSIGN_OR_RETURN(Link * link, find(name));
    link->put(fault);
    return {};
  });
}

Status LinkRelay::clear(const std::string& name, FaultAction action) {
  return loop_.run([&]() -> Status {
    HAIL_ASSIGN_OR_RETURN(Link * link, find(name));
    link->clear(action);
    return {};
  });
}

Status LinkRelay::carry_between(const std::string& name, FaultAction action, Socket client,
                                Socket server) {
  return loop_.run([&]() -> Status {
    HAIL_ASSIGN_OR_RETURN(Link * link, find(name));
    link->carry_between(action, std::move(client), std::move(server));
    return {};
  });
}

}  // namespace hailstorm::lab
