#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "broker/storage/batch_header.h"
#include "broker/storage/log.h"
#include "common/wire/record_batch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

/// Apache Kafka itself reads what compaction wrote.
namespace hailstorm::testing {
namespace {

using Files = std::vector<std::filesystem::path>;

class CompactedTest : public ::testing::Test {
 protected:
  /// Segments, indexes with some entries, deletions, an idempotent producer, every codec.
  void SetUp() override {
    SKIP_WITHOUT_KAFKA();
    wire::TopicConfig config;
    config.cleanup = wire::CleanupPolicy::compaction;
    config.segment_bytes = 64 << 10;
    config.min_dirty_ppm = 0;
    auto opened = storage::Log::open(*disk_, clock_, folder(), {}, config);
    ASSERT_OK(opened);
    const auto log = std::move(opened).value();
    for (int i = 0; i < 1'500; ++i) append(*log, i);
    ASSERT_OK(log->sync());
    compact(*log);
    note_offsets(*log);
    ASSERT_OK(log->close());
  }

  [[nodiscard]] Files files(const std::set<std::string>& suffixes) const {
    Files found;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
      if (suffixes.contains(entry.path().extension())) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  std::set<int64_t> offsets_;  // of the records that are left

 private:
  [[nodiscard]] std::string folder() const { return (data_.path() / "cities-0").string(); }

  void append(storage::Log& log, int number) {
    clock_.advance_ms(1);
    const std::string value(static_cast<size_t>(number % 90), 'v');
    wire::RecordBatchBuilder builder;
    const auto add = [&](const std::string& key, std::optional<std::string_view> of_key) {
      builder.append(clock_.wall_ms(), key, of_key);
    };
    add(fmt::format("key-{}", number * 7 % 400), value);
    if (number % 3 == 0) add(fmt::format("other-{}", number), value);
    add(fmt::format("key-{}", number * 11 % 400), std::nullopt);
    if (number % 2 == 0)
      builder.set_producer(7, 0, std::exchange(sequence_, sequence_ + builder.record_count()));
    auto batch = builder.finish(0, static_cast<compression::Codec>(number % 5));
    ASSERT_OK(log.append(batch, storage::kLeaderEpoch));
  }
  void compact(storage::Log& log) {
    const auto compaction = log.begin_compaction(log.durable_end().offset, {});
    ASSERT_NE(compaction, nullptr);
    for (bool has_step = true; has_step;) {
      compaction->run();
      const auto more = log.next_step(*compaction);
      ASSERT_OK(more);
      if (log.has_swap()) ASSERT_OK(log.sync());
      has_step = *more;
    }
  }
  void note_offsets(storage::Log& log) {
    for (int64_t offset = 0; offset < log.durable_end().offset;) {
      const auto stored = log.read(offset, 1, log.durable_end());
      ASSERT_OK(stored);
      const auto batch = wire::RecordBatchView::parse(stored->bytes);
      ASSERT_OK(batch);
      wire::RecordReader reader(*batch);
      for (wire::RecordView record; *reader.next(record);) offsets_.insert(record.offset);
      offset = batch->last_offset() + 1;
    }
    ASSERT_LT(offsets_.size(), 4'000u);
  }

  const std::unique_ptr<storage::FileSystem> disk_ = storage::make_posix_file_system();
  FakeClock clock_;
  int32_t sequence_ = 0;  // of producer 7
  TempFolder data_;
};

// Invariant 84.
TEST_F(CompactedTest, KafkaFindsEveryBatchValidAndEveryRecordThatIsLeft) {
  const auto said = kafka_dump(files({".log"}), {"--deep-iteration"});
  // As of every compacted log, it lists between which offsets there is no record.
  std::istringstream complaints(said.complaints);
  for (std::string line; std::getline(complaints, line);) {
    const bool is_of_offsets = line.starts_with("Non-consecutive offsets in ") ||
                               line.find(" is followed by ") != std::string::npos;
    EXPECT_TRUE(line.empty() || is_of_offsets) << line;
  }
  size_t empty_batches = 0;
  size_t horizons = 0;
  std::set<int64_t> offsets;
  for (const auto& line : said.lines) {
    if (line.starts_with("baseOffset:")) {
      EXPECT_TRUE(line.ends_with("isvalid: true")) << line;
      if (line.find(" count: 0 ") != std::string::npos) ++empty_batches;
      if (line.find("deleteHorizonMs: OptionalLong[") != std::string::npos) ++horizons;
    }
    if (line.starts_with("| offset: ")) offsets.insert(std::stoll(line.substr(10)));
  }
  EXPECT_GT(horizons, 10u);
  EXPECT_GT(empty_batches, 10u);
  EXPECT_EQ(offsets, offsets_);
}

TEST_F(CompactedTest, KafkaFindsThatIndexesFitTheirLogs) {
  const auto all = files({".log", ".index", ".timeindex"});
  EXPECT_EQ(kafka_dump(all).complaints, "");
  EXPECT_EQ(kafka_dump(all, {"--index-sanity-check"}).complaints, "");
}

}  // namespace
}  // namespace hailstorm::testing
