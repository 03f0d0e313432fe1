#include "services/lab/audit/transit.h"

#include <array>
#include <optional>
#include <string>

#include "common/base/bytes.h"
#include "common/base/check.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

struct EventName {
  std::string ride_id;
  Kind kind{};
};

/// Of an event's id, "RIDE/TYPE". What could not be decoded has its place in the log as id.
std::optional<EventName> parse_event_id(std::string_view id) {
  const size_t slash = id.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto kind = kind_of(id.substr(slash + 1));
  if (!kind) return std::nullopt;
  return EventName{std::string(id.substr(0, slash)), *kind};
}

/// The value of ce_id in an outbox row's headers: names and values, each after its big-endian
/// length of four bytes.
std::string_view event_id_in(std::string_view headers) {
  using namespace std::string_view_literals;
  constexpr auto kName =
      "\0\0\0\x05"
      "ce_id"sv;
  constexpr size_t kLengthBytes = 4;
  const size_t at = headers.find(kName);
  if (at == std::string_view::npos) return {};
  std::string_view rest = headers.substr(at + kName.size());
  if (rest.size() < kLengthBytes) return {};
  const auto length = get_be<uint32_t>(as_bytes(rest).data());
  return rest.substr(kLengthBytes).substr(0, length);
}

/// For each kind the services that must have applied it before a ride is settled.
std::array<ServiceSet, kKinds> settling_services() {
  std::array<ServiceSet, kKinds> services;
  const auto& all = registry::services();
  for (size_t i = 0; i < all.size(); ++i) {
    for (const auto& event : all[i].settling_events) {
      const auto kind = kind_of(event);
      HAIL_CHECK(kind);
      services.at(static_cast<size_t>(*kind)).add(i);
    }
  }
  return services;
}

size_t index_of(std::string_view service) {
  return static_cast<size_t>(&registry::service(service) - registry::services().data());
}

}  // namespace

Status read_transit(store::Database& db, std::string_view service, LaneFacts& rides) {
  HAIL_RETURN_IF_ERROR(db.query("SELECT headers FROM outbox", {}, [&](const store::Row& row) {
    const std::string headers = row.text(0);
    if (const auto event = parse_event_id(event_id_in(headers)))
      rides[event->ride_id].in_outbox.add(event->kind);
  }));
  if (registry::service(service).settling_events.empty()) return {};
  const size_t index = index_of(service);
  return db.query("SELECT event_id FROM inbox", {}, [&](const store::Row& row) {
    if (const auto event = parse_event_id(row.text(0)))
      rides[event->ride_id].applied_by.at(static_cast<size_t>(event->kind)).add(index);
  });
}

bool is_on_its_way(const RideFacts& ride) {
  static const auto kAwaited = settling_services();
  for (size_t i = 0; i < kKinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    const bool is_there = ride.in_log[kind] > 0 || ride.in_outbox.has(kind);
    if (is_there && !ride.applied_by.at(i).has_all(kAwaited.at(i))) return true;
  }
  return false;
}

}  // namespace hailstorm::lab
