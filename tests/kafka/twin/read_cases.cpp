#include "common/kafka/messages/all_messages.h"
#include "tests/kafka/twin/twin.h"

namespace hailstorm::twin {
namespace {

constexpr int64_t kTimeMs = 1'700'000'000'000;  // as in what was produced

struct From {
  std::string topic = "rides";
  int32_t partition = 0;
  int64_t offset = 0;
  int32_t epoch = -1;
  int32_t max_bytes = 1 << 20;
};

kafka::FetchRequest fetch_request(const Side& side, const From& from) {
  kafka::FetchRequest request;
  request.min_bytes = 0;
  request.max_bytes = 1 << 20;
  kafka::FetchRequest::Partition partition;
  partition.partition = from.partition;
  partition.fetch_offset = from.offset;
  partition.current_leader_epoch = from.epoch;
  partition.partition_max_bytes = from.max_bytes;
  request.topics.push_back({from.topic, side.id("id of " + from.topic), {partition}});
  return request;
}

void ask_to_fetch(Twin& twin) {
  const std::vector<std::pair<std::string, From>> cases = {
      {"start", {}},
      {"middle-of-a-batch", {.offset = 1}},
      {"one-batch", {.max_bytes = 1}},
      {"empty-partition", {.partition = 1}},
      {"beyond-the-end", {.offset = 1'000'000}},
      {"negative-offset", {.offset = -1}},
      {"unknown-topic", {.topic = "unknown"}},
      {"unknown-partition", {.partition = 7}},
      {"leader-epoch", {.epoch = 0}},
      {"newer-leader-epoch", {.epoch = 5}}};
  for (const auto& [name, from] : cases)
    twin.ask(name, [&](const Side& side, int16_t) { return fetch_request(side, from); });
  twin.ask("two-topics", [](const Side& side, int16_t) {
    auto request = fetch_request(side, {.topic = "zones"});
    request.topics.push_back(fetch_request(side, {.partition = 1}).topics[0]);
    return request;
  });
  twin.ask("nothing", [](const Side&, int16_t) { return kafka::FetchRequest{}; });
  for (const auto& [name, id, epoch] :
       std::vector<std::tuple<std::string, int32_t, int32_t>>{{"unknown-session", 77, 3},
                                                              {"session-to-close", 77, -1},
                                                              {"session-without-id", 0, 5}}) {
    twin.ask(name, [id = id, epoch = epoch](const Side& side, int16_t) {
      auto request = fetch_request(side, {});
      request.session_id = id;
      request.session_epoch = epoch;
      return request;
    });
  }
  twin.ask("read-committed", [](const Side& side, int16_t) {
    auto request = fetch_request(side, {});
    request.isolation_level = 1;
    return request;
  });
}

void ask_for_offsets(Twin& twin) {
  const auto list = [&](const std::string& name, const From& from, int64_t timestamp) {
    kafka::ListOffsetsRequest request;
    request.replica_id = -1;
    request.topics.push_back({from.topic, {{from.partition, from.epoch, timestamp}}});
    twin.ask_same(name, request);
  };
  list("latest", {}, -1);
  list("earliest", {}, -2);
  list("youngest", {}, -3);
  list("earliest-local", {}, -4);
  list("latest-tiered", {}, -5);
  list("earliest-pending", {}, -6);
  list("no-such-kind", {}, -9);
  list("time-before-all", {}, 0);
  list("time", {}, kTimeMs + 1);
  list("time-after-all", {}, kTimeMs * 2);
  list("empty-latest", {.partition = 1}, -1);
  list("empty-youngest", {.partition = 1}, -3);
  list("empty-time", {.partition = 1}, kTimeMs);
  list("unknown-topic", {.topic = "unknown"}, -1);
  list("unknown-partition", {.partition = 7}, -1);
  list("leader-epoch", {.epoch = 0}, -1);
  list("newer-leader-epoch", {.epoch = 5}, -1);
  kafka::ListOffsetsRequest twice;
  twice.replica_id = -1;
  twice.topics.push_back({"rides", {{0, -1, -1}, {0, -1, -2}}});
  twin.ask_same("same-twice", twice);
}

void ask_for_epochs(Twin& twin) {
  const auto ask = [&](const std::string& name, const From& from, int32_t epoch) {
    kafka::OffsetForLeaderEpochRequest request;
    request.replica_id = -1;
    request.topics.push_back({from.topic, {{from.partition, from.epoch, epoch}}});
    twin.ask_same(name, request);
  };
  ask("this", {.epoch = 0}, 0);
  ask("without-current", {}, 0);
  ask("newer", {.epoch = 0}, 3);
  ask("undefined", {.epoch = 0}, -1);
  ask("newer-current", {.epoch = 5}, 0);
  ask("unknown-topic", {.topic = "unknown"}, 0);
  ask("unknown-partition", {.partition = 7}, 0);
  ask("empty", {.partition = 1}, 0);
}

void ask_for_producers(Twin& twin) {
  const auto ask = [&](const std::string& name, const From& from) {
    kafka::DescribeProducersRequest request;
    request.topics.push_back({from.topic, {from.partition}});
    twin.ask_same(name, request);
  };
  ask("some", {});
  ask("none", {.partition = 1});
  ask("unknown-topic", {.topic = "unknown"});
  ask("unknown-partition", {.partition = 7});
}

void ask_to_delete_records(Twin& twin) {
  const auto drop = [&](const std::string& name, const From& from) {
    kafka::DeleteRecordsRequest request;
    request.timeout_ms = 10'000;
    request.topics.push_back({from.topic, {{from.partition, from.offset}}});
    twin.ask_same(name, request);
  };
  drop("some", {.offset = 3});
  drop("fewer", {.offset = 1});
  drop("beyond-the-end", {.offset = 1'000'000});
  drop("negative", {.offset = -2});
  drop("unknown-topic", {.topic = "unknown", .offset = 1});
  drop("unknown-partition", {.partition = 7, .offset = 1});
  twin.ask("below-the-start",
           [](const Side& side, int16_t) { return fetch_request(side, {.offset = 0}); });
  drop("all", {.topic = "zones", .offset = -1});
}

}  // namespace

void ask_about_reading(Twin& twin) {
  ask_to_fetch(twin);
  ask_for_offsets(twin);
  ask_for_epochs(twin);
  ask_for_producers(twin);
  ask_to_delete_records(twin);
}

}  // namespace hailstorm::twin
