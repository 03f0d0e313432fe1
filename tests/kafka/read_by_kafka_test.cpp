#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/kafka/written_by_us.h"
#include "tests/support/dump_text.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/temp_folder.h"

/// Apache Kafka itself reads what our broker wrote.
namespace hailstorm::testing {
namespace {

using nlohmann::json;
using Files = std::vector<std::filesystem::path>;

/// Written once for all of these tests.
const WrittenByUs& ours() {
  static const WrittenByUs written;
  return written;
}

void append(Files& files, const Files& more) {
  files.insert(files.end(), more.begin(), more.end());
}

/// Each segment with its indexes, as DumpLogSegments wants them.
Files all_files(const log::TopicPartition& id) {
  Files files;
  for (const auto* suffix : {".log", ".index", ".timeindex"})
    append(files, ours().files(id, suffix));
  return files;
}

int64_t size_or_minus_one(const std::optional<std::string>& text) {
  return text ? static_cast<int64_t>(text->size()) : -1;
}

/// The line of DumpLogSegments for a record that was sent so.
std::string record_line(int64_t offset, const SentRecord& sent) {
  const log::Record& record = sent.record;
  std::string header_keys;
  for (const auto& [key, value] : record.headers) {
    if (!header_keys.empty()) header_keys += ',';
    header_keys += key;
  }
  std::string line = fmt::format(
      "| offset: {} CreateTime: {} keySize: {} valueSize: {} sequence: {} headerKeys: [{}]", offset,
      record.timestamp_ms, size_or_minus_one(record.key), size_or_minus_one(record.value),
      sent.sequence, header_keys);
  if (record.key) line += " key: " + *record.key;
  if (record.value) line += " payload: " + *record.value;
  return line;
}

/// All that DumpLogSegments should say of one partition: the batches by our own account, the
/// records as they were sent.
std::vector<std::string> expected_lines(const log::TopicPartition& id) {
  const auto& sent = ours().sent().at(id);
  std::vector<std::string> lines;
  for (const auto& log : ours().files(id, ".log")) {
    for (const auto& line : file_lines(log, log)) lines.push_back(line);
    for (const auto& batch : hail_dump(log)) {
      lines.push_back(batch_line(batch));
      for (int64_t offset = batch.at("base_offset"); offset <= batch.at("last_offset"); ++offset)
        lines.push_back(record_line(offset, sent.at(offset)));
    }
  }
  return lines;
}

TEST(ReadByKafkaTest, EveryBatchIsValidAndEveryRecordIsAsItWasSent) {
  SKIP_WITHOUT_KAFKA();
  Files logs;
  std::vector<std::string> expected;
  for (const auto& [id, sent] : ours().sent()) {
    if (id.topic == "bytes") continue;  // is no text
    append(logs, ours().files(id, ".log"));
    const auto lines = expected_lines(id);
    expected.insert(expected.end(), lines.begin(), lines.end());
  }
  const auto said = kafka_dump(logs, {"--deep-iteration", "--print-data-log"});
  EXPECT_EQ(said.complaints, "");
  expect_same_lines(said.lines, expected);
}

/// What the test above takes for granted about its own material.
TEST(ReadByKafkaTest, TheTopicsHoldEveryKindOfRecord) {
  std::set<int64_t> counts;
  std::map<int64_t, std::set<size_t>> producers;  // by producer id
  for (const auto& [id, sent] : ours().sent()) {
    for (const auto& log : ours().files(id, ".log")) {
      for (const auto& batch : hail_dump(log)) {
        counts.insert(batch.at("records").get<int64_t>());
        producers[batch.at("producer_id")].insert(sent.at(batch.at("base_offset")).producer);
      }
    }
    EXPECT_EQ(sent.size(), static_cast<size_t>(sent.rbegin()->first + 1)) << id.topic;
  }
  for (const int64_t count : {1, 2, 3, 10, 100, 500, 999, 1'000})
    EXPECT_TRUE(counts.contains(count)) << count;
  EXPECT_GE(ours().files({"batches", 0}, ".log").size(), 5u);
  EXPECT_EQ(producers.size(), 2u);
  for (const auto& [producer_id, senders] : producers) {
    EXPECT_GE(producer_id, 0);
    EXPECT_EQ(senders.size(), 1u) << "two producers with the id " << producer_id;
  }
}

TEST(ReadByKafkaTest, EveryByteOfKeysValuesAndHeadersArrives) {
  SKIP_WITHOUT_KAFKA();
  Files logs;
  std::vector<json> expected;
  for (const auto& [id, partition] : ours().sent()) {
    append(logs, ours().files(id, ".log"));
    for (const auto& [offset, sent] : partition) {
      json headers = json::array();
      for (const auto& [key, value] : sent.record.headers)
        headers.push_back({hex(key), hex_or_null(value)});
      expected.push_back({{"offset", offset},
                          {"timestamp_ms", sent.record.timestamp_ms},
                          {"sequence", sent.sequence},
                          {"key", hex_or_null(sent.record.key)},
                          {"value", hex_or_null(sent.record.value)},
                          {"headers", headers}});
    }
  }
  const auto said = kafka_records(logs);
  ASSERT_EQ(said.lines.size(), expected.size()) << said.complaints;
  for (size_t i = 0; i < expected.size(); ++i) ASSERT_EQ(json::parse(said.lines[i]), expected[i]);
}

TEST(ReadByKafkaTest, IndexesFitTheirLogs) {
  SKIP_WITHOUT_KAFKA();
  Files files;
  size_t index_bytes = 0;
  for (const auto& [id, sent] : ours().sent()) {
    append(files, all_files(id));
    for (const auto& index : ours().files(id, ".index"))
      index_bytes += std::filesystem::file_size(index);
  }
  EXPECT_GT(index_bytes, 20u * 8) << "entries of 8 bytes";
  // The sanity check looks at sizes and ends alone; without it each entry is looked up in the log.
  EXPECT_EQ(kafka_dump(files).complaints, "");
  const auto checked = kafka_dump(files, {"--index-sanity-check"});
  EXPECT_EQ(checked.complaints, "");
  const auto said = std::set(checked.lines.begin(), checked.lines.end());
  for (const auto& file : files) {
    if (file.extension() == ".log") continue;
    const bool is_empty = std::filesystem::file_size(file) == 0;
    const auto* verdict = is_empty ? " is empty." : " passed sanity check.";
    EXPECT_TRUE(said.contains(file.string() + verdict)) << file;
  }
}

/// The JSON after " NAME: " in a line of DumpLogSegments, up to `end`.
json field(const std::string& line, const std::string& name, const std::string& end) {
  const std::string before = " " + name + ": ";
  const size_t from = line.find(before);
  if (from == std::string::npos) return {};
  const size_t start = from + before.size();
  const size_t stop = end.empty() ? line.size() : line.find(end, start);
  return json::parse(line.substr(start, stop - start), nullptr, false);
}

TEST(ReadByKafkaTest, OffsetsDecoderReadsTheGroups) {
  SKIP_WITHOUT_KAFKA();
  const auto said = kafka_dump(ours().files({"__consumer_offsets", 0}, ".log"),
                               {"--deep-iteration", "--offsets-decoder"});
  EXPECT_EQ(said.complaints, "");
  std::map<json, json> latest;  // by key
  for (const auto& line : said.lines) {
    if (!line.starts_with("| offset:")) continue;
    const json key = field(line, "key", " payload: ");
    ASSERT_TRUE(key.is_object()) << line;
    if (line.ends_with(" payload: <DELETE>")) {
      latest.erase(key);
      continue;
    }
    const json value = field(line, "payload", "");
    ASSERT_TRUE(value.is_object() && value.contains("data")) << line;
    latest[key] = value.at("data");
  }
  std::map<std::string, WrittenByUs::Offsets> committed;
  std::set<std::string> kinds;
  for (const auto& [key, value] : latest) {
    kinds.insert(key.at("type").get<std::string>());
    const json& of = key.at("data");
    EXPECT_NE(of.value("group", of.value("groupId", "")), "gone") << key;
    if (key.at("type") != "1") continue;
    EXPECT_NE(value.value("topicId", std::string("AAAAAAAAAAAAAAAAAAAAAA")),
              "AAAAAAAAAAAAAAAAAAAAAA")
        << value << " does not name its topic";
    committed[of.at("group")][{of.at("topic"), of.at("partition")}] = value.at("offset");
  }
  EXPECT_EQ(committed, ours().committed());
  EXPECT_EQ(kinds, (std::set<std::string>{"1", "3", "4", "5", "6", "7", "8"}));
}

/// Kafka's verdicts are worth something: it sees one wrong bit in each kind of file.
TEST(ReadByKafkaTest, OneWrongBitIsSeen) {
  SKIP_WITHOUT_KAFKA();
  const log::TopicPartition id{"batches", 0};
  const TempFolder copy;
  Files files;
  for (const auto* suffix : {".log", ".index", ".timeindex"}) {
    const auto last = ours().files(id, suffix).back();
    files.push_back(copy.path() / last.filename());
    std::filesystem::copy_file(last, files.back());
  }
  const auto flip = [&](size_t number, std::streamoff byte) {
    std::fstream file(files[number], std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(byte);
    const int was = file.get();
    file.seekp(byte);
    file.put(static_cast<char>(was ^ 1));
  };
  flip(0, 100);
  const auto of_log = kafka_dump({files[0]});
  const auto is_invalid = [](const std::string& line) { return line.ends_with("isvalid: false"); };
  EXPECT_EQ(std::count_if(of_log.lines.begin(), of_log.lines.end(), is_invalid), 1);
  flip(0, 100);
  flip(1, 3);
  flip(2, 7);
  const auto of_indexes = kafka_dump(files);
  EXPECT_NE(of_indexes.complaints.find("Mismatches in :" + files[1].string()), std::string::npos)
      << of_indexes.complaints;
  EXPECT_NE(of_indexes.complaints.find("timestamp mismatch in :" + files[2].string()),
            std::string::npos)
      << of_indexes.complaints;
}

}  // namespace
}  // namespace hailstorm::testing
