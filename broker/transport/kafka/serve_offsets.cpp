#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

namespace hailstorm::broker {
namespace {

constexpr int16_t kManyGroups = 8;  // an OffsetFetch of this version names several

/// The topic's name; empty: there is no topic with this id.
template <class Topic>
std::string name_of_topic(const KafkaContext& context, const Topic& topic) {
  return topic.topic_id.is_zero() ? topic.name : context.broker->topic_name(topic.topic_id);
}

using CommitResponse = kafka::OffsetCommitResponse;

void respond_to_commit(const KafkaCall& call, CommitResponse response,
                       const groups::ClassicCommitReply& reply) {
  size_t next = 0;
  for (auto& topic : response.topics) {
    for (auto& partition : topic.partitions) {
      if (partition.error_code != 0) continue;
      const bool is_for_all = reply.outcome.code != ErrorCode::none;
      partition.error_code =
          kafka_group_error(is_for_all ? reply.outcome : reply.partitions.at(next++));
    }
  }
  call.respond(response);
}

/// What one group has committed in a topic.
struct CommittedTopic {
  Uuid id;
  std::vector<wire::CommittedOffset> offsets;
};
using Committed = std::map<std::string, CommittedTopic>;  // by name

template <class Topics>
void fill_topics(Topics& topics, const Committed& committed) {
  for (const auto& [name, topic] : committed) {
    auto& into = topics.emplace_back();
    into.name = name;
    if constexpr (requires { into.topic_id; }) into.topic_id = topic.id;
    for (const auto& offset : topic.offsets) {
      auto& partition = into.partitions.emplace_back();
      partition.partition_index = offset.id.partition;
      partition.committed_offset = std::max<int64_t>(offset.offset, -1);
      partition.committed_leader_epoch = offset.offset < 0 ? -1 : offset.leader_epoch;
      partition.metadata = offset.metadata;
    }
  }
}

Committed by_topic(const std::vector<wire::CommittedOffset>& offsets) {
  Committed committed;
  for (const auto& offset : offsets) {
    CommittedTopic& topic = committed[offset.id.topic];
    if (!offset.id.topic_id.is_zero()) topic.id = offset.id.topic_id;
    topic.offsets.push_back(offset);
  }
  return committed;
}

/// `fetch`: of a group, and maybe for a member. `topics`: nothing: all that the group has
/// committed.
template <class Topics, class Then>
void fetch_offsets(const KafkaContext& context, const KafkaCall& call,
                   groups::MemberOffsetFetchRequest fetch, const std::optional<Topics>& topics,
                   Then then) {
  if (topics) {
    for (const auto& topic : *topics) {
      std::string name = topic.name;
      Uuid id;
      if constexpr (requires { topic.topic_id; }) {
        name = name_of_topic(context, topic);
        id = topic.topic_id;
        if (name.empty()) continue;
      }
      for (const int32_t partition : topic.partition_indexes)
        fetch.fetch.partitions.push_back({name, partition, id});
    }
    if (fetch.fetch.partitions.empty()) return then(wire::OffsetFetchReply{});
  }
  context.ask(call, std::move(fetch),
              [then = std::move(then)](const auto& reply, auto) mutable { then(reply); });
}

/// Topics that the client names by an id that is none.
template <class Topics, class Wanted>
void add_unknown(const KafkaContext& context, Topics& topics, const std::optional<Wanted>& wanted) {
  if (!wanted) return;
  for (const auto& topic : *wanted) {
    if (!name_of_topic(context, topic).empty()) continue;
    auto& unknown = topics.emplace_back();
    unknown.topic_id = topic.topic_id;
    const int16_t code = kafka_error(ErrorCode::unknown_topic_id);
    for (const int32_t partition : topic.partition_indexes)
      unknown.partitions.push_back({partition, -1, -1, "", code});
  }
}

/// Up to version 1 there is no place for an error of the group but at its partitions.
void fetch_of_one_group(const KafkaContext& context, const KafkaCall& call,
                        const kafka::OffsetFetchRequest& request) {
  const auto wanted = request.topics;
  fetch_offsets(context, call, {"", -1, {request.group_id, {}}}, request.topics,
                [call, wanted](const wire::OffsetFetchReply& reply) {
                  kafka::OffsetFetchResponse response;
                  response.error_code = kafka_group_error(reply.outcome);
                  fill_topics(response.topics, by_topic(reply.offsets));
                  const bool has_failed = response.error_code != 0 && wanted;
                  for (size_t t = 0; has_failed && t < wanted->size(); ++t) {
                    auto& topic = response.topics.emplace_back();
                    topic.name = (*wanted)[t].name;
                    for (const int32_t partition : (*wanted)[t].partition_indexes)
                      topic.partitions.push_back({partition, -1, -1, "", response.error_code});
                  }
                  call.respond(response);
                });
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, const kafka::OffsetCommitRequest& request) {
  groups::ClassicCommitRequest commit;
  commit.group = request.group_id;
  commit.generation = request.generation_id_or_member_epoch;
  commit.member_id = request.member_id;
  commit.instance_id = request.group_instance_id.value_or("");
  CommitResponse response;
  for (const auto& topic : request.topics) {
    auto& into = response.topics.emplace_back();
    into.name = topic.name;
    into.topic_id = topic.topic_id;
    const std::string name = name_of_topic(context, topic);
    for (const auto& partition : topic.partitions) {
      auto& answered = into.partitions.emplace_back();
      answered.partition_index = partition.partition_index;
      if (name.empty()) {
        answered.error_code = kafka_error(ErrorCode::unknown_topic_id);
        continue;
      }
      commit.offsets.push_back({{name, partition.partition_index, topic.topic_id},
                                partition.committed_offset,
                                partition.committed_leader_epoch,
                                partition.committed_metadata.value_or("")});
    }
  }
  context.ask(call, std::move(commit),
              [call, response = std::move(response)](const auto& reply, auto) mutable {
                respond_to_commit(call, std::move(response), reply);
              });
}

void serve(KafkaContext context, KafkaCall call, const kafka::OffsetFetchRequest& request) {
  if (call.version() < kManyGroups) return fetch_of_one_group(context, call, request);
  const auto collector = Collector<kafka::OffsetFetchResponse>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  collector->state.groups.resize(request.groups.size());
  for (size_t g = 0; g < request.groups.size(); ++g) {
    const auto& group = request.groups[g];
    collector->state.groups[g].group_id = group.group_id;
    collector->begin();
    groups::MemberOffsetFetchRequest fetch{
        group.member_id.value_or(""), group.member_epoch, {group.group_id, {}}};
    fetch_offsets(context, call, std::move(fetch), group.topics,
                  [context, collector, g, topics = group.topics](const auto& reply) {
                    auto& into = collector->state.groups[g];
                    into.error_code = kafka_group_error(reply.outcome);
                    fill_topics(into.topics, by_topic(reply.offsets));
                    if (into.error_code == 0) add_unknown(context, into.topics, topics);
                    collector->finish();
                  });
  }
  collector->finish();
}

}  // namespace hailstorm::broker
