#include "common/events/ranges.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace hailstorm::events {
namespace {

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kDayMs = 24 * kHourMs;
constexpr int64_t kLongestRideMs = 60 * kDayMs;

bool is_text(std::string_view text, size_t max_bytes) {
  return !text.empty() && text.size() <= max_bytes &&
         std::none_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f;
         });
}

/// Remembers the first thing that is out of its range.
class Ranges {
 public:
  explicit Ranges(int64_t latest_ms) : latest_ms_(latest_ms) {}

  void id(std::string_view field, const std::string& value) { text(field, value, kMaxIdBytes); }
  void reason(const std::string& value) { text("reason", value, kMaxReasonBytes); }
  void point(const std::string& field, const GeoPoint& point) {
    check(is_latitude(point.lat), field + ".lat", "a number from -90 to 90");
    check(is_longitude(point.lon), field + ".lon", "a number from -180 to 180");
  }
  void asked_time(std::string_view field, int64_t time_ms) {
    check(is_event_time(time_ms, latest_ms_), field, "a time from 1970 to a day ahead of now");
  }
  void planned_time(std::string_view field, int64_t time_ms) {
    check(is_event_time(time_ms, latest_ms_ + kLongestRideMs), field,
          "a time from 1970 to 61 days ahead of now");
  }
  void amount(std::string_view field, int64_t cents) {
    check(cents >= 0 && cents <= kMaxAmountCents, field,
          fmt::format("an amount from 0 to {}", kMaxAmountCents));
  }

  Status result() && {
    if (problem_.empty()) return {};
    return Error(EventErrc::bad_field, std::move(problem_));
  }

 private:
  void text(std::string_view field, const std::string& value, size_t max_bytes) {
    check(is_text(value, max_bytes), field,
          fmt::format("a text of 1 to {} bytes without control characters", max_bytes));
  }
  void check(bool in_range, std::string_view field, std::string_view wanted) {
    if (in_range || !problem_.empty()) return;
    problem_ = fmt::format("field '{}' must be {}", field, wanted);
  }

  const int64_t latest_ms_;
  std::string problem_;
};

void read(Ranges& ranges, const RideRequested& p) {
  ranges.point("pickup", p.pickup);
  ranges.point("dropoff", p.dropoff);
  ranges.asked_time("requested_at", p.requested_at_ms);
}
void read(Ranges& ranges, const RideMatched& p) {
  ranges.id("driver_id", p.driver_id);
  ranges.planned_time("pickup_at", p.pickup_at_ms);
  ranges.planned_time("dropoff_at", p.dropoff_at_ms);
}
void read(Ranges& ranges, const RideUnmatched& p) { ranges.reason(p.reason); }
void read(Ranges& ranges, const PaymentAuthorized& p) {
  ranges.id("hold_id", p.hold_id);
  ranges.amount("amount_cents", p.amount_cents);
}
void read(Ranges& ranges, const PaymentDeclined& p) { ranges.reason(p.reason); }

}  // namespace

int64_t latest_accepted_ms(int64_t now_ms) { return now_ms + kDayMs; }
int64_t latest_readable_ms(int64_t now_ms) { return latest_accepted_ms(now_ms) + kHourMs; }

bool is_latitude(double degrees) { return std::abs(degrees) <= 90; }
bool is_longitude(double degrees) { return std::abs(degrees) <= 180; }

bool is_event_time(int64_t time_ms, int64_t latest_ms) {
  return time_ms >= 0 && time_ms <= latest_ms;
}

bool is_traceparent(std::string_view text) {
  constexpr std::string_view kShape = "00-################################-################-##";
  return text.size() == kShape.size() &&
         std::equal(text.begin(), text.end(), kShape.begin(), [](char c, char shape) {
           if (shape != '#') return c == shape;
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Status check_ranges(const Payload& payload, int64_t latest_ms) {
  Ranges ranges(latest_ms);
  std::visit(
      [&](const auto& p) {
        ranges.id("ride_id", p.ride_id);
        ranges.id("rider_id", p.rider_id);
        read(ranges, p);
      },
      payload);
  return std::move(ranges).result();
}

Status check_attributes(const Event& event, int64_t latest_ms) {
  if (!is_text(event.source, kMaxSourceBytes)) {
    return Error(EventErrc::bad_field,
                 fmt::format("header ce_source must be a text of 1 to {} bytes without control "
                             "characters",
                             kMaxSourceBytes));
  }
  if (!is_event_time(event.time_ms, latest_ms)) {
    return Error(EventErrc::bad_field,
                 "header ce_time must be a time from 1970 to a day ahead of now");
  }
  return {};
}

}  // namespace hailstorm::events
