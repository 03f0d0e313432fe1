#include "common/kafka/api.h"

#include <algorithm>

#include "common/base/check.h"

namespace hailstorm::kafka {
namespace {

constexpr Api kApis[] = {
    {ApiKey::produce, "Produce", 3, 13, 9},
    {ApiKey::fetch, "Fetch", 4, 18, 12},
    {ApiKey::list_offsets, "ListOffsets", 1, 11, 6},
    {ApiKey::metadata, "Metadata", 0, 13, 9},
    {ApiKey::offset_commit, "OffsetCommit", 2, 10, 8},
    {ApiKey::offset_fetch, "OffsetFetch", 1, 10, 6},
    {ApiKey::find_coordinator, "FindCoordinator", 0, 6, 3},
    {ApiKey::join_group, "JoinGroup", 0, 9, 6},
    {ApiKey::heartbeat, "Heartbeat", 0, 4, 4},
    {ApiKey::leave_group, "LeaveGroup", 0, 5, 4},
    {ApiKey::sync_group, "SyncGroup", 0, 5, 4},
    {ApiKey::describe_groups, "DescribeGroups", 0, 6, 5},
    {ApiKey::list_groups, "ListGroups", 0, 5, 3},
    {ApiKey::api_versions, "ApiVersions", 0, 5, 3},
    {ApiKey::create_topics, "CreateTopics", 2, 7, 5},
    {ApiKey::delete_topics, "DeleteTopics", 1, 6, 4},
    {ApiKey::delete_records, "DeleteRecords", 0, 2, 2},
    {ApiKey::init_producer_id, "InitProducerId", 0, 5, 2},
    {ApiKey::offset_for_leader_epoch, "OffsetForLeaderEpoch", 2, 4, 4},
    {ApiKey::describe_acls, "DescribeAcls", 1, 3, 2},
    {ApiKey::describe_configs, "DescribeConfigs", 1, 4, 4},
    {ApiKey::alter_configs, "AlterConfigs", 0, 2, 2},
    {ApiKey::describe_log_dirs, "DescribeLogDirs", 1, 4, 2},
    {ApiKey::create_partitions, "CreatePartitions", 0, 3, 2},
    {ApiKey::delete_groups, "DeleteGroups", 0, 2, 2},
    {ApiKey::incremental_alter_configs, "IncrementalAlterConfigs", 0, 1, 1},
    {ApiKey::list_partition_reassignments, "ListPartitionReassignments", 0, 0, 0},
    {ApiKey::offset_delete, "OffsetDelete", 0, 0, kNeverFlexible},
    {ApiKey::describe_client_quotas, "DescribeClientQuotas", 0, 1, 1},
    {ApiKey::describe_user_scram_credentials, "DescribeUserScramCredentials", 0, 0, 0},
    {ApiKey::describe_cluster, "DescribeCluster", 0, 2, 0},
    {ApiKey::describe_producers, "DescribeProducers", 0, 0, 0},
    {ApiKey::consumer_group_heartbeat, "ConsumerGroupHeartbeat", 0, 1, 0},
    {ApiKey::consumer_group_describe, "ConsumerGroupDescribe", 0, 1, 0},
    {ApiKey::list_config_resources, "ListConfigResources", 0, 1, 0},
    {ApiKey::describe_topic_partitions, "DescribeTopicPartitions", 0, 0, 0},
};

}  // namespace

std::span<const Api> all_apis() { return kApis; }

const Api* find_api(int16_t key) {
  const auto* const found = std::find_if(std::begin(kApis), std::end(kApis), [&](const Api& api) {
    return static_cast<int16_t>(api.key) == key;
  });
  return found == std::end(kApis) ? nullptr : found;
}

const Api& api_of(ApiKey key) {
  const Api* const api = find_api(static_cast<int16_t>(key));
  HAIL_CHECK(api != nullptr);
  return *api;
}

}  // namespace hailstorm::kafka
