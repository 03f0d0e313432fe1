#include "broker/api/group_handler.h"

#include <iterator>
#include <map>
#include <vector>

namespace hailstorm::broker {
namespace {

// A topic's name and what goes with it, several times.
constexpr int64_t kPartitionAnswerBytes = 512;

int64_t bytes_of(const std::vector<wire::CommittedOffset>& offsets) {
  int64_t bytes = 0;
  for (const auto& offset : offsets) bytes += kPartitionAnswerBytes + std::ssize(offset.metadata);
  return bytes;
}

}  // namespace

void GroupHandler::handle(const wire::GroupHeartbeatRequest& request,
                          Responder<wire::GroupHeartbeatReply> responder) {
  coordinator_.heartbeat(request, to(std::move(responder)));
}
void GroupHandler::handle(const wire::OffsetCommitRequest& request,
                          Responder<wire::OffsetCommitReply> responder) {
  coordinator_.commit(request, to(std::move(responder), bytes_of(request.offsets)));
}
void GroupHandler::handle(const wire::RewindGroupRequest& request,
                          Responder<wire::RewindGroupReply> responder) {
  coordinator_.rewind(request, to(std::move(responder), 2 * bytes_of(request.offsets)));
}
void GroupHandler::handle(const wire::OffsetFetchRequest& request,
                          Responder<wire::OffsetFetchReply> responder) {
  const int64_t bytes = kPartitionAnswerBytes * std::ssize(request.partitions);
  coordinator_.fetch_offsets(request, to(std::move(responder), bytes));
}
void GroupHandler::handle(const wire::ListGroupsRequest& request,
                          Responder<wire::ListGroupsReply> responder) {
  coordinator_.list(request, to(std::move(responder)));
}
void GroupHandler::handle(const wire::DescribeGroupRequest& request,
                          Responder<wire::DescribeGroupReply> responder) {
  coordinator_.describe(request, to(std::move(responder)));
}
void GroupHandler::handle(const wire::DeleteGroupRequest& request,
                          Responder<wire::DeleteGroupReply> responder) {
  coordinator_.remove(request, to(std::move(responder)));
}

void GroupHandler::handle(const groups::ClassicJoinRequest& request,
                          Responder<groups::ClassicJoinReply> responder) {
  coordinator_.classic(request, to(std::move(responder)));
}
void GroupHandler::handle(const groups::ClassicSyncRequest& request,
                          Responder<groups::ClassicSyncReply> responder) {
  coordinator_.classic(request, to(std::move(responder)));
}
void GroupHandler::handle(const groups::ClassicHeartbeatRequest& request,
                          Responder<groups::ClassicHeartbeatReply> responder) {
  coordinator_.classic(request, to(std::move(responder)));
}
void GroupHandler::handle(const groups::ClassicLeaveRequest& request,
                          Responder<groups::ClassicLeaveReply> responder) {
  coordinator_.classic(request, to(std::move(responder)));
}
void GroupHandler::handle(const groups::ClassicCommitRequest& request,
                          Responder<groups::ClassicCommitReply> responder) {
  coordinator_.classic(request, to(std::move(responder), bytes_of(request.offsets)));
}

void GroupHandler::handle(const groups::ClassicDescribeRequest& request,
                          Responder<groups::ClassicDescribeReply> responder) {
  coordinator_.classic(request, to(std::move(responder)));
}
void GroupHandler::handle(const groups::ConsumerHeartbeatRequest& request,
                          Responder<groups::ConsumerHeartbeatReply> responder) {
  coordinator_.consumer(request, to(std::move(responder)));
}
void GroupHandler::handle(const groups::ConsumerDescribeRequest& request,
                          Responder<groups::ConsumerDescribeReply> responder) {
  coordinator_.consumer(request, to(std::move(responder)));
}
void GroupHandler::handle(const groups::MemberOffsetFetchRequest& request,
                          Responder<wire::OffsetFetchReply> responder) {
  const int64_t bytes = kPartitionAnswerBytes * std::ssize(request.fetch.partitions);
  coordinator_.consumer(request, to(std::move(responder), bytes));
}

void GroupHandler::handle(const groups::GroupOverviewRequest& request,
                          Responder<groups::GroupOverviewReply> responder) {
  coordinator_.classic(request, to(std::move(responder)));
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
