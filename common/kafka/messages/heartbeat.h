#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// A member of a classic group stays, or leaves.
namespace hailstorm::kafka {

struct HeartbeatRequest {
  using Response = struct HeartbeatResponse;
  static constexpr ApiKey kKey = ApiKey::heartbeat;
  static constexpr std::string_view kName = "HeartbeatRequest";

  std::string group_id;
  int32_t generation_id = 0;
  std::string member_id;
  std::optional<std::string> group_instance_id;

  static Fields fields();
};

struct HeartbeatResponse {
  static constexpr ApiKey kKey = ApiKey::heartbeat;
  static constexpr std::string_view kName = "HeartbeatResponse";

  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;

  static Fields fields();
};

struct LeaveGroupRequest {
  using Response = struct LeaveGroupResponse;
  static constexpr ApiKey kKey = ApiKey::leave_group;
  static constexpr std::string_view kName = "LeaveGroupRequest";

  struct MemberIdentity {
    std::string member_id;
    std::optional<std::string> group_instance_id;
    std::optional<std::string> reason;

    static Fields fields();
  };
  std::string group_id;
  std::string member_id;
  std::vector<MemberIdentity> members;

  static Fields fields();
};

struct LeaveGroupResponse {
  static constexpr ApiKey kKey = ApiKey::leave_group;
  static constexpr std::string_view kName = "LeaveGroupResponse";

  struct MemberResponse {
    std::string member_id;
    std::optional<std::string> group_instance_id = "";
    int16_t error_code = 0;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::vector<MemberResponse> members;

  static Fields fields();
};

}  // namespace hailstorm::kafka
