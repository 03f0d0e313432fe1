#include "broker/server/group_handler.h"

#include <iterator>
#include <map>

namespace hailstorm::broker {
namespace {

// A topic's name and what goes with it, several times.
constexpr int64_t kPartitionAnswerBytes = 512;

}  // namespace

void GroupHandler::handle(const Caller& caller, const wire::GroupHeartbeatRequest& request) {
  coordinator_.heartbeat(request, to<wire::GroupHeartbeatReply>(caller));
}
void GroupHandler::handle(const Caller& caller, const wire::OffsetCommitRequest& request) {
  int64_t bytes = 0;
  for (const auto& offset : request.offsets)
    bytes += kPartitionAnswerBytes + std::ssize(offset.metadata);
  coordinator_.commit(request, to<wire::OffsetCommitReply>(caller, bytes));
}
void GroupHandler::handle(const Caller& caller, const wire::OffsetFetchRequest& request) {
  const int64_t bytes = kPartitionAnswerBytes * std::ssize(request.partitions);
  coordinator_.fetch_offsets(request, to<wire::OffsetFetchReply>(caller, bytes));
}
void GroupHandler::handle(const Caller& caller, const wire::ListGroupsRequest& request) {
  coordinator_.list(request, to<wire::ListGroupsReply>(caller));
}
void GroupHandler::handle(const Caller& caller, const wire::DescribeGroupRequest& request) {
  coordinator_.describe(request, to<wire::DescribeGroupReply>(caller));
}
void GroupHandler::handle(const Caller& caller, const wire::DeleteGroupRequest& request) {
  coordinator_.remove(request, to<wire::DeleteGroupReply>(caller));
}

void GroupHandler::measure() {
  Metrics::Samples samples;
  coordinator_.list({}, [&](const wire::ListGroupsReply& listed) {
    metrics_.groups.set(static_cast<double>(listed.groups.size()));
    for (const wire::GroupSummary& group : listed.groups) {
      std::map<std::string, int64_t> lags;  // by topic
      coordinator_.describe({group.group}, [&](const wire::DescribeGroupReply& described) {
        for (const wire::GroupPartition& partition : described.partitions) {
          lags[partition.id.topic] += partition.lag;
        }
      });
      for (const auto& [topic, lag] : lags) {
        samples.push_back({{{"group", group.group}, {"topic", topic}}, static_cast<double>(lag)});
      }
    }
  });
  metrics_.set_group_lags(samples);
}

}  // namespace hailstorm::broker
