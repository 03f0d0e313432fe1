#include "common/base/check.h"
#include "common/base/enum_name.h"
#include "common/events/events.h"

namespace hailstorm::events {

std::string_view name_of(EventErrc code) { return enum_name(code); }

namespace {

template <class... Each>
std::vector<std::string> types_of(const std::variant<Each...>*) {
  return {std::string(Each::kType)...};
}

}  // namespace

std::vector<std::string> all_types() { return types_of(static_cast<const Payload*>(nullptr)); }

std::string_view type_of(const Payload& payload) {
  return std::visit([](const auto& p) { return std::decay_t<decltype(p)>::kType; }, payload);
}

const std::string& ride_id_of(const Payload& payload) {
  return std::visit([](const auto& p) -> const std::string& { return p.ride_id; }, payload);
}

const std::string& rider_id_of(const Payload& payload) {
  return std::visit([](const auto& p) -> const std::string& { return p.rider_id; }, payload);
}

std::string id_of(const Payload& payload) {
  return ride_id_of(payload) + "/" + std::string(type_of(payload));
}

Event make_event(std::string source, int64_t time_ms, Payload payload, std::string traceparent) {
  std::string id = id_of(payload);
  return {std::move(id), std::move(source), time_ms, std::move(traceparent), std::move(payload)};
}

}  // namespace hailstorm::events
