#pragma once

#include <string>
#include <vector>

#include "common/log/admin.h"
#include "common/log/hailstorm/rpc_client.h"

namespace hailstorm::log::hail {

/// Administration over a connection of its own.
///
/// Thread safety: not safe. `environment` must remain live while this is in use.
class HailstormAdmin final : public Admin {
 public:
  HailstormAdmin(const Environment& environment, int timeout_ms) : rpc_(environment, timeout_ms) {}

  Result<bool> create_topic(const std::string& name, const TopicSettings& settings) override;
  Status delete_topic(const std::string& name) override;
  Result<std::vector<NamedSetting>> alter_topic(const std::string& name,
                                                const std::vector<NamedSetting>& settings) override;
  Result<int64_t> delete_records(const TopicPartition& id, int64_t before_offset) override;
  Status create_partitions(const std::string& name, int32_t total) override;
  Result<std::vector<TopicInfo>> describe_topics(const std::vector<std::string>& names) override;
  Result<FoundOffsets> offsets_at(const std::vector<TopicPartition>& partitions,
                                  int64_t timestamp_ms) override;
  Result<std::vector<GroupInfo>> list_groups() override;
  Result<GroupDescription> describe_group(const std::string& group) override;
  Status reset_offsets(const std::string& group, const std::vector<Position>& positions) override;
  Result<RewoundGroup> rewind_group(const std::string& group,
                                    const std::vector<Position>& positions) override;
  Status delete_group(const std::string& group) override;

 private:
  RpcClient rpc_;
};

}  // namespace hailstorm::log::hail
