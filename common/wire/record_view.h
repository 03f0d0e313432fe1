#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hailstorm::wire {

struct RecordHeaderView {
  std::string_view key;
  std::optional<std::string_view> value;
};

/// One record, seen in place. The bytes it was read from must remain live while it is in use.
struct RecordView {
  int64_t offset = 0;
  int64_t timestamp_ms = 0;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  std::vector<RecordHeaderView> headers;
};

}  // namespace hailstorm::wire
