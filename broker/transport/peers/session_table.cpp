#include "broker/transport/peers/session_table.h"

#include <algorithm>
#include <fmt/format.h>
#include <new>
#include <unistd.h>
#include <utility>

namespace hailstorm::broker {
namespace {

constexpr int64_t kFlushBytes = 256 << 10;  // so much is sent before the end of a burst

}  // namespace

PeerSession& SessionTable::add(int fd, int64_t now_ms) {
  std::unique_ptr<PeerSession> session;
  try {
    session = make_(fd, next_id_, now_ms);
  } catch (const std::bad_alloc&) {
    ::close(fd);
    throw;
  }
  return *sessions_.emplace(next_id_++, std::move(session)).first->second;
}

PeerSession* SessionTable::find(SessionId id) const {
  const auto found = sessions_.find(id);
  return found == sessions_.end() || found->second->is_doomed ? nullptr : found->second.get();
}

void SessionTable::doom(PeerSession& session) {
  if (std::exchange(session.is_doomed, true)) return;
  session.drop_answers();
  recount(session);
  doomed_.push_back(session.id());
}

void SessionTable::doom(PeerSession& session, const char* reason, std::string_view why) {
  if (session.is_doomed) return;
  metrics_.dropped(reason, fmt::format("a connection was closed: {}", why));
  doom(session);
}

bool SessionTable::reap(SessionId but_for) {
  if (doomed_.empty()) return false;
  for (const SessionId id : std::exchange(doomed_, {})) {
    if (id == but_for) {
      doomed_.push_back(id);
      continue;
    }
    const auto found = sessions_.find(id);
    held_bytes_ -= found->second->counted_held_bytes;
    sessions_.erase(found);
  }
  return true;
}

int64_t SessionTable::counted_held_bytes(const PeerSession& session) {
  return std::max<int64_t>(0, session.held_bytes() - kFreeHeldBytes);
}

void SessionTable::recount(PeerSession& session) {
  const int64_t held = counted_held_bytes(session);
  held_bytes_ += held - std::exchange(session.counted_held_bytes, held);
  const int64_t unread = session.unread_bytes();
  unread_bytes_ += unread - std::exchange(session.counted_unread_bytes, unread);
}

void SessionTable::make_ready(PeerSession& session) {
  if (session.is_starved || session.is_held || std::exchange(session.is_ready, true)) return;
  ready_.push_back(session.id());
}

PeerSession* SessionTable::take_ready() {
  while (!ready_.empty()) {
    PeerSession* const session = find(ready_.front());
    ready_.pop_front();
    if (session == nullptr) continue;
    session->is_ready = false;
    return session;
  }
  return nullptr;
}

void SessionTable::mark_dirty(PeerSession& session, int64_t now_ms) {
  recount(session);
  if (session.unread_bytes() >= kFlushBytes) return flush(session, now_ms);
  if (!std::exchange(session.is_dirty, true)) dirty_.push_back(session.id());
}

void SessionTable::flush_dirty(int64_t now_ms) {
  for (const SessionId id : std::exchange(dirty_, {})) {
    PeerSession* const session = find(id);
    if (session == nullptr) continue;
    session->is_dirty = false;
    flush(*session, now_ms);
  }
}

void SessionTable::flush(PeerSession& session, int64_t now_ms) {
  const bool is_there = session.flush(now_ms);
  recount(session);
  if (session.is_held && session.wants_input()) {
    session.is_held = false;
    make_ready(session);
  }
  if (!is_there) doom(session);
}

}  // namespace hailstorm::broker
