#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// A member of a classic group joins, and learns its assignment.
namespace hailstorm::kafka {

struct JoinGroupRequest {
  using Response = struct JoinGroupResponse;
  static constexpr ApiKey kKey = ApiKey::join_group;
  static constexpr std::string_view kName = "JoinGroupRequest";

  struct Protocol {
    std::string name;
    Opaque metadata;

    static Fields fields();
  };
  std::string group_id;
  int32_t session_timeout_ms = 0;
  int32_t rebalance_timeout_ms = -1;
  std::string member_id;
  std::optional<std::string> group_instance_id;
  std::string protocol_type;
  std::vector<Protocol> protocols;
  std::optional<std::string> reason;

  static Fields fields();
};

struct JoinGroupResponse {
  static constexpr ApiKey kKey = ApiKey::join_group;
  static constexpr std::string_view kName = "JoinGroupResponse";

  struct Member {
    std::string member_id;
    std::optional<std::string> group_instance_id;
    Opaque metadata;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  int32_t generation_id = -1;
  std::optional<std::string> protocol_type;
  std::optional<std::string> protocol_name = "";
  std::string leader;
  bool skip_assignment = false;
  std::string member_id;
  std::vector<Member> members;

  static Fields fields();
};

struct SyncGroupRequest {
  using Response = struct SyncGroupResponse;
  static constexpr ApiKey kKey = ApiKey::sync_group;
  static constexpr std::string_view kName = "SyncGroupRequest";

  struct Assignment {
    std::string member_id;
    Opaque assignment;

    static Fields fields();
  };
  std::string group_id;
  int32_t generation_id = 0;
  std::string member_id;
  std::optional<std::string> group_instance_id;
  std::optional<std::string> protocol_type;
  std::optional<std::string> protocol_name;
  std::vector<Assignment> assignments;

  static Fields fields();
};

struct SyncGroupResponse {
  static constexpr ApiKey kKey = ApiKey::sync_group;
  static constexpr std::string_view kName = "SyncGroupResponse";

  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::optional<std::string> protocol_type;
  std::optional<std::string> protocol_name;
  Opaque assignment;

  static Fields fields();
};

}  // namespace hailstorm::kafka
