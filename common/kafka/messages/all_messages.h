#pragma once

#include <type_traits>

#include "common/kafka/api.h"
#include "common/kafka/messages/alter_configs.h"
#include "common/kafka/messages/api_versions.h"
#include "common/kafka/messages/consumer_group_describe.h"
#include "common/kafka/messages/consumer_group_heartbeat.h"
#include "common/kafka/messages/create_topics.h"
#include "common/kafka/messages/delete_groups.h"
#include "common/kafka/messages/delete_topics.h"
#include "common/kafka/messages/describe_access.h"
#include "common/kafka/messages/describe_cluster.h"
#include "common/kafka/messages/describe_configs.h"
#include "common/kafka/messages/describe_groups.h"
#include "common/kafka/messages/describe_log_dirs.h"
#include "common/kafka/messages/describe_producers.h"
#include "common/kafka/messages/fetch.h"
#include "common/kafka/messages/find_coordinator.h"
#include "common/kafka/messages/heartbeat.h"
#include "common/kafka/messages/init_producer_id.h"
#include "common/kafka/messages/join_group.h"
#include "common/kafka/messages/list_offsets.h"
#include "common/kafka/messages/metadata.h"
#include "common/kafka/messages/offset_commit.h"
#include "common/kafka/messages/offset_fetch.h"
#include "common/kafka/messages/produce.h"

namespace hailstorm::kafka {

/// A list of request types; each names its Response. Pure functions: safe from any thread.
template <class... Request>
struct RequestTypes {
  /// Calls `use(std::type_identity<Request>())` for the type with this key. False: none has it.
  template <class Use>
  static bool with(ApiKey key, Use&& use) {
    return ((Request::kKey == key && (use(std::type_identity<Request>()), true)) || ...);
  }
  template <class Use>
  static void each(Use&& use) {
    (use(std::type_identity<Request>()), ...);
  }
};

using AllRequests = RequestTypes<
    ProduceRequest, FetchRequest, ListOffsetsRequest, MetadataRequest, OffsetCommitRequest,
    OffsetFetchRequest, FindCoordinatorRequest, JoinGroupRequest, HeartbeatRequest,
    LeaveGroupRequest, SyncGroupRequest, DescribeGroupsRequest, ListGroupsRequest,
    ApiVersionsRequest, CreateTopicsRequest, DeleteTopicsRequest, DeleteRecordsRequest,
    InitProducerIdRequest, OffsetForLeaderEpochRequest, DescribeAclsRequest, DescribeConfigsRequest,
    AlterConfigsRequest, DescribeLogDirsRequest, CreatePartitionsRequest, DeleteGroupsRequest,
    IncrementalAlterConfigsRequest, ListPartitionReassignmentsRequest, OffsetDeleteRequest,
    DescribeClientQuotasRequest, DescribeUserScramCredentialsRequest, DescribeClusterRequest,
    DescribeProducersRequest, ConsumerGroupHeartbeatRequest, ConsumerGroupDescribeRequest,
    ListConfigResourcesRequest, DescribeTopicPartitionsRequest>;

}  // namespace hailstorm::kafka
