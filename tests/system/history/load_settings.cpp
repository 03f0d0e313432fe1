#include "tests/system/history/load_settings.h"

#include <algorithm>

#include "common/base/logging.h"
#include "common/base/options.h"
#include "tests/system/log_checker/history.h"

namespace hailstorm::history {

std::string LoadSettings::value(int64_t seq) const {
  std::string value = value_of(who, seq);
  value.resize(std::max(value.size(), static_cast<size_t>(value_bytes)), ' ');
  return value;
}

std::optional<int> read_settings(const std::string& program, int argc, char** argv,
                                 LoadSettings& settings) {
  Options options(program, "Uses the log and writes down what it sees.");
  options.add_positional_choice("role", settings.role, {"produce", "consume", "observe"},
                                "what it does");
  options.add_required("url", settings.url, "the log");
  options.add_required("topic", settings.topic, "what to write or read");
  options.add_required("who", settings.who, "a name that no other process has");
  options.add("group", settings.group, "of the members");
  options.add_required("out", settings.out, "file of the history");
  options.add("acks", settings.acks, {-1, 1}, "1 or -1 (all)");
  options.add("keys", settings.keys, {1, 1'000'000}, "how many there are");
  options.add("value-bytes", settings.value_bytes, {0, 1 << 20, "bytes"},
              "size of a record's value");
  options.add("per-second", settings.per_second, {1, 1'000'000, "records"}, "records");
  options.add("committed-every", settings.committed_every, {1, 1'000'000, "records"}, "records");
  if (const auto code = options.parse(argc, argv)) return code;
  init_logging("history-load", log_level_from("warn"));
  return std::nullopt;
}

}  // namespace hailstorm::history
