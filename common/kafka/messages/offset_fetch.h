#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// The offsets that a group has stored.
namespace hailstorm::kafka {

struct OffsetFetchRequest {
  using Response = struct OffsetFetchResponse;
  static constexpr ApiKey kKey = ApiKey::offset_fetch;
  static constexpr std::string_view kName = "OffsetFetchRequest";

  struct Topic {
    std::string name;
    std::vector<int32_t> partition_indexes;

    static Fields fields();
  };
  struct Topics {
    std::string name;
    Uuid topic_id;
    std::vector<int32_t> partition_indexes;

    static Fields fields();
  };
  struct Group {
    std::string group_id;
    std::optional<std::string> member_id;
    int32_t member_epoch = -1;
    std::optional<std::vector<Topics>> topics = std::vector<Topics>();

    static Fields fields();
  };
  std::string group_id;
  std::optional<std::vector<Topic>> topics = std::vector<Topic>();
  std::vector<Group> groups;
  bool require_stable = false;

  static Fields fields();
};

struct OffsetFetchResponse {
  static constexpr ApiKey kKey = ApiKey::offset_fetch;
  static constexpr std::string_view kName = "OffsetFetchResponse";

  struct Partition {
    int32_t partition_index = 0;
    int64_t committed_offset = 0;
    int32_t committed_leader_epoch = -1;
    std::optional<std::string> metadata = "";
    int16_t error_code = 0;

    static Fields fields();
  };
  struct Topic {
    std::string name;
    std::vector<Partition> partitions;

    static Fields fields();
  };
  struct Partitions {
    int32_t partition_index = 0;
    int64_t committed_offset = 0;
    int32_t committed_leader_epoch = -1;
    std::optional<std::string> metadata = "";
    int16_t error_code = 0;

    static Fields fields();
  };
  struct Topics {
    std::string name;
    Uuid topic_id;
    std::vector<Partitions> partitions;

    static Fields fields();
  };
  struct Group {
    std::string group_id;
    std::vector<Topics> topics;
    int16_t error_code = 0;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<Topic> topics;
  int16_t error_code = 0;
  std::vector<Group> groups;

  static Fields fields();
};

}  // namespace hailstorm::kafka
