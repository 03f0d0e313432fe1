#include "services/lab/links/link.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace hailstorm::lab {
namespace {

constexpr size_t kMostConnections = 4'000;
constexpr int kAcceptedAtOnce = 64;
constexpr int64_t kDescriptorPauseUs = 100'000;
constexpr int64_t kProbeLivesUs = 5'000'000;  // what a fault holds back would keep it for ever

}  // namespace

Link::Probed::Probed(RelayLoop& its_loop, const LinkFaults& one, Socket client, uint64_t seed,
                     std::function<void()> on_end)
    : loop(its_loop),
      faults(one),
      connection(loop, faults, std::move(client), seed, std::move(on_end)) {
  loop.call_at(*this, loop.now_us() + kProbeLivesUs);
}

Link::Link(RelayLoop& loop, Socket listener, Address server)
    : loop_(loop),
      listener_(std::move(listener)),
      port_(listener_.port()),
      server_(std::move(server)) {
  listen_if_wanted();
}

Link::~Link() {
  lookup_.reset();
  if (is_listening_) loop_.unwatch(listener_.fd());
  loop_.call_at(*this, kNeverUs);
}

size_t Link::connections() const { return connections_.size(); }

std::vector<FaultAction> Link::faults() const {
  std::vector<FaultAction> on;
  for (int i = 0; i <= static_cast<int>(FaultAction::limit_data); ++i) {
    FlowFaults one;
    one.take(static_cast<FaultAction>(i), faults_.upstream);
    if (!one.is_any_on()) one.take(static_cast<FaultAction>(i), faults_.downstream);
    if (one.is_any_on()) on.push_back(static_cast<FaultAction>(i));
  }
  return on;
}

void Link::put(const LinkFault& fault) {
  FlowFaults effect = fault.effect;
  const int64_t now = loop_.now_us();
  if (effect.timeout) effect.timeout->since_us = now;
  if (effect.reset_peer) effect.reset_peer->since_us = now;
  if (effect.limit_data) effect.limit_data->since_us = now;
  seed_ = fault.seed;
  take(fault.action, fault.is_upstream ? effect : FlowFaults(),
       fault.is_downstream ? effect : FlowFaults());
}

void Link::clear(FaultAction action) { take(action, FlowFaults(), FlowFaults()); }

void Link::take(FaultAction action, const FlowFaults& up, const FlowFaults& down) {
  faults_.upstream.take(action, up);
  faults_.downstream.take(action, down);
  for (auto& one : connections_) one.look_again();
  listen_if_wanted();
}

void Link::carry_between(FaultAction action, Socket client, Socket server) {
  LinkFaults one;
  one.upstream.take(action, faults_.upstream);
  one.downstream.take(action, faults_.downstream);
  seed_ += 2;  // one for each direction
  probes_.emplace_back(loop_, one, std::move(client), seed_, [this] { forget_ended(); });
  probes_.back().connection.use(std::move(server));
}

bool Link::has_room() const { return connections_.size() < kMostConnections; }

void Link::listen_if_wanted() {
  const bool is_wanted = !faults_.is_cut() && has_room() && !has_too_few_descriptors_;
  if (is_wanted && !is_listening_) loop_.watch(listener_.fd(), EPOLLIN, *this);
  if (!is_wanted && is_listening_) loop_.unwatch(listener_.fd());
  is_listening_ = is_wanted;
}

void Link::on_events(uint32_t /*events*/) {
  for (int i = 0; i < kAcceptedAtOnce && is_listening_; ++i) {
    Socket client(::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client.is_open()) {
      has_too_few_descriptors_ = errno == EMFILE || errno == ENFILE;
      if (has_too_few_descriptors_) loop_.call_at(*this, loop_.now_us() + kDescriptorPauseUs);
      listen_if_wanted();
      return;
    }
    begin(std::move(client));
    listen_if_wanted();
  }
}

void Link::on_time(int64_t /*now_us*/) {
  has_too_few_descriptors_ = false;
  listen_if_wanted();
}

void Link::begin(Socket client) {
  seed_ += 2;
  auto& one = connections_.emplace_back(loop_, faults_, std::move(client), seed_,
                                        [this] { forget_ended(); });
  if (is_ip_address(server_.host)) return one.connect(addresses_of(server_));
  if (!lookup_) {
    lookup_.emplace([this](const std::vector<SocketAddress>& found) {
      loop_.post([this, found] {
        for (auto& each : connections_) each.connect(found);
      });
    });
  }
  lookup_->ask(server_);
}

/// Not at once: what calls this may be one of them.
void Link::forget_ended() {
  loop_.post([this] {
    const auto is_over = [](const RelayedConnection& one) { return one.is_over(); };
    connections_.remove_if(is_over);
    probes_.remove_if([](const Probed& one) { return one.connection.is_over(); });
    listen_if_wanted();
  });
}

}  // namespace hailstorm::lab
