#include "services/gateway/ride_body.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "common/base/text.h"
#include "common/base/time_text.h"
#include "common/events/ranges.h"
#include "common/json/tokens.h"
#include "services/gateway/rider_id.h"

namespace hailstorm::gateway {
namespace {

enum class Kind { object, text, number };
struct Field {
  std::string_view path;
  Kind kind;
  std::string_view must_be;
};
constexpr std::string_view kTimeField = "requested_at";  // the one that may be left out
constexpr std::array<Field, 8> kFields = {{
    {"rider_id", Kind::text, "a text of 1 to 100 printable characters"},
    {"pickup", Kind::object, "an object with lat and lon"},
    {"pickup.lat", Kind::number, "a number from -90 to 90"},
    {"pickup.lon", Kind::number, "a number from -180 to 180"},
    {"dropoff", Kind::object, "an object with lat and lon"},
    {"dropoff.lat", Kind::number, "a number from -90 to 90"},
    {"dropoff.lon", Kind::number, "a number from -180 to 180"},
    {kTimeField, Kind::text, "a time as RFC 3339 has it, such as 2014-04-01T00:11:00Z"},
}};
constexpr size_t kShownNameBytes = 60;

/// The text at which the parser failed, the field's name included, looks like NaN or Infinity.
bool looks_not_finite(std::string_view token) {
  token.remove_prefix(token.rfind(':') + 1);
  const size_t at = token.find_first_not_of("\"-+ ");
  if (at == std::string_view::npos) return false;
  token.remove_prefix(at);
  return token[0] == 'N' || token[0] == 'I' || token[0] == 'i' || token.starts_with("na");
}

/// Fills a ride straight from the parser's tokens, so that nothing deeper or other than a ride is
/// ever built. Thread safety: not safe.
class BodyReader final : public json::TokenHandler {
 public:
  explicit BodyReader(int64_t now_ms) : latest_ms_(events::latest_accepted_ms(now_ms)) {
    ride_body.ride.requested_at_ms = now_ms;
  }

  RideBody ride_body;
  std::optional<RequestProblem> refused;

  bool begin_array() override { return wrong_type(); }
  bool end_array() override { return true; }
  bool scalar(json::Value value) override {
    if (const auto* read = value.text()) return text(*read);
    if (const auto read = value.number()) return number(*read);
    return wrong_type();
  }

  bool begin_object() override {
    if (depth_++ == 0) return true;
    if (!expects(Kind::object)) return wrong_type();
    point_ = field_->path;
    field_ = nullptr;
    return true;
  }

  bool end_object() override {
    --depth_;
    point_ = {};
    field_ = nullptr;
    return true;
  }

  bool name(std::string name) override {
    path_ = point_.empty() ? name : fmt::format("{}.{}", point_, name);
    const auto found = std::find_if(kFields.begin(), kFields.end(),
                                    [this](const Field& one) { return one.path == path_; });
    // "pickup.lat" at the top is a name of its own, not the path to the point's member.
    if (found == kFields.end() || name.find('.') != std::string::npos) {
      path_ = name.empty() ? "(empty name)" : shortened(path_, kShownNameBytes);
      return refuse(422, "is not a field of a ride");
    }
    field_ = &*found;
    bool& seen = seen_[static_cast<size_t>(found - kFields.begin())];
    if (seen) return refuse(422, "is given twice");
    seen = true;
    return true;
  }

  void syntax_error(json::SyntaxError error) override {
    if (field_ != nullptr && field_->kind == Kind::number &&
        (error.is_overflow || looks_not_finite(error.last_token))) {
      out_of_range();
      return;
    }
    const std::string where = path_.empty() ? "" : fmt::format(", at or after {}", path_);
    refused = {400, path_.empty() ? "body" : path_,
               fmt::format("the body is not valid JSON (byte {}{})", error.position, where)};
  }

  void check_complete() {
    if (refused) return;
    for (size_t i = 0; i < kFields.size(); ++i) {
      if (seen_[i] || kFields[i].path == kTimeField) continue;
      path_ = kFields[i].path;
      refuse(422, fmt::format("is missing; it must be {}", kFields[i].must_be));
      return;
    }
  }

 private:
  [[nodiscard]] bool expects(Kind kind) const { return field_ != nullptr && field_->kind == kind; }

  bool text(const std::string& value) {
    if (!expects(Kind::text)) return wrong_type();
    if (field_->path == "rider_id") {
      if (!is_rider_id(value)) return out_of_range();
      ride_body.ride.rider_id = value;
      return true;
    }
    const auto time_ms = parse_time(value);
    if (!time_ms) return out_of_range();
    if (!events::is_event_time(*time_ms, latest_ms_)) {
      return refuse(422, "must be a time from 1970 to a day ahead of now");
    }
    ride_body.ride.requested_at_ms = *time_ms;
    ride_body.has_time = true;
    return true;
  }

  bool number(double value) {
    if (!expects(Kind::number)) return wrong_type();
    events::RideRequested& ride = ride_body.ride;
    events::GeoPoint& point = point_ == "pickup" ? ride.pickup : ride.dropoff;
    const bool is_lat = field_->path.ends_with(".lat");
    const bool in_range = is_lat ? events::is_latitude(value) : events::is_longitude(value);
    if (!in_range) return out_of_range();
    (is_lat ? point.lat : point.lon) = value;
    return true;
  }

  bool wrong_type() {
    if (field_ != nullptr) return out_of_range();
    path_ = "body";
    return refuse(422, "must be one JSON object that describes a ride");
  }
  bool out_of_range() { return refuse(422, fmt::format("must be {}", field_->must_be)); }
  bool refuse(int status, const std::string& what) {
    refused = {status, path_, fmt::format("{} {}", path_, what)};
    return false;
  }

  const int64_t latest_ms_;
  int depth_ = 0;
  std::string_view point_;        // the open object's name: empty, "pickup" or "dropoff"
  std::string path_;              // of the last key
  const Field* field_ = nullptr;  // the field whose value comes next
  std::array<bool, kFields.size()> seen_{};
};

}  // namespace

std::variant<RideBody, RequestProblem> parse_ride_body(std::string_view body, int64_t now_ms) {
  if (body.size() > kMaxBodyBytes) {
    return RequestProblem{413, "body",
                          fmt::format("the body is larger than {} bytes", kMaxBodyBytes)};
  }
  BodyReader reader(now_ms);
  json::read_tokens(body, reader);
  reader.check_complete();
  if (reader.refused) return std::move(*reader.refused);
  return std::move(reader.ride_body);
}

}  // namespace hailstorm::gateway
