#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/broker/storage/compaction_fixture.h"
#include "tests/kafka/kafka_tool.h"
#include "tests/support/temp_folder.h"

/// Apache Kafka itself reads what compaction wrote.
namespace hailstorm::testing {
namespace {

using Files = std::vector<std::filesystem::path>;

class CompactedTest : public storage::CompactionFixture {
 protected:
  /// Segments, indexes with some entries, deletions, an idempotent producer, every codec.
  void make_log() {
    config_.segment_bytes = 64 << 10;
    config_.delete_retention_ms = 60'000;
    open();
    for (int i = 0; i < 1'500; ++i) {
      clock_.advance_ms(1);
      const auto codec = static_cast<compression::Codec>(i % 5);
      const std::string value(static_cast<size_t>(i % 90), 'v');
      ASSERT_OK(send({{fmt::format("key-{}", i * 7 % 400), value},
                      {fmt::format("other-{}", i % 3'000), value},
                      {fmt::format("key-{}", i * 11 % 400), std::nullopt}},
                     codec, i % 2 == 0 ? 7 : -1));
    }
    expect_compacted();
    expect_sound();
    ASSERT_OK(log_->close());
  }
  /// The log's files as they lie on a disk, those with this suffix.
  Files written_out(std::string_view suffix) {
    Files files;
    for (const auto& [name, bytes] : files_.all_files()) {
      if (!name.ends_with(suffix)) continue;
      files.push_back(folder_.path() / storage::file_names::last_part(name));
      std::ofstream(files.back(), std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    }
    return files;
  }

  TempFolder folder_;
};

// Invariant 84.
TEST_F(CompactedTest, KafkaFindsEveryBatchValidAndEveryRecordThatIsLeft) {
  SKIP_WITHOUT_KAFKA();
  make_log();
  const auto said =
      kafka_dump(written_out(storage::file_names::kLog), {"--deep-iteration", "--print-data-log"});
  EXPECT_EQ(said.complaints, "");
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
  EXPECT_GT(empty_batches, 10u);
  EXPECT_GT(horizons, 10u);
  open();
  std::set<int64_t> expected;
  for (const auto& [offset, record] : read_records()) expected.insert(offset);
  EXPECT_EQ(offsets, expected);
}

TEST_F(CompactedTest, KafkaFindsThatIndexesFitTheirLogs) {
  SKIP_WITHOUT_KAFKA();
  make_log();
  Files files;
  for (const auto suffix : {storage::file_names::kLog, storage::file_names::kOffsetIndex,
                            storage::file_names::kTimeIndex}) {
    const auto some = written_out(suffix);
    files.insert(files.end(), some.begin(), some.end());
  }
  EXPECT_EQ(kafka_dump(files).complaints, "");
  EXPECT_EQ(kafka_dump(files, {"--index-sanity-check"}).complaints, "");
}

}  // namespace
}  // namespace hailstorm::testing
