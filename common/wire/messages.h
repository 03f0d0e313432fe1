#pragma once

#include <tuple>

#include "common/wire/group_messages.h"
#include "common/wire/record_messages.h"
#include "common/wire/topic_messages.h"

/// The requests of the broker's protocol, one for each Api, and their replies. Bodies travel as
/// cereal PortableBinary (codec.h); record batches travel beside them as frames of their own.
namespace hailstorm::wire {

using Requests =
    std::tuple<ProduceRequest, FetchRequest, ListOffsetsRequest, MetadataRequest,
               CreateTopicRequest, DeleteTopicRequest, CreatePartitionsRequest,
               InitProducerIdRequest, GroupHeartbeatRequest, OffsetCommitRequest,
               OffsetFetchRequest, ListGroupsRequest, DescribeGroupRequest, DeleteGroupRequest,
               RewindGroupRequest, AlterTopicRequest, DeleteRecordsRequest>;

/// True for requests that bring a record batch, which travels beside the body.
template <class Request>
inline constexpr bool kHasBatch = requires {
  Request::kHasBatch;
};

}  // namespace hailstorm::wire
