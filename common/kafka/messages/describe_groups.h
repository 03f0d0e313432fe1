#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Which groups there are, and their members.
namespace hailstorm::kafka {

struct DescribeGroupsRequest {
  using Response = struct DescribeGroupsResponse;
  static constexpr ApiKey kKey = ApiKey::describe_groups;
  static constexpr std::string_view kName = "DescribeGroupsRequest";

  std::vector<std::string> groups;
  bool include_authorized_operations = false;

  static Fields fields();
};

struct DescribeGroupsResponse {
  static constexpr ApiKey kKey = ApiKey::describe_groups;
  static constexpr std::string_view kName = "DescribeGroupsResponse";

  struct DescribedGroupMember {
    std::string member_id;
    std::optional<std::string> group_instance_id;
    std::string client_id;
    std::string client_host;
    Opaque member_metadata;
    Opaque member_assignment;

    static Fields fields();
  };
  struct DescribedGroup {
    int16_t error_code = 0;
    std::optional<std::string> error_message;
    std::string group_id;
    std::string group_state;
    std::string protocol_type;
    std::string protocol_data;
    std::vector<DescribedGroupMember> members;
    int32_t authorized_operations = INT32_MIN;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<DescribedGroup> groups;

  static Fields fields();
};

struct ListGroupsRequest {
  using Response = struct ListGroupsResponse;
  static constexpr ApiKey kKey = ApiKey::list_groups;
  static constexpr std::string_view kName = "ListGroupsRequest";

  std::vector<std::string> states_filter;
  std::vector<std::string> types_filter;

  static Fields fields();
};

struct ListGroupsResponse {
  static constexpr ApiKey kKey = ApiKey::list_groups;
  static constexpr std::string_view kName = "ListGroupsResponse";

  struct ListedGroup {
    std::string group_id;
    std::string protocol_type;
    std::string group_state;
    std::string group_type;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::vector<ListedGroup> groups;

  static Fields fields();
};

}  // namespace hailstorm::kafka
