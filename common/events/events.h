#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"

/// The platform's events: CloudEvents 1.0 in the Kafka binding's binary mode. Attributes travel as
/// ce_… headers, the value is plain JSON. One topic per type, named after it. Times are event time,
/// ms since 1970 UTC in here, RFC 3339 in JSON.
namespace hailstorm::events {

struct GeoPoint {
  double lat = 0;
  double lon = 0;
  friend bool operator==(const GeoPoint&, const GeoPoint&) = default;
};

struct RideRequested {
  static constexpr std::string_view kType = "ride_requested";
  std::string ride_id;
  std::string rider_id;
  GeoPoint pickup;
  GeoPoint dropoff;
  int64_t requested_at_ms = 0;
};
struct RideMatched {
  static constexpr std::string_view kType = "ride_matched";
  std::string ride_id;
  std::string rider_id;
  std::string driver_id;
  int64_t pickup_at_ms = 0;
  int64_t dropoff_at_ms = 0;
};
struct RideUnmatched {
  static constexpr std::string_view kType = "ride_unmatched";
  std::string ride_id;
  std::string rider_id;
  std::string reason;
};
struct PaymentAuthorized {
  static constexpr std::string_view kType = "payment_authorized";
  std::string ride_id;
  std::string rider_id;
  std::string hold_id;
  int64_t amount_cents = 0;
};
struct PaymentDeclined {
  static constexpr std::string_view kType = "payment_declined";
  std::string ride_id;
  std::string rider_id;
  std::string reason;
};

inline constexpr std::string_view kDeadLetterTopic = "dead_letter";
/// Dead letters on their way back to the group that refused them.
inline constexpr std::string_view kReplayTopic = "dead_letter_replay";

using Payload =
    std::variant<RideRequested, RideMatched, RideUnmatched, PaymentAuthorized, PaymentDeclined>;

/// Of a payload.
[[nodiscard]] std::string_view type_of(const Payload& payload);
[[nodiscard]] const std::string& ride_id_of(const Payload& payload);
[[nodiscard]] const std::string& rider_id_of(const Payload& payload);
/// The id of the event that says this: "RIDE_ID/TYPE".
[[nodiscard]] std::string id_of(const Payload& payload);

/// Every type's name, which is its topic's too.
[[nodiscard]] std::vector<std::string> all_types();

/// One event with its CloudEvents attributes. The key in the log is the rider, so one rider's
/// events keep their order within a topic.
struct Event {
  std::string id;  // "RIDE_ID/TYPE": the same fact has the same id however often it is published
  std::string source;       // "/hailstorm/SERVICE"
  int64_t time_ms = 0;      // event time
  std::string traceparent;  // W3C; empty: none
  Payload payload;

  [[nodiscard]] std::string_view type() const { return type_of(payload); }
  [[nodiscard]] const std::string& ride_id() const { return ride_id_of(payload); }
  [[nodiscard]] const std::string& rider_id() const { return rider_id_of(payload); }
};

enum class EventErrc {
  missing_attribute,
  unsupported_version,
  unknown_type,
  bad_json,
  bad_field,     // of a wrong type, or out of its range
  contradiction  // headers or key say something else than the payload
};
[[nodiscard]] std::string_view name_of(EventErrc code);

/// The event of this payload, with its id filled in.
[[nodiscard]] Event make_event(std::string source, int64_t time_ms, Payload payload,
                               std::string traceparent = {});

/// As a record for the topic type(). decode(encode(e)) == e.
[[nodiscard]] log::Record encode(const Event& event);

/// The record's event, if it is one: id, subject and key are those of its payload, each attribute
/// is there once, and all values are in their ranges (ranges.h) at `now_ms`, or at the record's own
/// time if that is earlier. Unknown JSON fields and a traceparent that is none are ignored. Errors:
/// every EventErrc; the message names the header or field.
[[nodiscard]] Result<Event> decode(const log::ConsumedRecord& record, int64_t now_ms);

/// The ride that a record names in its attributes, without a look at its payload; nothing: none.
/// The text is of `headers`.
[[nodiscard]] std::optional<std::string_view> ride_of(std::span<const log::HeaderView> headers);

/// The payload alone, as JSON of one line, and back. `type` chooses the payload. Ranges are not
/// checked.
[[nodiscard]] std::string to_json(const Payload& payload);
[[nodiscard]] Result<Payload> from_json(std::string_view type, std::string_view json);

/// The ride of a rider's request with this Idempotency-Key: the same pair gives the same ride id on
/// every lane and at every repetition.
[[nodiscard]] std::string ride_id_for(std::string_view rider_id, std::string_view idempotency_key);

}  // namespace hailstorm::events
