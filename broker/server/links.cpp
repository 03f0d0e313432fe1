#include "broker/server/links.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

#include "common/base/check.h"
#include "common/base/clock.h"

namespace hailstorm::broker {
namespace {

constexpr int64_t kFreeHeldBytes = 16 << 10;  // of each connection's message
constexpr int64_t kFlushBytes = 256 << 10;    // so much is sent before the end of a burst
constexpr int kAcceptsAtOnce = 64;
constexpr int64_t kSweepMs = 50;
constexpr int64_t kLookForLifeMs = 500;
constexpr int64_t kCrowdedHandshakeMs = 1'000;
constexpr int64_t kFavouredMs = 2'000;  // to finish a message beyond the bound
constexpr uint64_t kWakeKey = 0;
constexpr uint64_t kListenKey = 1;
constexpr uint64_t kFirstLinkKey = 2;

int64_t link_now_ms() { return steady_us() / 1'000; }

int64_t counted_part(const Link& link) {
  return std::max<int64_t>(0, link.held_bytes() - kFreeHeldBytes);
}

}  // namespace

Links::Links(const PeerLimits& limits, BrokerMetrics& metrics, Descriptors* descriptors,
             http::Listener listener)
    : limits_(limits),
      metrics_(metrics),
      descriptors_(descriptors),
      listener_(std::move(listener)),
      wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      epoll_fd_(::epoll_create1(EPOLL_CLOEXEC)),
      next_key_(kFirstLinkKey) {
  HAIL_CHECK(wake_fd_ >= 0 && epoll_fd_ >= 0);
  HAIL_CHECK(watch(wake_fd_, EPOLLIN, kWakeKey));
  HAIL_CHECK(watch(listener_.fd(), EPOLLIN | EPOLLET, kListenKey));
}

Links::~Links() {
  links_.clear();
  ::close(epoll_fd_);
  ::close(wake_fd_);
}

PeerId Links::id_of(uint64_t key) { return {reinterpret_cast<const char*>(&key), sizeof key}; }

uint64_t Links::key_of(const PeerId& id) {
  uint64_t key = 0;
  if (id.size() == sizeof key) std::memcpy(&key, id.data(), sizeof key);
  return key;
}

bool Links::watch(int fd, uint32_t events, uint64_t key) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  return ::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

Link* Links::find(uint64_t key) const {
  const auto found = links_.find(key);
  return found == links_.end() || found->second->is_doomed ? nullptr : found->second.get();
}

void Links::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

void Links::await(int timeout_ms) {
  std::array<epoll_event, 256> events;
  const int count =
      ::epoll_wait(epoll_fd_, events.data(), static_cast<int>(events.size()), timeout_ms);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    if (event.data.u64 == kWakeKey) {
      uint64_t drained = 0;
      [[maybe_unused]] const auto size = ::read(wake_fd_, &drained, sizeof drained);
    } else if (event.data.u64 == kListenKey) {
      accept_due_ = true;
    } else if (Link* const link = find(event.data.u64)) {
      take_event(*link, event.events);
    }
  }
}

void Links::take_event(Link& link, uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    link.unblock();
    if (link.unread_bytes() > 0) flush(link, link_now_ms());
  }
  // Only one of these comes for the end of a connection, before which there may be bytes.
  const bool is_end = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  link.is_hung_up = link.is_hung_up || is_end;
  if (is_end || (events & EPOLLIN) != 0) make_ready(link);
}

size_t Links::max_connections() const {
  return descriptors_ == nullptr ? limits_.max_connections
                                 : std::min(limits_.max_connections, descriptors_->for_peers());
}

void Links::accept_some() {
  accept_due_ = false;
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    const int fd = listener_.accept();
    if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    accept_due_ = true;
    if (fd >= 0) {
      meet(fd);
    } else if (errno != ECONNABORTED && errno != EINTR) {
      metrics_.dropped("descriptors",
                       fmt::format("a connection could not be accepted: {}", std::strerror(errno)));
      static_cast<void>(listener_.turn_away({}));
      return;
    }
  }
}

void Links::meet(int fd) {
  if (links_.size() >= max_connections()) make_room();
  if (links_.size() >= max_connections()) {
    ::close(fd);
    return metrics_.dropped("connections",
                            fmt::format("a connection above the limit of {}; its client connects "
                                        "again until others leave",
                                        max_connections()));
  }
  const uint64_t key = next_key_++;
  try {
    links_.emplace(key, std::make_unique<Link>(fd, id_of(key), limits_.link, link_now_ms()));
  } catch (const std::bad_alloc&) {
    ::close(fd);
    return metrics_.dropped("memory", "there is no memory for a connection");
  }
  if (!watch(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, key)) links_.erase(key);
  note_count();
}

void Links::note_count() {
  metrics_.connections.set(static_cast<double>(links_.size()));
  if (descriptors_ != nullptr) descriptors_->set_peers(links_.size());
}

/// Closes those that have not come to a handshake, else the one that has said nothing for longest.
/// Looks once in a while: at all of them.
void Links::make_room() {
  const int64_t now_ms = link_now_ms();
  if (now_ms < room_due_ms_) return;
  room_due_ms_ = now_ms + kSweepMs;
  Link* idle = nullptr;
  for (const auto& [key, link] : links_) {
    if (link->is_doomed) continue;
    if (link->is_open()) {
      if (idle == nullptr || link->message_ms() < idle->message_ms()) idle = link.get();
    } else if (now_ms - link->opened_ms() >= kCrowdedHandshakeMs) {
      doom(*link, "handshake", "it did not finish its handshake while others wanted to connect");
    }
  }
  if (doomed_.empty() && idle != nullptr && now_ms - idle->message_ms() >= limits_.idle_ms)
    doom(*idle, "idle", "it was silent for longest while others wanted to connect");
  reap(0);
}

void Links::doom(Link& link) {
  if (std::exchange(link.is_doomed, true)) return;
  link.drop_answers();
  recount(link);
  doomed_.push_back(key_of(link.id()));
}

void Links::doom(Link& link, const char* reason, std::string_view why) {
  if (link.is_doomed) return;
  metrics_.dropped(reason, fmt::format("a connection was closed: {}", why));
  doom(link);
}

void Links::refuse(Link& link) {
  if (link.is_open()) return doom(link, "protocol", link.fault());
  ++(link.has_other_protocol() ? other_protocols_ : bad_handshakes_);
  doom(link);
}

void Links::count_refused() {
  metrics_.refused_peers("other_protocol", std::exchange(other_protocols_, 0),
                         "what they sent is not ZMTP 3: an HTTP client, a web page in a browser, "
                         "or a program with ZeroMQ before 4.0; clients of the log speak ZMTP 3");
  metrics_.refused_peers("bad_handshake", std::exchange(bad_handshakes_, 0),
                         "they began as ZMTP 3 and went on with something else, or want a "
                         "security mechanism; the broker has none");
}

void Links::reap(uint64_t but_for) {
  if (doomed_.empty()) return;
  for (const uint64_t key : std::exchange(doomed_, {})) {
    if (key == but_for) {
      doomed_.push_back(key);
      continue;
    }
    const auto found = links_.find(key);
    total_held_bytes_ -= found->second->counted_held_bytes;
    links_.erase(found);
  }
  feed_starved();
  note_count();
}

void Links::recount(Link& link) {
  const int64_t held = counted_part(link);
  if (held == 0 && key_of(link.id()) == favoured_) favoured_ = 0;
  total_held_bytes_ += held - std::exchange(link.counted_held_bytes, held);
  const int64_t unread = link.unread_bytes();
  total_unread_bytes_ += unread - std::exchange(link.counted_unread_bytes, unread);
}

void Links::make_ready(Link& link) {
  if (link.is_starved || std::exchange(link.is_ready, true)) return;
  ready_.push_back(key_of(link.id()));
}

Link* Links::take_ready() {
  while (!ready_.empty()) {
    Link* const link = find(ready_.front());
    ready_.pop_front();
    if (link == nullptr) continue;
    link->is_ready = false;
    return link;
  }
  return nullptr;
}

int64_t Links::room_to_receive(const Link& link) const {
  if (key_of(link.id()) == favoured_) return static_cast<int64_t>(limits_.link.max_message_bytes);
  const int64_t shared = std::max<int64_t>(0, limits_.max_held_bytes - total_held_bytes_);
  return shared + std::max<int64_t>(0, kFreeHeldBytes - link.held_bytes());
}

void Links::starve(Link& link) {
  link.is_starved = true;
  starved_.push_back(key_of(link.id()));
}

void Links::feed_starved() {
  for (const uint64_t key : std::exchange(starved_, {})) {
    Link* const link = find(key);
    if (link == nullptr) continue;
    link->is_starved = false;
    make_ready(*link);
  }
}

/// Others wait for the room that half-received messages hold: those that do not go on with theirs
/// lose it. Of those that wait, the one that lacks least may finish beyond the bound, if it is
/// quick.
void Links::close_stalled(int64_t now_ms) {
  if (starved_.empty() || total_held_bytes_ < limits_.max_held_bytes) return feed_starved();
  constexpr const char* kWhy = "others need the memory of its half-received message";
  Link* shortest = nullptr;
  for (const auto& [key, link] : links_) {
    if (link->is_doomed) continue;
    const bool is_slow = key == favoured_ && now_ms - favoured_ms_ >= kFavouredMs;
    const bool is_stalled = !link->is_starved && counted_part(*link) > 0 &&
                            now_ms - link->heard_ms() >= limits_.stalled_ms;
    if (is_slow || is_stalled) doom(*link, "half_received", kWhy);
    const bool may_be_next = link->is_starved && !link->is_doomed;
    if (may_be_next && (shortest == nullptr || link->rest_bytes() < shortest->rest_bytes()))
      shortest = link.get();
  }
  if (shortest == nullptr || find(favoured_) != nullptr) return;
  favoured_ = key_of(shortest->id());
  favoured_ms_ = now_ms;
  feed_starved();
}

/// The credit is used up by peers that do not read.
void Links::close_unread(int64_t now_ms) {
  if (total_unread_bytes_ < limits_.total_credit_bytes) return;
  for (const auto& [key, link] : links_) {
    if (link->unread_bytes() >= limits_.reader_credit_bytes &&
        now_ms - link->taken_ms() >= limits_.unread_ms)
      doom(*link, "unread", "others need the memory of the answers that it does not read");
  }
}

void Links::sweep() {
  const int64_t now_ms = link_now_ms();
  if (accept_due_) accept_some();
  if (now_ms < sweep_due_ms_) return;
  sweep_due_ms_ = now_ms + kSweepMs;
  close_stalled(now_ms);
  close_unread(now_ms);
  metrics_.half_received_bytes.set(static_cast<double>(total_held_bytes_));
  metrics_.unread_bytes.set(static_cast<double>(total_unread_bytes_));
  if (now_ms < silence_due_ms_) return;
  silence_due_ms_ = now_ms + kLookForLifeMs;
  count_refused();
  for (const auto& [key, link] : links_) look_for_life(*link, now_ms);
}

void Links::look_for_life(Link& link, int64_t now_ms) {
  if (!link.is_open()) {
    if (now_ms - link.opened_ms() >= limits_.handshake_ms)
      doom(link, "handshake", "it did not finish its handshake in time");
    return;
  }
  const int64_t silent_ms = now_ms - link.heard_ms();
  // What waits in its socket, because there is no room here, is a sign of life.
  if (silent_ms >= limits_.silence_ms && !link.is_starved && !link.is_ready)
    return doom(link, "silent", "it gave no sign of life");
  if (silent_ms < limits_.ping_ms || now_ms - link.pinged_ms < limits_.ping_ms) return;
  link.pinged_ms = now_ms;
  if (link.unread_bytes() == 0) link.push_ping();
  link.unblock();  // a kernel without memory may have forgotten to say so
  mark_dirty(link);
}

int64_t Links::credit_of(const Link& link) const {
  const int64_t unread = link.unread_bytes();
  // When those that do not read have used up what there is for all, those that do read go on.
  const int64_t shared = std::max(limits_.total_credit_bytes - total_unread_bytes_,
                                  limits_.reader_credit_bytes - unread);
  return std::min(limits_.peer_credit_bytes - unread, shared);
}

void Links::make_room_to_answer(int64_t bytes) {
  while (total_unread_bytes_ + bytes > limits_.max_unread_bytes) {
    Link* most = nullptr;
    for (const auto& [key, link] : links_) {
      if (most == nullptr || link->unread_bytes() > most->unread_bytes()) most = link.get();
    }
    if (most == nullptr || most->unread_bytes() == 0) return;
    doom(*most, "unread", "there is no room for more answers, and it reads the least of its own");
  }
}

void Links::mark_dirty(Link& link) {
  recount(link);
  if (link.unread_bytes() >= kFlushBytes) return flush(link, link_now_ms());
  if (!std::exchange(link.is_dirty, true)) dirty_.push_back(key_of(link.id()));
}

void Links::flush_dirty() {
  const int64_t now_ms = link_now_ms();
  for (const uint64_t key : std::exchange(dirty_, {})) {
    Link* const link = find(key);
    if (link == nullptr) continue;
    link->is_dirty = false;
    flush(*link, now_ms);
  }
}

void Links::flush(Link& link, int64_t now_ms) {
  const bool is_there = link.flush(now_ms);
  recount(link);
  if (link.unread_bytes() == 0) link.was_warned_of = false;
  if (!is_there) doom(link);
}

}  // namespace hailstorm::broker
