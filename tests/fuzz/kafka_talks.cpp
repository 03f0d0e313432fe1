#include "tests/fuzz/kafka_talks.h"

#include <optional>

#include "common/kafka/frame.h"
#include "common/kafka/messages/all_messages.h"
#include "common/wire/record_batch.h"
#include "tests/fuzz/chunks.h"
#include "tests/fuzz/wire_tags.h"

namespace hailstorm::fuzz {
namespace {

class KafkaTalk {
 public:
  /// In the first and in the last version.
  template <class Request>
  KafkaTalk& ask(const Request& request, uint8_t tag = 0) {
    const kafka::Api& api = kafka::api_of(Request::kKey);
    return ask_as(api.first_version, request).ask_as(api.last_version, request, tag);
  }
  template <class Request>
  KafkaTalk& ask_as(int16_t version, const Request& request, uint8_t tag = 0) {
    const kafka::RequestHeader header{
        .api_version = version, .correlation_id = ++last_id_, .client_id = "corpus"};
    const auto frame = kafka::request_frame(header, request).joined();
    add_chunk(input, static_cast<uint8_t>(tag | kPlausible),
              as_bytes(frame).subspan(kafka::kFrameSizeBytes));
    return *this;
  }

  std::vector<uint8_t> input;

 private:
  int32_t last_id_ = 0;
};

std::string batch(int64_t producer, int32_t sequence) {
  wire::RecordBatchBuilder builder;
  builder.set_producer(producer, producer < 0 ? int16_t{-1} : int16_t{0}, sequence);
  builder.append(1'000, "rider", "ride");
  builder.append(1'001, std::nullopt, "another");
  return std::string(as_text(builder.finish()));
}

kafka::ProduceRequest produce(const std::string& bytes, int16_t acks) {
  kafka::ProduceRequest request;
  request.acks = acks;
  request.topic_data.push_back({"rides", {}, {{0, kafka::Records{as_bytes(bytes)}}}});
  return request;
}

kafka::FetchRequest fetch(int64_t offset, int32_t max_wait_ms) {
  kafka::FetchRequest request;
  request.max_wait_ms = max_wait_ms;
  request.min_bytes = 1;
  kafka::FetchRequest::Partition partition;
  partition.fetch_offset = offset;
  partition.partition_max_bytes = 1 << 20;
  request.topics.push_back({"rides", {}, {partition}});
  return request;
}

std::vector<uint8_t> producer() {
  const std::string first = batch(0, 0);
  const std::string second = batch(-1, -1);
  kafka::MetadataRequest metadata;
  metadata.topics->push_back({{}, "rides"});
  kafka::InitProducerIdRequest init;
  init.transactional_id.reset();
  KafkaTalk talk;
  talk.ask(kafka::ApiVersionsRequest{}).ask(metadata).ask(init, kSync);
  talk.ask_as(3, produce(first, -1), kSync).ask_as(9, produce(first, -1), kSync);
  talk.ask_as(7, produce(second, 0), kMore).ask_as(11, produce(second, 1), kRestart);
  return talk.input;
}

std::vector<uint8_t> reader() {
  const std::string bytes = batch(-1, -1);
  kafka::ListOffsetsRequest list;
  list.topics.push_back({"rides", {{0, -1, -1}, {0, -1, -2}, {0, -1, 1'000}, {1, -1, -3}}});
  kafka::OffsetForLeaderEpochRequest epochs;
  epochs.topics.push_back({"rides", {{0, 0, 0}}});
  KafkaTalk talk;
  talk.ask_as(4, fetch(0, 500)).ask_as(9, produce(bytes, -1), kOtherPeer | kSync);
  talk.ask_as(12, fetch(1, 500), kTick).ask(fetch(2, 500), kTick).ask(list).ask(epochs);
  return talk.input;
}

std::vector<uint8_t> member() {
  kafka::FindCoordinatorRequest find;
  find.key = "payment";
  find.coordinator_keys = {"payment"};
  kafka::JoinGroupRequest join;
  join.group_id = "payment";
  join.session_timeout_ms = join.rebalance_timeout_ms = 6'000;
  join.protocol_type = "consumer";
  join.protocols.push_back({"range", {"subscription"}});
  kafka::JoinGroupRequest named = join;
  named.group_instance_id = "instance";
  kafka::OffsetCommitRequest commit;
  commit.group_id = "billing";
  commit.topics.push_back({"rides", {}, {{0, 5, 0, "note"}}});
  kafka::OffsetFetchRequest offsets;
  offsets.group_id = "billing";
  offsets.topics.reset();
  offsets.groups.push_back({"billing", std::nullopt, -1, std::nullopt});
  kafka::DescribeGroupsRequest describe;
  describe.groups = {"payment", "billing"};
  kafka::DeleteGroupsRequest remove;
  remove.groups_names = {"billing"};
  KafkaTalk talk;
  talk.ask(find).ask_as(0, join, kSync | kTick).ask_as(5, named, kOtherPeer | kSync | kTick);
  talk.ask(commit, kSync).ask(offsets, kRestart).ask(describe).ask(kafka::ListGroupsRequest{});
  return talk.ask(remove, kSync).input;
}

std::vector<uint8_t> administrator() {
  kafka::CreateTopicsRequest create;
  create.topics.push_back({"trips", 2, 1, {}, {{"retention.ms", "60000"}}});
  kafka::CreatePartitionsRequest grow;
  grow.topics.push_back({"trips", 3, std::nullopt});
  kafka::DescribeConfigsRequest describe;
  describe.resources = {{2, "trips", std::nullopt}, {4, "1", std::nullopt}};
  kafka::MetadataRequest all;
  all.topics.reset();
  kafka::DeleteTopicsRequest remove;
  remove.topic_names = {"trips"};
  remove.topics.push_back({"trips", {}});
  KafkaTalk talk;
  talk.ask(create, kSync).ask(grow).ask(describe).ask(all, kRestart).ask(remove, kTick);
  return talk.ask(kafka::DescribeClusterRequest{}).input;
}

}  // namespace

std::map<std::string, std::vector<uint8_t>> kafka_talks() {
  return {{"producer", producer()},
          {"reader", reader()},
          {"member", member()},
          {"administrator", administrator()}};
}

}  // namespace hailstorm::fuzz
