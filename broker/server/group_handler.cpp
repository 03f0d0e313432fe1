#include "broker/server/group_handler.h"

#include <map>

namespace hailstorm::broker {

void GroupHandler::handle(const Caller& caller, const wire::GroupHeartbeatRequest& request) {
  coordinator_.heartbeat(request, to<wire::GroupHeartbeatReply>(caller));
}
void GroupHandler::handle(const Caller& caller, const wire::OffsetCommitRequest& request) {
  coordinator_.commit(request, to<wire::OffsetCommitReply>(caller));
}
void GroupHandler::handle(const Caller& caller, const wire::OffsetFetchRequest& request) {
  coordinator_.fetch_offsets(request, to<wire::OffsetFetchReply>(caller));
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
