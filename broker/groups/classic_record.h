#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "broker/groups/offsets_schema.h"

namespace hailstorm::groups {

/// The record of a classic group: Kafka's GroupMetadataValue.
struct ClassicGroupValue {
  struct Member {
    std::string id;
    std::string instance_id;  // empty: dynamic
    std::string client_id;
    std::string client_host;
    int32_t rebalance_timeout_ms = 0;
    int32_t session_timeout_ms = 0;
    std::string subscription;
    std::string assignment;
    friend bool operator==(const Member&, const Member&) = default;
  };
  std::string protocol_type;
  int32_t generation = 0;
  std::string protocol;  // empty: the group has no members
  std::string leader;    // the same
  std::vector<Member> members;
  friend bool operator==(const ClassicGroupValue&, const ClassicGroupValue&) = default;
};

[[nodiscard]] std::string encode(const ClassicGroupValue& value);

template <>
[[nodiscard]] Result<ClassicGroupValue> decode_value(std::string_view bytes);

}  // namespace hailstorm::groups
