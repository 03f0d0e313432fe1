#pragma once

#include <string>

#include "common/events/events.h"

namespace hailstorm::notification {

/// What a rider reads about one event.
struct Message {
  std::string ride_id;
  std::string kind;  // the event's type: one message per ride and kind
  std::string recipient;
  std::string body;
};

/// The message that an event is due.
[[nodiscard]] Message render(const events::Event& event);

}  // namespace hailstorm::notification
