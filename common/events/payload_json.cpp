#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/events/events.h"

namespace hailstorm::events {
namespace {

using Json = nlohmann::json;

Json json_of(const GeoPoint& point) { return {{"lat", point.lat}, {"lon", point.lon}}; }

void write(Json& json, const RideRequested& p) {
  json["pickup"] = json_of(p.pickup);
  json["dropoff"] = json_of(p.dropoff);
  json["requested_at"] = format_time(p.requested_at_ms);
}
void write(Json& json, const RideMatched& p) {
  json["driver_id"] = p.driver_id;
  json["pickup_at"] = format_time(p.pickup_at_ms);
  json["dropoff_at"] = format_time(p.dropoff_at_ms);
}
void write(Json& json, const RideUnmatched& p) { json["reason"] = p.reason; }
void write(Json& json, const PaymentAuthorized& p) {
  json["hold_id"] = p.hold_id;
  json["amount_cents"] = p.amount_cents;
}
void write(Json& json, const PaymentDeclined& p) { json["reason"] = p.reason; }

/// Reads typed fields of one object; remembers the first that was missing or of a wrong type.
class Fields {
 public:
  explicit Fields(const Json& json) : json_(json) {}

  std::string text(const char* name) {
    const Json* value = find(name);
    if (value != nullptr && value->is_string()) return value->get<std::string>();
    return fail(name, "a string"), "";
  }
  int64_t integer(const char* name) {
    const Json* value = find(name);
    if (value != nullptr && value->is_number_integer()) return value->get<int64_t>();
    return fail(name, "an integer"), 0;
  }
  int64_t time_ms(const char* name) {
    const auto parsed = parse_time(text(name));
    if (parsed) return *parsed;
    return fail(name, "a time like 2014-04-01T00:11:00Z"), 0;
  }
  GeoPoint point(const char* name) {
    const Json* value = find(name);
    if (value == nullptr || !value->is_object()) return fail(name, "an object"), GeoPoint{};
    Fields inner(*value);
    const GeoPoint point{inner.real("lat"), inner.real("lon")};
    if (!inner.problem_.empty()) fail(name, "{lat, lon}");
    return point;
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  double real(const char* name) {
    const Json* value = find(name);
    if (value != nullptr && value->is_number()) return value->get<double>();
    return fail(name, "a number"), 0;
  }
  const Json* find(const char* name) const {
    const auto it = json_.find(name);
    return it == json_.end() ? nullptr : &*it;
  }
  void fail(const char* name, const char* wanted) {
    if (problem_.empty()) problem_ = fmt::format("field '{}' must be {}", name, wanted);
  }

  const Json& json_;
  std::string problem_;
};

void read(Fields& fields, RideRequested& p) {
  p.pickup = fields.point("pickup");
  p.dropoff = fields.point("dropoff");
  p.requested_at_ms = fields.time_ms("requested_at");
}
void read(Fields& fields, RideMatched& p) {
  p.driver_id = fields.text("driver_id");
  p.pickup_at_ms = fields.time_ms("pickup_at");
  p.dropoff_at_ms = fields.time_ms("dropoff_at");
}
void read(Fields& fields, RideUnmatched& p) { p.reason = fields.text("reason"); }
void read(Fields& fields, PaymentAuthorized& p) {
  p.hold_id = fields.text("hold_id");
  p.amount_cents = fields.integer("amount_cents");
}
void read(Fields& fields, PaymentDeclined& p) { p.reason = fields.text("reason"); }

template <class P>
Result<Payload> read_payload(const Json& json) {
  Fields fields(json);
  P payload;
  payload.ride_id = fields.text("ride_id");
  payload.rider_id = fields.text("rider_id");
  read(fields, payload);
  if (!fields.problem().empty()) return Error(EventErrc::bad_field, fields.problem());
  return Payload(std::move(payload));
}

}  // namespace

std::string to_json(const Payload& payload) {
  return std::visit(
      [](const auto& p) {
        Json json{{"ride_id", p.ride_id}, {"rider_id", p.rider_id}};
        write(json, p);
        // Text that is not UTF-8 must not end a service; it is replaced.
        return json.dump(-1, ' ', false, Json::error_handler_t::replace);
      },
      payload);
}

Result<Payload> from_json(std::string_view type, std::string_view text) {
  const auto json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Error(EventErrc::bad_json, "the value is not a JSON object");
  if (type == RideRequested::kType) return read_payload<RideRequested>(json);
  if (type == RideMatched::kType) return read_payload<RideMatched>(json);
  if (type == RideUnmatched::kType) return read_payload<RideUnmatched>(json);
  if (type == PaymentAuthorized::kType) return read_payload<PaymentAuthorized>(json);
  if (type == PaymentDeclined::kType) return read_payload<PaymentDeclined>(json);
  return Error(EventErrc::unknown_type, fmt::format("no event type is named '{}'", type));
}

}  // namespace hailstorm::events
