#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Groups deleted, and stored offsets.
namespace hailstorm::kafka {

struct DeleteGroupsRequest {
  using Response = struct DeleteGroupsResponse;
  static constexpr ApiKey kKey = ApiKey::delete_groups;
  static constexpr std::string_view kName = "DeleteGroupsRequest";

  std::vector<std::string> groups_names;

  static Fields fields();
};

struct DeleteGroupsResponse {
  static constexpr ApiKey kKey = ApiKey::delete_groups;
  static constexpr std::string_view kName = "DeleteGroupsResponse";

  struct DeletableGroupResult {
    std::string group_id;
    int16_t error_code = 0;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<DeletableGroupResult> results;

  static Fields fields();
};

struct OffsetDeleteRequest {
  using Response = struct OffsetDeleteResponse;
  static constexpr ApiKey kKey = ApiKey::offset_delete;
  static constexpr std::string_view kName = "OffsetDeleteRequest";

  struct Partition {
    int32_t partition_index = 0;

    static Fields fields();
  };
  struct Topic {
    std::string name;
    std::vector<Partition> partitions;

    static Fields fields();
  };
  std::string group_id;
  std::vector<Topic> topics;

  static Fields fields();
};

struct OffsetDeleteResponse {
  static constexpr ApiKey kKey = ApiKey::offset_delete;
  static constexpr std::string_view kName = "OffsetDeleteResponse";

  struct Partition {
    int32_t partition_index = 0;
    int16_t error_code = 0;

    static Fields fields();
  };
  struct Topic {
    std::string name;
    std::vector<Partition> partitions;

    static Fields fields();
  };
  int16_t error_code = 0;
  int32_t throttle_time_ms = 0;
  std::vector<Topic> topics;

  static Fields fields();
};

}  // namespace hailstorm::kafka
