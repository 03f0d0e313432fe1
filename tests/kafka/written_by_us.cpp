#include "tests/kafka/written_by_us.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/base/check.h"

namespace hailstorm::testing {
namespace {

constexpr int kTimeoutMs = 20'000;
constexpr int64_t kStartMs = 1'396'311'060'000;  // 2014-04-01 00:11:00 UTC
constexpr int kKeyedRecords = 400;
constexpr int64_t kDayMs = 86'400'000;

log::Record record_at(int64_t timestamp_ms, std::optional<std::string> key,
                      std::optional<std::string> value, log::Headers headers = {}) {
  return {std::move(key), std::move(value), std::move(headers), timestamp_ms};
}

/// `count` records of 1 to 200 bytes; the time goes up and down.
std::vector<log::Record> many(int count, int64_t start_ms) {
  std::vector<log::Record> records;
  for (int i = 0; i < count; ++i) {
    const int64_t jump_ms = i * 1'009 % 5'003 - 2'000;
    records.push_back(record_at(start_ms + jump_ms, std::nullopt,
                                std::string(static_cast<size_t>(i * 37 % 200 + 1), 'v')));
  }
  return records;
}

}  // namespace

WrittenByUs::WrittenByUs() : engine_(log::open(broker_.url()).value()) {
  for (int i = 0; i < 2; ++i) {
    log::ProducerOptions options;
    options.linger_ms = kTimeoutMs;  // flush() alone ends a batch
    options.batch_bytes = 1 << 20;
    producers_.push_back(engine_->make_producer(options));
  }
  write_shapes();
  write_batches();
  write_keyed();
  write_bytes();
  count_sequences();
  commit_as("riders");
  commit_as("seats", "seat-1");
  commit_as("gone");
  HAIL_CHECK(engine_->make_admin()->delete_group("gone").ok());
  committed_.erase("gone");
  producers_.clear();
  engine_.reset();
  HAIL_CHECK(broker_.stop() == 0);
}

void WrittenByUs::write_shapes() {
  create("shapes", 1);
  log::Headers headers;
  for (int i = 0; i < 100; ++i) headers.emplace_back(fmt::format("h{}", i), std::to_string(i));
  send(0, "shapes",
       {record_at(kStartMs, "key", "value"), record_at(kStartMs, std::nullopt, std::nullopt),
        record_at(kStartMs + 250, "", ""), record_at(kStartMs - kDayMs, "key", std::nullopt),
        record_at(0, std::nullopt, "the first millisecond of all"),
        record_at(kStartMs + kDayMs, "key", ""), record_at(kStartMs + 1, "", "value")});
  send(0, "shapes",
       {record_at(1, "key", "value", {{"ce_type", "ride_requested"}}),
        record_at(2, "key", std::nullopt, {{"twice", "1"}, {"twice", "2"}}),
        record_at(1, std::nullopt, "", {{"empty", ""}, {"", "no name"}}),
        record_at(kStartMs, std::nullopt, std::string(100'000, 'x'), headers)});
}

void WrittenByUs::write_batches() {
  create("batches", 1, 32 << 10);
  size_t turn = 0;
  for (const int count : {1, 2, 3, 10, 100, 500, 999, 1'000, 1, 50}) {
    send(turn % 2, "batches", many(count, kStartMs - static_cast<int64_t>(turn) * 1'000));
    ++turn;
  }
  // Many small ones, so that a segment has many index entries; the time goes on in small steps.
  for (; turn < 200; ++turn) {
    send(turn % 2, "batches", many(10, kStartMs + static_cast<int64_t>(turn) * 100));
  }
}

void WrittenByUs::write_keyed() {
  create("keyed", 4);
  for (size_t round = 0; round < 4; ++round) {
    std::vector<log::Record> records;
    for (int i = 0; i < kKeyedRecords / 4; ++i) {
      const std::string rider = fmt::format("rider-{}", i * 7 % 41);
      records.push_back(record_at(kStartMs + i, rider, std::to_string(i), {{"rider", rider}}));
    }
    send(round % 2, "keyed", records);
  }
}

void WrittenByUs::write_bytes() {
  create("bytes", 1);
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  send(1, "bytes",
       {record_at(kStartMs, all, all, {{"Zürich", all}, {"\n", "\n"}}),
        record_at(kStartMs, "\n", std::string(1, '\0'), {{"日本", ""}})});
}

void WrittenByUs::commit_as(const std::string& group, const std::string& instance_id) {
  log::ConsumerOptions options;
  options.group = group;
  options.instance_id = instance_id;
  const auto consumer = engine_->make_consumer(options);
  consumer->subscribe({"keyed"});
  Offsets& offsets = committed_[group];
  const auto commit = [&] {
    std::vector<log::Position> positions;
    for (const auto& [id, offset] : offsets) positions.push_back({id, offset});
    HAIL_CHECK(consumer->commit(positions).ok());
  };
  for (int read = 0; read < kKeyedRecords;) {
    const auto records = consumer->poll(kTimeoutMs).value();
    HAIL_CHECK(!records.empty());
    for (const auto& record : records)
      offsets[{record.topic, record.partition}] = record.offset + 1;
    read += static_cast<int>(records.size());
    commit();
  }
  for (auto& [id, offset] : offsets) --offset;  // the last one is to be handled again
  commit();
}

void WrittenByUs::create(const std::string& topic, int32_t partitions, int64_t segment_bytes) {
  log::TopicSettings settings;
  settings.partitions = partitions;
  settings.segment_bytes = segment_bytes;
  HAIL_CHECK(engine_->make_admin()->create_topic(topic, settings).ok());
}

void WrittenByUs::send(size_t producer, const std::string& topic,
                       const std::vector<log::Record>& records) {
  std::vector<log::Delivery> deliveries(records.size());
  for (size_t i = 0; i < records.size(); ++i) {
    const auto queued =
        producers_[producer]->send(topic, records[i], [&deliveries, i](const auto& outcome) {
          if (outcome.ok()) deliveries[i] = *outcome;
        });
    HAIL_CHECK(queued.ok());
  }
  HAIL_CHECK(producers_[producer]->flush(kTimeoutMs).ok());
  for (size_t i = 0; i < records.size(); ++i) {
    HAIL_CHECK(deliveries[i].offset >= 0);
    sent_[deliveries[i].id][deliveries[i].offset] = {records[i], producer, 0};
  }
}

void WrittenByUs::count_sequences() {
  for (auto& [id, records] : sent_) {
    std::map<size_t, int32_t> next;
    for (auto& [offset, sent] : records) sent.sequence = next[sent.producer]++;
  }
}

std::filesystem::path WrittenByUs::folder(const log::TopicPartition& id) const {
  return broker_.data() / fmt::format("{}-{}", id.topic, id.partition);
}

std::vector<std::filesystem::path> WrittenByUs::files(const log::TopicPartition& id,
                                                      const std::string& suffix) const {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder(id))) {
    if (entry.path().extension() == suffix) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace hailstorm::testing
