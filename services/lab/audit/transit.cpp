#include "services/lab/audit/transit.h"

#include <algorithm>
#include <optional>
#include <string>

#include "common/base/bytes.h"

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

bool reads(size_t reader, Kind kind) {
  const std::string_view name = kReaderNames.at(reader);
  if (name == "matching") return kind == Kind::ride_requested || kind == Kind::payment_declined;
  if (name == "payment") return kind == Kind::ride_requested || kind == Kind::ride_unmatched;
  return true;
}

}  // namespace

Status read_transit(store::Database& db, std::string_view service, LaneFacts& rides) {
  HAIL_RETURN_IF_ERROR(db.query("SELECT headers FROM outbox", {}, [&](const store::Row& row) {
    const std::string headers = row.text(0);
    if (const auto event = parse_event_id(event_id_in(headers)))
      rides[event->ride_id].in_outbox.add(event->kind);
  }));
  const auto* const reader = std::find(kReaderNames.begin(), kReaderNames.end(), service);
  if (reader == kReaderNames.end()) return {};
  const auto number = static_cast<size_t>(reader - kReaderNames.begin());
  return db.query("SELECT event_id FROM inbox", {}, [&](const store::Row& row) {
    if (const auto event = parse_event_id(row.text(0)))
      rides[event->ride_id].in_inbox_of.at(number).add(event->kind);
  });
}

bool is_on_its_way(const RideFacts& ride) {
  for (size_t i = 0; i < kKinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    if (ride.in_log[kind] == 0 && !ride.in_outbox.has(kind)) continue;
    for (size_t reader = 0; reader < kReaders; ++reader) {
      if (reads(reader, kind) && !ride.in_inbox_of.at(reader).has(kind)) return true;
    }
  }
  return false;
}

}  // namespace hailstorm::lab
