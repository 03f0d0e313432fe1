#include "services/lab/passport/passport.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>
#include <system_error>

#include "common/base/text.h"
#include "common/base/time_text.h"
#include "common/json/member_reader.h"
#include "common/store/database.h"
#include "services/lab/api/errors.h"
#include "services/lab/passport/log_entries.h"
#include "services/lab/passport/store_entries.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

/// Clocks of riders, broker and services may differ by so much.
constexpr int64_t kClocksDifferMs = 2'000;

/// What comes first of what happened in the same millisecond.
size_t rank_of(const PassportEntry& entry) {
  constexpr std::array<std::string_view, 10> kOrder = {
      "accepted", "waits",  "set aside", "appended",    "replayed",
      "handled",  "effect", "message",   "dead letter", "skipped"};
  return static_cast<size_t>(std::find(kOrder.begin(), kOrder.end(), entry.what) - kOrder.begin());
}

/// What has no time of its own stands after what its lane has of before, the others in order.
void put_in_order(std::vector<PassportEntry>& entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    if (a.lane != b.lane) return a.lane > b.lane;  // the log lane first
    if (a.time_ms && b.time_ms && *a.time_ms != *b.time_ms) return *a.time_ms < *b.time_ms;
    if (a.time_ms.has_value() != b.time_ms.has_value()) return !a.time_ms.has_value();
    return rank_of(a) < rank_of(b);
  });
}

Status read_stores(const fs::path& data, Passport& passport) {
  HandledTimes handled;
  for (const auto& service : registry::names()) {
    const fs::path path = data / service / (service + ".db");
    std::error_code unreadable;
    if (!fs::exists(path, unreadable)) {
      passport.notes.push_back("not there: " + path.string());
      continue;
    }
    HAIL_ASSIGN_OR_RETURN(const auto db,
                          store::Database::open(path.string(), store::Database::Mode::read_only));
    if (Status added = add_store_entries(*db, service, passport, handled); !added.ok()) {
      return std::move(added).error().in(path.string());
    }
  }
  return {};
}

/// The earliest time that a store knows of the ride on the log lane.
std::optional<int64_t> first_known_ms(const Passport& passport) {
  std::optional<int64_t> first;
  for (const auto& entry : passport.entries) {
    if (entry.lane != "log" || !entry.time_ms) continue;
    first = std::min(first.value_or(*entry.time_ms), *entry.time_ms);
  }
  return first;
}

void read_log(log::Engine& engine, Passport& passport) {
  const auto first_ms = first_known_ms(passport);
  if (passport.rider_id.empty() || !first_ms) {
    passport.notes.emplace_back(
        "the log is not read: no store knows the rider and a time of the ride there");
    return;
  }
  if (const auto read = add_log_entries(engine, *first_ms - kClocksDifferMs, passport);
      !read.ok()) {
    passport.notes.push_back("the log could not be read: " + read.error().message());
  }
}

}  // namespace

Result<Passport> passport_of(const PassportSources& sources, const std::string& ride_id) {
  Passport passport;
  passport.ride_id = ride_id;
  HAIL_RETURN_IF_ERROR(read_stores(sources.data, passport));
  if (passport.entries.empty()) {
    return Error(ApiErrc::not_found,
                 fmt::format("no service has a trace of a ride '{}'", printable(ride_id)));
  }
  const bool is_on_log = std::any_of(passport.entries.begin(), passport.entries.end(),
                                     [](const auto& entry) { return entry.lane == "log"; });
  if (sources.engine != nullptr && is_on_log) read_log(*sources.engine, passport);
  put_in_order(passport.entries);
  return passport;
}

json::Value to_json(const Passport& passport) {
  json::Value entries = json::Value::array();
  for (const auto& entry : passport.entries) {
    json::Value one = {{"t_ms", entry.time_ms}, {"lane", entry.lane},   {"by", entry.by},
                       {"what", entry.what},    {"event", entry.event}, {"detail", entry.detail}};
    for (const auto& member : *entry.more.members()) one.add(member.name, member.value);
    entries.push_back(std::move(one));
  }
  return {{"ride_id", passport.ride_id},
          {"rider_id", passport.rider_id},
          {"traceparent", passport.traceparent},
          {"entries", std::move(entries)},
          {"notes", passport.notes}};
}

Result<Passport> passport_from(const json::Value& value) {
  Passport passport;
  HAIL_RETURN_IF_ERROR(json::MemberReader(value)
                           .required("ride_id", passport.ride_id)
                           .required("rider_id", passport.rider_id)
                           .required("traceparent", passport.traceparent)
                           .required("notes", passport.notes)
                           .status());
  const json::Value* entries = value.find("entries");
  if (entries == nullptr || entries->elements() == nullptr) return passport;
  for (const auto& one : *entries->elements()) {
    PassportEntry entry;
    HAIL_RETURN_IF_ERROR(json::MemberReader(one)
                             .required("lane", entry.lane)
                             .required("by", entry.by)
                             .required("what", entry.what)
                             .required("event", entry.event)
                             .required("detail", entry.detail)
                             .status());
    entry.time_ms = one.find("t_ms") != nullptr ? one.find("t_ms")->integer() : std::nullopt;
    for (const auto& [name, member] : *one.members()) {
      constexpr std::array<std::string_view, 6> kOwn = {"t_ms", "lane",  "by",
                                                        "what", "event", "detail"};
      if (std::find(kOwn.begin(), kOwn.end(), name) == kOwn.end()) entry.more.add(name, member);
    }
    passport.entries.push_back(std::move(entry));
  }
  return passport;
}

std::string to_text(const Passport& passport) {
  std::string text =
      fmt::format("ride {} of {}\n", printable(passport.ride_id),
                  passport.rider_id.empty() ? "an unknown rider" : printable(passport.rider_id));
  if (!passport.traceparent.empty()) text += "trace " + printable(passport.traceparent) + "\n";
  for (const auto& entry : passport.entries) {
    const std::string time = entry.time_ms ? time_text(*entry.time_ms) : "";
    text += fmt::format("  {:<24}  {:<5}  {:<12}  {:<11}  {:<18}  {}\n", time, entry.lane, entry.by,
                        entry.what, entry.event, printable(entry.detail));
  }
  for (const auto& note : passport.notes) text += "  note: " + printable(note) + "\n";
  return text;
}

}  // namespace hailstorm::lab
