#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "common/wire/partitioner.h"
#include "common/wire/record_batch.h"
#include "tests/support/broker_process.h"
#include "tests/support/dump_text.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/matchers.h"

/// Files that Apache Kafka itself wrote (fixtures/README.md), read and served by us.
namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Partitions = std::map<std::string, std::vector<json>>;  // by folder, the records by offset

constexpr int kTimeoutMs = 20'000;
const std::map<std::string, int32_t> kTopics = {{"shapes", 1}, {"stamped", 1}, {"keyed", 3}};
/// What is not taken over, and a word of the reason.
const std::map<std::string, std::string> kRefused = {{"refused-transaction", "transactional"},
                                                     {"refused-epoch", "a batch of leader epoch"}};

fs::path fixtures() { return fs::path(HAILSTORM_SOURCE_DIR) / "tests/kafka/fixtures"; }

/// What Kafka acknowledged, without the name of the partition.
Partitions sent() {
  Partitions partitions;
  for (const auto& line : lines_of(read_text(fixtures() / "sent.jsonl"))) {
    json record = json::parse(line);
    const std::string partition = record.at("partition");
    record.erase("partition");
    partitions[partition].push_back(record);
  }
  return partitions;
}

std::vector<fs::path> files_of(const fs::path& folder, const std::set<std::string>& suffixes) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (suffixes.contains(entry.path().extension())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<std::string> text(const std::optional<std::string_view>& bytes) {
  return bytes ? std::optional(std::string(*bytes)) : std::nullopt;
}

json to_json(const wire::RecordView& record) {
  json headers = json::array();
  for (const auto& header : record.headers)
    headers.push_back({hex(std::string(header.key)), hex_or_null(text(header.value))});
  return {{"offset", record.offset},
          {"timestamp_ms", record.timestamp_ms},
          {"key", hex_or_null(text(record.key))},
          {"value", hex_or_null(text(record.value))},
          {"headers", headers}};
}

TEST(WrittenByKafkaTest, HailDumpAndKafkasDumpShowTheSame) {
  std::vector<std::string> lines;
  std::set<fs::path> folders;
  for (const auto& [partition, records] : sent()) folders.insert(fixtures() / partition);
  for (const auto& folder : folders) {
    for (const auto& log : files_of(folder, {".log"})) {
      for (const auto& line : file_lines(log, fs::relative(log, fixtures()))) lines.push_back(line);
      for (const auto& batch : hail_dump(log)) lines.push_back(batch_line(batch));
    }
  }
  expect_same_lines(lines, lines_of(read_text(fixtures() / "kafka.txt")));
}

TEST(WrittenByKafkaTest, EveryByteIsReadAsItWasSent) {
  for (const auto& [partition, expected] : sent()) {
    std::vector<json> read;
    for (const auto& log : files_of(fixtures() / partition, {".log"})) {
      const std::string bytes = read_text(log);
      for (Bytes rest = as_bytes(bytes); !rest.empty();) {
        const auto batch = wire::RecordBatchView::parse(rest);
        ASSERT_OK(batch);
        wire::RecordReader reader(*batch);
        wire::RecordView record;
        while (reader.next(record).value()) read.push_back(to_json(record));
        rest = rest.subspan(batch->size_bytes());
      }
    }
    EXPECT_EQ(read, expected) << partition;
  }
}

TEST(WrittenByKafkaTest, KafkasClientChoosesTheSamePartitionForAKey) {
  for (const auto& [partition, records] : sent()) {
    if (!partition.starts_with("keyed-")) continue;
    for (const auto& record : records) {
      const std::string key = record.at("key");
      std::string bytes;
      for (size_t i = 0; i < key.size(); i += 2)
        bytes += static_cast<char>(std::stoi(key.substr(i, 2), nullptr, 16));
      EXPECT_EQ("keyed-" + std::to_string(wire::partition_for_key(bytes, 3)), partition) << bytes;
    }
  }
}

/// A broker into whose data folder Kafka's partitions are put, as docs/log-format.md says.
class TakenOverTest : public ::testing::Test {
 protected:
  TakenOverTest() : engine_(log::open(broker_.url()).value()) {}

  /// Makes the topics, stops the broker, and puts Kafka's folders into the place of the new ones.
  void take_over(const std::map<std::string, int32_t>& topics) {
    for (const auto& [topic, partitions] : topics) {
      log::TopicSettings settings;
      settings.partitions = partitions;
      ASSERT_OK(engine_->make_admin(kTimeoutMs)->create_topic(topic, settings));
    }
    ASSERT_EQ(broker_.stop(), 0);
    for (const auto& [topic, partitions] : topics) {
      for (int32_t i = 0; i < partitions; ++i) {
        const std::string name = topic + "-" + std::to_string(i);
        fs::remove_all(broker_.data() / name);
        fs::copy(fixtures() / name, broker_.data() / name);
      }
    }
  }

  /// Everything that consumers see of a partition, as to_json() shows it.
  std::vector<json> consume(const log::TopicPartition& id, size_t count) {
    const auto consumer = engine_->make_consumer({});
    consumer->assign({{id, 0}});
    std::vector<json> read;
    while (read.size() < count) {
      const auto polled = consumer->poll(kTimeoutMs);
      EXPECT_OK(polled);
      if (!polled.ok() || polled->empty()) break;
      for (const auto& record : *polled) {
        json headers = json::array();
        for (const auto& [key, value] : record.headers)
          headers.push_back({hex(key), hex_or_null(value)});
        read.push_back({{"offset", record.offset},
                        {"timestamp_ms", record.timestamp_ms},
                        {"key", hex_or_null(record.key)},
                        {"value", hex_or_null(record.value)},
                        {"headers", headers}});
      }
    }
    return read;
  }

  static log::TopicPartition id_of(const std::string& folder) {
    const size_t dash = folder.rfind('-');
    return {folder.substr(0, dash), std::stoi(folder.substr(dash + 1))};
  }

  BrokerProcess broker_;
  std::unique_ptr<log::Engine> engine_;
};

TEST_F(TakenOverTest, EveryRecordIsServedAtItsOffset) {
  take_over(kTopics);
  broker_.start();
  for (const auto& [partition, expected] : sent())
    EXPECT_EQ(consume(id_of(partition), expected.size()), expected) << partition;
}

TEST_F(TakenOverTest, TimesLeadToTheRightOffsets) {
  take_over(kTopics);
  broker_.start();
  const auto admin = engine_->make_admin(kTimeoutMs);
  for (const auto& [partition, records] : sent()) {
    std::set<int64_t> times = {0};
    for (const auto& record : records) times.insert(record.at("timestamp_ms").get<int64_t>());
    for (const int64_t time : times) {
      const auto first = std::find_if(records.begin(), records.end(), [&](const json& record) {
        return record.at("timestamp_ms") >= time;
      });
      const auto found = admin->offsets_at({id_of(partition)}, time);
      ASSERT_OK(found);
      EXPECT_EQ(found->positions.at(0).offset, first->at("offset").get<int64_t>())
          << partition << " " << time;
    }
  }
}

// A new producer must not be taken for one of Kafka's, whose ids begin at 0, too.
TEST_F(TakenOverTest, RecordsAfterKafkasLastOneAreReadByKafka) {
  take_over(kTopics);
  broker_.start();
  const auto before = sent();
  std::map<std::string, int64_t> ends;
  for (const auto& [partition, records] : before)
    ends[partition] = static_cast<int64_t>(records.size());
  for (int i = 0; i < 10; ++i) {  // more producers than Kafka had
    const auto producer = engine_->make_producer({});
    for (const auto& [topic, partitions] : kTopics) {
      log::Delivery delivery;
      std::string error;
      ASSERT_OK(producer->send(topic, {"rider-5", "ours", {}, -1}, [&](const auto& outcome) {
        if (outcome.ok()) delivery = *outcome;
        if (!outcome.ok()) error = outcome.error().message();
      }));
      ASSERT_OK(producer->flush(kTimeoutMs));
      const std::string partition = topic + "-" + std::to_string(delivery.id.partition);
      EXPECT_EQ(delivery.offset, ends.at(partition)++) << partition << " " << error;
    }
  }
  for (const auto& [partition, end] : ends)
    EXPECT_EQ(consume(id_of(partition), static_cast<size_t>(end)).size(), static_cast<size_t>(end));
  ASSERT_EQ(broker_.stop(), 0);

  SKIP_WITHOUT_KAFKA();
  std::vector<fs::path> files;
  int64_t records = 0;
  for (const auto& [partition, end] : ends) {
    const auto of_partition =
        files_of(broker_.data() / partition, {".log", ".index", ".timeindex"});
    files.insert(files.end(), of_partition.begin(), of_partition.end());
    records += end;
  }
  const auto said = kafka_dump(files, {"--deep-iteration"});
  EXPECT_EQ(said.complaints, "");
  for (const auto& line : said.lines) {
    if (line.starts_with("baseOffset:")) {
      EXPECT_TRUE(line.ends_with("isvalid: true")) << line;
    }
    if (line.starts_with("| offset:")) --records;
  }
  EXPECT_EQ(records, 0);
}

TEST_F(TakenOverTest, ACompressedBatchIsServed) {
  take_over({{"gzip", 1}});
  broker_.start();
  const auto read = consume({"gzip", 0}, 2);
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[1].at("offset"), 1);
  EXPECT_EQ(read[0].at("value"), read[1].at("value"));
  const auto dumped = hail_dump(broker_.data() / "gzip-0/00000000000000000000.log");
  EXPECT_EQ(dumped.at(0).at("compression"), "gzip");
}

TEST_F(TakenOverTest, WhatKafkasCompactionLeftIsServedAtItsOffsets) {
  take_over({{"compacted", 1}});
  broker_.start();
  std::vector<int64_t> offsets;
  for (const auto& record : consume({"compacted", 0}, 3)) offsets.push_back(record.at("offset"));
  EXPECT_EQ(offsets, (std::vector<int64_t>{2, 3, 4}));
}

std::map<fs::path, std::string> contents(const fs::path& folder) {
  std::map<fs::path, std::string> files;
  for (const auto& entry : fs::directory_iterator(folder))
    files[entry.path().filename()] = read_text(entry.path());
  return files;
}

// Invariant 7.
TEST_F(TakenOverTest, FilesThatHailstormCannotServeAreRefusedByNameAndStayUnchanged) {
  std::map<std::string, int32_t> topics = kTopics;
  for (const auto& [topic, reason] : kRefused) topics[topic] = 1;
  take_over(topics);
  const auto verified = run_program({program_folder() / "hail", "verify", broker_.data()});
  EXPECT_EQ(verified.exit_code, 1) << verified.err;
  for (const auto& [topic, reason] : kRefused)
    EXPECT_NE(verified.out.find(reason), std::string::npos) << verified.out;
  broker_.start_unready();
  const auto admin = engine_->make_admin(kTimeoutMs);
  for (const auto& [topic, reason] : kRefused) {
    const auto described = admin->describe_topics({topic});
    ASSERT_OK(described);
    const std::string& error = described->at(0).partitions.at(0).error;
    EXPECT_NE(error.find(reason), std::string::npos) << topic << ": " << error;
    const std::string folder = topic + "-0";
    EXPECT_EQ(contents(broker_.data() / folder), contents(fixtures() / folder)) << topic;
  }
  const auto expected = sent().at("shapes-0");  // the others are served all the same
  EXPECT_EQ(consume({"shapes", 0}, expected.size()).size(), expected.size());
}

}  // namespace
}  // namespace hailstorm::testing
