#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/events/lane.h"
#include "services/city/trip.h"

/// What riders send, and what they write into the answers file. Pure functions: safe from any
/// thread.
namespace hailstorm::traffic {

/// What one rider was answered on one lane.
struct Answer {
  std::string act;
  int64_t index = 0;
  events::Lane lane = events::Lane::log;
  std::string ride_id;
  std::string rider_id;
  int status = 0;          // 0: no answer
  double latency_ms = 0;   // from the moment the ride was due
  double late_ms = 0;      // the part of it before the request was sent
  int64_t sent_at_ms = 0;  // wall clock
  std::string failed_hop;  // empty: none was named

  [[nodiscard]] bool accepted() const { return status >= 200 && status < 300; }
};

/// One line of the answers file, without the newline.
[[nodiscard]] std::string to_line(const Answer& answer);
/// The answer that such a line has; nothing: it is none. Only lane, ride_id and status must be
/// there.
[[nodiscard]] std::optional<Answer> answer_of(std::string_view line);

/// The body of POST /rides.
[[nodiscard]] std::string ride_body(const city::Trip& trip);

/// The key that both lanes send for the ride `index` of the seed.
[[nodiscard]] std::string idempotency_key(int64_t seed, int64_t index);

/// The member "failed_hop" of a problem, or nothing.
[[nodiscard]] std::string failed_hop_of(std::string_view problem_json);

}  // namespace hailstorm::traffic
