#pragma once

#include <tuple>

#include "broker/api/broker.h"
#include "broker/transport/kafka/cluster.h"
#include "broker/transport/kafka/kafka_call.h"
#include "broker/transport/kafka/sub_requests.h"
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

/// How each request of a Kafka client becomes requests to the broker, and their replies its
/// response. Functions of the broker's thread.
namespace hailstorm::broker {

/// What the functions below work with. A value: continuations keep it.
struct KafkaContext {
  Broker* broker;
  SubRequests* requests;
  const KafkaCluster* cluster;

  template <class Request, class Then>
  void ask(const KafkaCall& call, Request request, Then then) const {
    requests->ask(*broker, call.session(), std::move(request), std::move(then));
  }
};

/// Produce and Fetch name topics by their ids from this version on.
inline constexpr int16_t kNamesTopicsById = 13;

/// All requests that are served.
using ServedRequests =
    std::tuple<kafka::ProduceRequest, kafka::FetchRequest, kafka::ListOffsetsRequest,
               kafka::MetadataRequest, kafka::OffsetCommitRequest, kafka::OffsetFetchRequest,
               kafka::FindCoordinatorRequest, kafka::JoinGroupRequest, kafka::HeartbeatRequest,
               kafka::LeaveGroupRequest, kafka::SyncGroupRequest, kafka::ApiVersionsRequest,
               kafka::CreateTopicsRequest, kafka::DeleteTopicsRequest, kafka::InitProducerIdRequest,
               kafka::ListGroupsRequest, kafka::DescribeGroupsRequest, kafka::DeleteGroupsRequest,
               kafka::DescribeClusterRequest, kafka::DescribeConfigsRequest,
               kafka::CreatePartitionsRequest, kafka::OffsetForLeaderEpochRequest,
               kafka::AlterConfigsRequest, kafka::IncrementalAlterConfigsRequest,
               kafka::ListConfigResourcesRequest, kafka::DeleteRecordsRequest,
               kafka::OffsetDeleteRequest, kafka::DescribeLogDirsRequest,
               kafka::DescribeTopicPartitionsRequest, kafka::DescribeAclsRequest,
               kafka::ListPartitionReassignmentsRequest, kafka::DescribeClientQuotasRequest,
               kafka::DescribeUserScramCredentialsRequest, kafka::DescribeProducersRequest,
               kafka::ConsumerGroupHeartbeatRequest, kafka::ConsumerGroupDescribeRequest>;

/// The records of the request are batches to append: their bytes are changed.
void serve(KafkaContext context, KafkaCall call, kafka::ProduceRequest request);
void serve(KafkaContext context, KafkaCall call, kafka::FetchRequest request);
void serve(KafkaContext context, KafkaCall call, const kafka::ListOffsetsRequest& request);
void serve(KafkaContext context, KafkaCall call, kafka::MetadataRequest request);
void serve(KafkaContext context, KafkaCall call, const kafka::OffsetCommitRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::OffsetFetchRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::FindCoordinatorRequest& request);
void serve(KafkaContext context, KafkaCall call, kafka::JoinGroupRequest request);
void serve(KafkaContext context, KafkaCall call, const kafka::HeartbeatRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::LeaveGroupRequest& request);
void serve(KafkaContext context, KafkaCall call, kafka::SyncGroupRequest request);
void serve(KafkaContext context, KafkaCall call, const kafka::ApiVersionsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::CreateTopicsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::DeleteTopicsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::InitProducerIdRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::ListGroupsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::DescribeGroupsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::DeleteGroupsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::DescribeClusterRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::DescribeConfigsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::AlterConfigsRequest& request);
void serve(KafkaContext context, KafkaCall call,
           const kafka::IncrementalAlterConfigsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::ListConfigResourcesRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::DeleteRecordsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::OffsetDeleteRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::DescribeLogDirsRequest& request);
void serve(KafkaContext context, KafkaCall call,
           const kafka::DescribeTopicPartitionsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::DescribeProducersRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::CreatePartitionsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::OffsetForLeaderEpochRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::DescribeAclsRequest& request);
void serve(KafkaContext context, KafkaCall call,
           const kafka::ListPartitionReassignmentsRequest& request);
void serve(KafkaContext context, KafkaCall call, const kafka::DescribeClientQuotasRequest& request);
void serve(KafkaContext context, KafkaCall call,
           const kafka::DescribeUserScramCredentialsRequest& request);
void serve(KafkaContext context, KafkaCall call, kafka::ConsumerGroupHeartbeatRequest request);
void serve(KafkaContext context, KafkaCall call,
           const kafka::ConsumerGroupDescribeRequest& request);

/// One request as it came: whole, without its size. The sink must remain live until there is a
/// response; the frame's bytes are changed, and none is used after the return.
void serve_frame(const KafkaContext& context, KafkaResponseSink& sink, const KafkaRequestId& id,
                 MutableBytes frame);

/// To a request of a version that is not known: the versions that are, in the oldest form.
void refuse_version(const KafkaCall& call);

}  // namespace hailstorm::broker
