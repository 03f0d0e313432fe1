#include <cmath>
#include <fmt/format.h>

#include "common/base/time_text.h"
#include "common/events/events.h"
#include "common/json/json.h"

namespace hailstorm::events {
namespace {

json::Value json_of(const GeoPoint& point) { return {{"lat", point.lat}, {"lon", point.lon}}; }

void write(json::Value& object, const RideRequested& p) {
  object.add("pickup", json_of(p.pickup));
  object.add("dropoff", json_of(p.dropoff));
  object.add("requested_at", time_text(p.requested_at_ms));
}
void write(json::Value& object, const RideMatched& p) {
  object.add("driver_id", p.driver_id);
  object.add("pickup_at", time_text(p.pickup_at_ms));
  object.add("dropoff_at", time_text(p.dropoff_at_ms));
}
void write(json::Value& object, const RideUnmatched& p) { object.add("reason", p.reason); }
void write(json::Value& object, const PaymentAuthorized& p) {
  object.add("hold_id", p.hold_id);
  object.add("amount_cents", p.amount_cents);
}
void write(json::Value& object, const PaymentDeclined& p) { object.add("reason", p.reason); }

/// Reads typed fields of one object; remembers the first that was missing or of a wrong type.
class Fields {
 public:
  explicit Fields(const json::Value& object) : object_(object) {}

  std::string text(const char* name) {
    const json::Value* value = member(name);
    if (value != nullptr && value->text() != nullptr) return *value->text();
    return fail(name, "a string"), "";
  }
  int64_t integer(const char* name) {
    const json::Value* value = member(name);
    if (value != nullptr && value->integer()) return *value->integer();
    return fail(name, "an integer"), 0;
  }
  int64_t time_ms(const char* name) {
    const auto parsed = parse_time(text(name));
    if (parsed) return *parsed;
    return fail(name, "a time like 2014-04-01T00:11:00Z"), 0;
  }
  GeoPoint point(const char* name) {
    const json::Value* value = member(name);
    if (value == nullptr || value->members() == nullptr) return fail(name, "an object"), GeoPoint{};
    Fields inner(*value);
    const GeoPoint point{inner.real("lat"), inner.real("lon")};
    if (!inner.problem_.empty()) fail(name, "{lat, lon}");
    return point;
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  /// Null: there is none. Readers differ in which of two they take, so two are none.
  const json::Value* member(const char* name) {
    const json::Value* found = nullptr;
    for (const auto& [held, value] : *object_.members()) {
      if (held != name) continue;
      if (found != nullptr) return fail(name, "there once"), nullptr;
      found = &value;
    }
    return found;
  }
  double real(const char* name) {
    const json::Value* value = member(name);
    if (value != nullptr && value->number()) return *value->number();
    return fail(name, "a number"), 0;
  }
  void fail(const char* name, const char* wanted) {
    if (problem_.empty()) problem_ = fmt::format("field '{}' must be {}", name, wanted);
  }

  const json::Value& object_;
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
Result<Payload> read_payload(const json::Value& object) {
  Fields fields(object);
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
        json::Value object = {{"ride_id", p.ride_id}, {"rider_id", p.rider_id}};
        write(object, p);
        return json::to_sorted_text(object);
      },
      payload);
}

Result<Payload> from_json(std::string_view type, std::string_view text) {
  const auto parsed = json::parse(text);
  if (!parsed.ok() || parsed->members() == nullptr)
    return Error(EventErrc::bad_json, "the value is not a JSON object");
  if (type == RideRequested::kType) return read_payload<RideRequested>(*parsed);
  if (type == RideMatched::kType) return read_payload<RideMatched>(*parsed);
  if (type == RideUnmatched::kType) return read_payload<RideUnmatched>(*parsed);
  if (type == PaymentAuthorized::kType) return read_payload<PaymentAuthorized>(*parsed);
  if (type == PaymentDeclined::kType) return read_payload<PaymentDeclined>(*parsed);
  return Error(EventErrc::unknown_type, fmt::format("no event type is named '{}'", type));
}

}  // namespace hailstorm::events
