#include "tests/system/log_checker/history.h"

#include <array>
#include <ctime>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace hailstorm::history {
namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 10> kKinds{{
    {Kind::send, "send"},
    {Kind::acked, "acked"},
    {Kind::unknown, "unknown"},
    {Kind::refused, "refused"},
    {Kind::assigned, "assigned"},
    {Kind::read, "read"},
    {Kind::committed, "committed"},
    {Kind::saw_commit, "saw_commit"},
    {Kind::saw_end, "saw_end"},
    {Kind::final_log, "final_log"},
}};

std::optional<Event> parse(const std::string& line) {
  try {
    const auto json = nlohmann::json::parse(line);
    Event event;
    const auto name = json.at("op").get<std::string>();
    const auto* kind = kKinds.begin();
    while (kind != kKinds.end() && kind->second != name) ++kind;
    if (kind == kKinds.end()) return std::nullopt;
    event.kind = kind->first;
    event.who = json.value("who", "");
    event.group = json.value("group", "");
    event.seq = json.value("seq", int64_t{-1});
    event.partition = json.value("partition", int32_t{-1});
    event.offset = json.value("offset", int64_t{-1});
    event.value = json.value("value", "");
    event.durable = json.value("durable", false);
    event.begin_ns = json.value("begin_ns", int64_t{0});
    event.end_ns = json.value("end_ns", int64_t{0});
    return event;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string_view name_of(HistoryErrc code) {
  switch (code) {
    case HistoryErrc::cannot_read:
      return "cannot_read";
    case HistoryErrc::not_a_history:
      return "not_a_history";
  }
  return "unknown";
}

std::string_view name_of(Kind kind) { return kKinds.at(static_cast<size_t>(kind)).second; }

std::string value_of(std::string_view who, int64_t seq) { return fmt::format("{}/{}", who, seq); }

std::string to_line(const Event& event) {
  nlohmann::json json{{"op", name_of(event.kind)}};
  if (!event.who.empty()) json["who"] = event.who;
  if (!event.group.empty()) json["group"] = event.group;
  if (event.seq >= 0) json["seq"] = event.seq;
  if (event.partition >= 0) json["partition"] = event.partition;
  if (event.kind != Kind::send) json["offset"] = event.offset;
  if (!event.value.empty()) json["value"] = event.value;
  if (event.durable) json["durable"] = true;
  if (event.begin_ns != 0) json["begin_ns"] = event.begin_ns;
  if (event.end_ns != 0) json["end_ns"] = event.end_ns;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Status read_history(const std::filesystem::path& file, std::vector<Event>& into) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return Error(HistoryErrc::cannot_read, fmt::format("cannot read {}", file.string()));
  }
  std::string line;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    if (in.eof()) break;  // no newline: cut short
    auto event = parse(line);
    if (!event) {
      return Error(HistoryErrc::not_a_history,
                   fmt::format("{}:{} is no event of a history: {}", file.string(), number, line));
    }
    into.push_back(std::move(*event));
  }
  return {};
}

int64_t now_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace hailstorm::history
