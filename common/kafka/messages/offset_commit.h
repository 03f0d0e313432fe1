#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// The offsets that a group has read up to, stored.
namespace hailstorm::kafka {

struct OffsetCommitRequest {
  using Response = struct OffsetCommitResponse;
  static constexpr ApiKey kKey = ApiKey::offset_commit;
  static constexpr std::string_view kName = "OffsetCommitRequest";

  struct Partition {
    int32_t partition_index = 0;
    int64_t committed_offset = 0;
    int32_t committed_leader_epoch = -1;
    std::optional<std::string> committed_metadata = "";

    static Fields fields();
  };
  struct Topic {
    std::string name;
    Uuid topic_id;
    std::vector<Partition> partitions;

    static Fields fields();
  };
  std::string group_id;
  int32_t generation_id_or_member_epoch = -1;
  std::string member_id;
  std::optional<std::string> group_instance_id;
  int64_t retention_time_ms = -1;
  std::vector<Topic> topics;

  static Fields fields();
};

struct OffsetCommitResponse {
  static constexpr ApiKey kKey = ApiKey::offset_commit;
  static constexpr std::string_view kName = "OffsetCommitResponse";

  struct Partition {
    int32_t partition_index = 0;
    int16_t error_code = 0;

    static Fields fields();
  };
  struct Topic {
    std::string name;
    Uuid topic_id;
    std::vector<Partition> partitions;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<Topic> topics;

  static Fields fields();
};

}  // namespace hailstorm::kafka
