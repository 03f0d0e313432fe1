#include "broker/transport/peers/half_messages.h"

#include <algorithm>
#include <utility>

namespace hailstorm::broker {
namespace {

constexpr int64_t kFavouredMs = 2'000;  // to finish a message beyond the bound

}  // namespace

int64_t HalfMessages::room_for(const PeerSession& session) const {
  if (session.id() == favoured_) return static_cast<int64_t>(limits_.message.max_message_bytes);
  const int64_t shared = std::max<int64_t>(0, limits_.max_held_bytes - sessions_.held_bytes());
  return shared + std::max<int64_t>(0, SessionTable::kFreeHeldBytes - session.held_bytes());
}

void HalfMessages::note_received(PeerSession& session) {
  sessions_.recount(session);
  if (session.id() == favoured_ && session.counted_held_bytes == 0) favoured_ = 0;
}

void HalfMessages::starve(PeerSession& session) {
  session.is_starved = true;
  starved_.push_back(session.id());
}

void HalfMessages::feed_starved() {
  for (const SessionId id : std::exchange(starved_, {})) {
    PeerSession* const session = sessions_.find(id);
    if (session == nullptr) continue;
    session->is_starved = false;
    sessions_.make_ready(*session);
  }
}

void HalfMessages::close_stalled(int64_t now_ms) {
  if (starved_.empty() || sessions_.held_bytes() < limits_.max_held_bytes) return feed_starved();
  constexpr const char* kWhy = "others need the memory of its half-received message";
  PeerSession* shortest = nullptr;  // of those that wait, the one that lacks least
  for (const auto& [id, session] : sessions_.all()) {
    if (session->is_doomed) continue;
    const bool is_slow = id == favoured_ && now_ms - favoured_ms_ >= kFavouredMs;
    const bool is_stalled = !session->is_starved && session->counted_held_bytes > 0 &&
                            now_ms - session->heard_ms() >= limits_.stalled_ms;
    if (is_slow || is_stalled) sessions_.doom(*session, "half_received", kWhy);
    const bool may_be_next = session->is_starved && !session->is_doomed;
    if (may_be_next && (shortest == nullptr || session->rest_bytes() < shortest->rest_bytes()))
      shortest = session.get();
  }
  if (shortest == nullptr || sessions_.find(favoured_) != nullptr) return;
  favoured_ = shortest->id();
  favoured_ms_ = now_ms;
  feed_starved();
}

}  // namespace hailstorm::broker
