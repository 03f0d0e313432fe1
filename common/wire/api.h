#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hailstorm::wire {

/// What a request asks for. Goes over the wire: do not renumber.
enum class Api : uint8_t {
  produce = 1,
  fetch = 2,
  list_offsets = 3,
  metadata = 4,
  create_topic = 5,
  delete_topic = 6,
  create_partitions = 7,
  init_producer_id = 8,
  group_heartbeat = 9,
  offset_commit = 10,
  offset_fetch = 11,
  list_groups = 12,
  describe_group = 13,
  delete_group = 14,
  rewind_group = 15,
  alter_topic = 16,
  delete_records = 17,
};

inline constexpr uint8_t kMostApis = 64;  // no number is higher

/// The constant's own name; "unknown" where no constant has the value.
[[nodiscard]] std::string_view name_of(Api api);
/// False for a number that came over the wire and is no Api.
[[nodiscard]] bool is_known(Api api);
/// What a broker answers that does not know the request: it is older than its client.
[[nodiscard]] std::string unknown_api_text(Api api);

}  // namespace hailstorm::wire
