#include "broker/transport/peers/unread_answers.h"

#include <algorithm>

namespace hailstorm::broker {

int64_t UnreadAnswers::credit_of(const PeerSession& session) const {
  const int64_t unread = session.unread_bytes();
  // When those that do not read have used up what there is for all, those that do read go on.
  const int64_t shared = std::max(limits_.total_credit_bytes - sessions_.unread_bytes(),
                                  limits_.reader_credit_bytes - unread);
  return std::min(limits_.peer_credit_bytes - unread, shared);
}

void UnreadAnswers::make_room(int64_t bytes) {
  while (sessions_.unread_bytes() + bytes > limits_.max_unread_bytes) {
    PeerSession* most = nullptr;
    for (const auto& [id, session] : sessions_.all()) {
      if (most == nullptr || session->unread_bytes() > most->unread_bytes()) most = session.get();
    }
    if (most == nullptr || most->unread_bytes() == 0) return;
    sessions_.doom(*most, "unread",
                   "there is no room for more answers, and it reads the least of its own");
  }
}

void UnreadAnswers::close_unread(int64_t now_ms) {
  if (sessions_.unread_bytes() < limits_.total_credit_bytes) return;
  for (const auto& [id, session] : sessions_.all()) {
    if (session->unread_bytes() >= limits_.reader_credit_bytes &&
        now_ms - session->taken_ms() >= limits_.unread_ms)
      sessions_.doom(*session, "unread",
                     "others need the memory of the answers that it does not read");
  }
}

}  // namespace hailstorm::broker
