#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker/groups/coordinator.h"
#include "broker/groups/offsets_schema.h"
#include "broker/storage/log.h"
#include "common/base/check.h"
#include "common/kafka/frame.h"
#include "common/kafka/messages/all_messages.h"
#include "common/wire/codec.h"
#include "common/wire/record_batch.h"
#include "tests/fuzz/chunks.h"
#include "tests/fuzz/folder_files.h"
#include "tests/fuzz/kafka_talks.h"
#include "tests/fuzz/wire_tags.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/lying_batches.h"
#include "tests/support/random_message.h"

/// make_corpus DIR: writes the first inputs of the targets that read binary data, each what the
/// real code writes: our clients' requests, a partition's files, a group's journal.
namespace hailstorm::fuzz {
namespace {

using Input = std::vector<uint8_t>;

std::filesystem::path root;

void save(const std::string& target, const std::string& name, Bytes input) {
  std::filesystem::create_directories(root / target);
  std::ofstream out(root / target / name, std::ios::binary);
  out.write(reinterpret_cast<const char*>(input.data()),
            static_cast<std::streamsize>(input.size()));
}

Input batch(int records, int64_t producer = -1, int32_t sequence = -1) {
  wire::RecordBatchBuilder builder;
  builder.set_producer(producer, producer < 0 ? int16_t{-1} : int16_t{0}, sequence);
  const std::vector<wire::RecordHeaderView> headers = {{"ce_type", "ride_requested"}, {"none", {}}};
  for (int i = 0; i < records; ++i) {
    const std::string value = "ride " + std::to_string(i);
    builder.append(1'000 + i, i % 2 == 0 ? std::optional<std::string_view>("rider") : std::nullopt,
                   i % 3 == 2 ? std::nullopt : std::optional<std::string_view>(value), headers);
  }
  return builder.finish();
}

/// Requests of one conversation, as input of wire_frames.
class Talk {
 public:
  template <class Request>
  Talk& ask(wire::Api api, const Request& request, uint8_t tag = 0, const Input& data = {}) {
    const Input head = wire::encode(wire::FrameHeader{api, ++last_id_}, request);
    const auto first = static_cast<uint8_t>(data.empty() ? tag : (kMore | kPlausible));
    add_chunk(input_, static_cast<uint8_t>(first | kPlausible), head);
    if (!data.empty()) add_chunk(input_, static_cast<uint8_t>(tag | kPlausible), data);
    return *this;
  }
  void save_as(const std::string& name) const { save("wire_frames", name, input_); }

 private:
  uint64_t last_id_ = 0;
  Input input_;
};

wire::FetchRequest fetch(int64_t offset) {
  wire::FetchRequest request;
  request.partitions = {{{"rides", 0}, offset, 1 << 20}, {{"rides", 1}, 0, 1 << 20}};
  return request;
}

wire::GroupHeartbeatRequest heartbeat(const std::string& member, int32_t epoch) {
  wire::GroupHeartbeatRequest request;
  request.group = "payment";
  request.member_id = member;
  request.member_epoch = epoch;
  request.topics = {"rides"};
  if (epoch > 0) request.owned = {{"rides", 0}, {"rides", 1}};
  return request;
}

void make_talks() {
  using wire::Api;
  const wire::ProduceRequest to_rides{"rides", 0, wire::Acks::all};
  Talk()
      .ask(Api::metadata, wire::MetadataRequest{{"rides"}})
      .ask(Api::init_producer_id, wire::InitProducerIdRequest{}, kSync)
      .ask(Api::produce, to_rides, kSync, batch(3, 0, 0))
      .ask(Api::produce, to_rides, kSync, batch(3, 0, 0))
      .ask(Api::produce, wire::ProduceRequest{"rides", 1, wire::Acks::leader}, kSync | kRestart,
           batch(1))
      .ask(Api::produce, to_rides, kSync | kTick, batch(2, 0, 3))
      .save_as("producer");
  Talk()
      .ask(Api::fetch, fetch(0))
      .ask(Api::produce, to_rides, kSync | kOtherPeer, batch(4))
      .ask(Api::fetch, fetch(2), kTick)
      .ask(Api::fetch, fetch(4), kTick)
      .ask(Api::list_offsets, wire::ListOffsetsRequest{{{"rides", 0}}, wire::kLatest})
      .ask(Api::list_offsets, wire::ListOffsetsRequest{{{"rides", 0}}, 1'001})
      .save_as("reader");
  // Field by field: GCC 12 loses its way in the nested braces.
  wire::CommittedOffset offset;
  offset.id = {"rides", 0};
  offset.offset = 2;
  offset.leader_epoch = 0;
  offset.metadata = "note";
  wire::OffsetCommitRequest commit{"payment", "m1", 1, {}};
  commit.offsets.push_back(std::move(offset));
  Talk()
      .ask(Api::group_heartbeat, heartbeat("m1", 0), kSync)
      .ask(Api::group_heartbeat, heartbeat("m1", 1), kSync | kTick)
      .ask(Api::offset_commit, commit, kSync)
      .ask(Api::group_heartbeat, heartbeat("m2", 0), kSync | kOtherPeer)
      .ask(Api::offset_fetch, wire::OffsetFetchRequest{"payment", {}}, kRestart)
      .ask(Api::describe_group, wire::DescribeGroupRequest{"payment"})
      .ask(Api::list_groups, wire::ListGroupsRequest{})
      .ask(Api::group_heartbeat, heartbeat("m1", wire::kLeaveEpoch), kSync)
      .ask(Api::delete_group, wire::DeleteGroupRequest{"payment"}, kSync)
      .save_as("member");
  Talk()
      .ask(Api::create_topic, wire::CreateTopicRequest{"trips", {}}, kSync)
      .ask(Api::create_partitions, wire::CreatePartitionsRequest{"trips", 6})
      .ask(Api::metadata, wire::MetadataRequest{}, kRestart)
      .ask(Api::delete_topic, wire::DeleteTopicRequest{"trips"}, kSync | kTick)
      .save_as("administrator");
}

/// The files of a partition of three segments, closed cleanly, killed, or killed with a torn tail.
void make_folders() {
  testing::FaultyFileSystem files;
  const testing::FakeClock clock;
  HAIL_CHECK(files.create_folder("/rides-0").ok());
  wire::TopicConfig config;
  config.segment_bytes = 300;  // three records and the next batch begins another
  auto log = storage::Log::open(files, clock, "/rides-0", {}, config);
  HAIL_CHECK(log.ok());
  const auto keep = [&](const std::string& name, size_t torn) {
    Input input;
    for (size_t i = 0; i < kFolderFiles.size(); ++i) {
      const auto* bytes = files.contents("/rides-0/" + std::string(kFolderFiles[i]));
      if (bytes == nullptr) continue;
      const size_t cut = kFolderFiles[i].ends_with("6.log") ? torn : 0;
      add_chunk(input, static_cast<uint8_t>(i), Bytes(*bytes).first(bytes->size() - cut));
    }
    save("recovery", name, input);
  };
  for (int i = 0; i < 3; ++i) {
    Input bytes = batch(3, 7, i * 3);
    HAIL_CHECK((*log)->append(bytes, storage::kLeaderEpoch).ok());
    HAIL_CHECK((*log)->sync().ok());
  }
  keep("killed", 0);
  keep("torn", 20);
  HAIL_CHECK((*log)->close().ok());
  keep("closed", 0);

  Input one;
  add_chunk(one, kPlausibleBatch, batch(2));
  save("recovery", "one_batch", one);
}

/// Two members join, commit and leave; all that their coordinator wrote.
void make_journal() {
  class Recorder final : public groups::GroupJournal {
   public:
    Status append(const std::string&, std::vector<Entry> entries,
                  std::function<void(const Status&)> durable) override {
      for (const Entry& entry : entries) {
        add_chunk(input, entry.value ? 0 : 1, as_bytes(entry.key));
        add_chunk(input, 0, as_bytes(entry.value.value_or("")));
      }
      durable({});
      return {};
    }
    Input input;
  };
  class Catalog final : public groups::TopicCatalog {
   public:
    [[nodiscard]] Uuid topic_id(const std::string&) const override { return {{1, 2, 3}}; }
    [[nodiscard]] int32_t partition_count(const std::string&) const override { return 4; }
    [[nodiscard]] std::vector<std::string> topics() const override { return {}; }
    [[nodiscard]] std::optional<Range> range(const wire::TopicPartition&) const override {
      return Range{0, 10};
    }
  };
  Recorder journal;
  const Catalog catalog;
  const testing::FakeClock clock;
  groups::Coordinator coordinator(journal, catalog, clock);
  coordinator.finish_loading();
  const auto beat = [&](const std::string& member, int32_t epoch) {
    coordinator.heartbeat(heartbeat(member, epoch), [](const auto&) {});
  };
  beat("m1", 0);
  beat("m1", 1);
  save("offsets_records", "one_member", journal.input);
  // Field by field: GCC 12 loses its way in the nested braces.
  wire::CommittedOffset offset;
  offset.id = {"rides", 0};
  offset.offset = 2;
  offset.leader_epoch = 0;
  offset.metadata = "note";
  wire::OffsetCommitRequest commit{"payment", "m1", 1, {}};
  commit.offsets.push_back(std::move(offset));
  coordinator.commit(commit, [](const auto&) {});
  beat("m2", 0);
  beat("m1", 2);
  save("offsets_records", "two_members", journal.input);
  beat("m1", wire::kLeaveEpoch);
  beat("m2", wire::kLeaveEpoch);
  coordinator.remove({"payment"}, [](const auto&) {});
  save("offsets_records", "all_gone", journal.input);
}

/// As programs wrote it before topics had ids.
void make_old_journal() {
  Input old;
  add_chunk(old, 0,
            as_bytes(groups::encode(groups::RecordKey{.kind = groups::RecordKind::offset_commit,
                                                      .group = "payment",
                                                      .topic = "rides",
                                                      .partition = 0,
                                                      .member_id = {}})));
  add_chunk(old, 0, as_bytes(groups::encode(groups::OffsetCommitValue{2, 0, "note", 1'000})));
  save("offsets_records", "without_ids", old);
}

/// A frame of each of Kafka's requests, in its first and its last version.
void make_kafka_frames() {
  kafka::AllRequests::each([]<class Request>(std::type_identity<Request> /*type*/) {
    const kafka::Api& api = kafka::api_of(Request::kKey);
    for (const int16_t version : {api.first_version, api.last_version}) {
      const std::string body =
          testing::RandomMessage(1, version, api.is_flexible(version)).of(Request::fields());
      auto request = kafka::decode<Request>(as_bytes(body), version);
      HAIL_CHECK(request.ok());
      const kafka::RequestHeader header{.api_version = version, .client_id = "corpus"};
      const auto frame = kafka::request_frame(header, *request).joined();
      save("kafka_messages", std::string(api.name) + "_" + std::to_string(version),
           Input(frame.begin(), frame.end()));
    }
  });
}

}  // namespace

int make_corpus(const char* folder) {
  root = folder;
  make_talks();
  save("record_batch", "headers", batch(5));
  Input two = batch(1, 3, 9);
  const Input second = batch(2);
  two.insert(two.end(), second.begin(), second.end());
  save("record_batch", "two", two);
  for (const auto& lie : testing::lies()) {
    std::string name = lie.what;
    for (char& c : name) {
      if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
    }
    save("record_batch", name, testing::batch_around(lie.record));
  }
  make_folders();
  make_journal();
  make_old_journal();
  make_kafka_frames();
  for (const auto& [name, talk] : kafka_talks()) save("kafka_connection", name, talk);
  return 0;
}

}  // namespace hailstorm::fuzz

int main(int argc, char** argv) {
  if (argc == 2) return hailstorm::fuzz::make_corpus(argv[1]);
  std::cerr << "usage: make_corpus DIR\n";
  return 2;
}
