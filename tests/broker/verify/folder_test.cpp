#include <gtest/gtest.h>

#include "broker/partition/topic_store.h"
#include "broker/storage/file_names.h"
#include "broker/storage/store_folder.h"
#include "broker/verify/verify.h"
#include "common/wire/record_batch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/matchers.h"

namespace hailstorm::verify {
namespace {

using broker::TopicStore;
using storage::FileSystem;

/// A store of two topics whose folder is damaged; the verdict is held against the store's opening.
class FolderTest : public ::testing::Test {
 protected:
  static constexpr const char* kFolder = "/broker";

  FolderTest() {
    auto store = open();
    EXPECT_OK(store->create("rides", config(2)));
    EXPECT_OK(store->create("__consumer_offsets", config(1)));
    for (int i = 0; i < 5; ++i) append(*store, {"rides", i % 2}, "key", "value");
    EXPECT_OK(store->close());
  }
  static wire::TopicConfig config(int32_t partitions) {
    wire::TopicConfig config;
    config.partitions = partitions;
    return config;
  }
  std::unique_ptr<TopicStore> open() {
    auto store = TopicStore::open(files_, clock_, kFolder);
    EXPECT_OK(store);
    return std::move(store).value();
  }
  static void append(TopicStore& store, const wire::TopicPartition& id, std::string_view key,
                     std::string_view value) {
    wire::RecordBatchBuilder builder;
    builder.append(1, key, value);
    auto batch = builder.finish();
    EXPECT_OK(store.partition(id)->append(batch));
    EXPECT_OK(store.partition(id)->sync_now());
  }
  void write(const std::string& name, std::string_view text) {
    const auto file = files_.open(std::string(kFolder) + "/" + name, FileSystem::Mode::create);
    ASSERT_OK(file);
    ASSERT_OK((*file)->truncate(0));
    ASSERT_OK((*file)->write_at(0, as_bytes(text)));
  }
  FolderReport verify() {
    const auto before = files_.all_files();
    partitions_.clear();
    auto report = verify_folder(files_, clock_, kFolder,
                                [this](const auto& each) { partitions_.push_back(each); });
    EXPECT_OK(report);
    EXPECT_EQ(files_.all_files(), before) << "verify wrote";
    const auto opened = TopicStore::open(files_, clock_, kFolder);
    EXPECT_EQ(report->starts, opened.ok());
    if (opened.ok()) {
      for (const auto& partition : partitions_) {
        const auto id = storage::file_names::parse_partition_folder(partition.name);
        EXPECT_EQ(partition.opens, (*opened)->partition(*id) != nullptr) << partition.name;
      }
    } else {
      EXPECT_EQ(report->findings.at(0).what, opened.error().message());
    }
    return *report;
  }

  hailstorm::testing::FaultyFileSystem files_;
  hailstorm::testing::FakeClock clock_;
  std::vector<PartitionReport> partitions_;
};

TEST_F(FolderTest, ASoundFolderListsEveryPartitionAndHasNoFindings) {
  const auto report = verify();
  EXPECT_EQ(report.partitions, 3U);
  EXPECT_EQ(report.damaged + report.mended, 0U);
  ASSERT_EQ(partitions_.size(), 3U);
  EXPECT_EQ(partitions_[0].name, "__consumer_offsets-0");
  EXPECT_EQ(partitions_[0].groups, 0U);
  EXPECT_EQ(partitions_[1].end_offset, 3);
  EXPECT_EQ(partitions_[1].groups, std::nullopt);
}

TEST_F(FolderTest, AnEmptyFolderIsSound) {
  ASSERT_OK(files_.remove_folder(kFolder));
  ASSERT_OK(files_.create_folder(kFolder));
  EXPECT_EQ(verify().damaged, 0U);
}

TEST_F(FolderTest, DamagedSettingsStopTheBrokerButThePartitionsAreCheckedAllTheSame) {
  for (const std::string_view text : {"", "{", "{}", R"({"format": 9})"}) {
    write("topics.json", text);
    const auto report = verify();
    EXPECT_EQ(report.damaged, 1U);
    EXPECT_EQ(partitions_.size(), 3U);
  }
}

// As a program wrote them before topics had ids.
TEST_F(FolderTest, SettingsWithoutIdsAreSound) {
  const std::string settings =
      R"("segment_bytes": 67108864, "retention_ms": -1, "retention_bytes": -1,
         "max_batch_bytes": 4194304, "flush": "always", "flush_interval_ms": 1000)";
  write("topics.json",
        R"({"format": 1, "reserved_producer_ids": 0, "topics": {"rides": {"partitions": 2, )" +
            settings + R"(, "compact": false}, "__consumer_offsets": {"partitions": 1, )" +
            settings + R"(, "compact": true}}})");
  const auto report = verify();
  EXPECT_TRUE(report.starts);
  EXPECT_EQ(report.damaged + report.mended, 0U);
  EXPECT_EQ(partitions_.size(), 3U);
}

TEST_F(FolderTest, MissingSettingsAreDamage) {
  ASSERT_OK(files_.remove(std::string(kFolder) + "/topics.json"));
  EXPECT_EQ(verify().damaged, 1U);
}

TEST_F(FolderTest, AMissingPartitionIsDamageAndAnUnknownOneANote) {
  ASSERT_OK(files_.rename(std::string(kFolder) + "/rides-1", std::string(kFolder) + "/rides-7"));
  const auto report = verify();
  EXPECT_EQ(report.damaged_partitions, 1U);
  EXPECT_FALSE(partitions_.at(2).opens);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].file, "rides-7");
  EXPECT_EQ(report.findings[0].severity, Severity::note);
}

// A folder knows whose it is: of which partition, and of which of two topics of one name.
TEST_F(FolderTest, ExchangedFoldersAreDamageAndDoNotOpen) {
  const std::string folder = std::string(kFolder) + "/";
  const auto exchange = [&](const std::string& one, const std::string& other) {
    ASSERT_OK(files_.rename(folder + one, folder + "aside"));
    ASSERT_OK(files_.rename(folder + other, folder + one));
    ASSERT_OK(files_.rename(folder + "aside", folder + other));
  };
  for (const auto& [one, other] :
       {std::pair("rides-0", "rides-1"), {"rides-1", "__consumer_offsets-0"}}) {
    exchange(one, other);
    EXPECT_EQ(verify().damaged_partitions, 2U);
    for (const auto& partition : partitions_) {
      if (partition.name != one && partition.name != other) continue;
      EXPECT_NE(partition.refusal.find("the folder was moved or copied here"), std::string::npos)
          << partition.refusal;
    }
    exchange(one, other);
    EXPECT_EQ(verify().damaged, 0U);
  }
  ASSERT_OK(files_.rename(folder + "rides-0", folder + "aside"));
  auto store = open();
  ASSERT_OK(store->remove("rides"));
  ASSERT_OK(store->create("rides", config(2)));
  ASSERT_OK(store->close());
  store.reset();
  ASSERT_OK(files_.remove_folder(folder + "rides-0"));
  ASSERT_OK(files_.rename(folder + "aside", folder + "rides-0"));
  EXPECT_EQ(verify().damaged_partitions, 1U);
  EXPECT_NE(partitions_.at(1).refusal.find("of another topic of that name"), std::string::npos);
}

TEST_F(FolderTest, LeftOversAreNamed) {
  ASSERT_OK(files_.create_folder(std::string(kFolder) + "/old-0.deleted"));
  write("topics.json.tmp", "{");
  write("notes.txt", "mine");
  const auto report = verify();
  EXPECT_EQ(report.damaged, 0U);
  EXPECT_EQ(report.mended, 2U);
  EXPECT_EQ(report.findings.size(), 3U);
}

// The groups' records are Kafka's; one that cannot be read stops the coordinator.
TEST_F(FolderTest, UnreadableGroupRecordsAreDamage) {
  auto store = open();
  append(*store, {"__consumer_offsets", 0}, std::string_view("\0\1\0", 3), "value");
  ASSERT_OK(store->close());
  store.reset();
  const auto report = verify();
  EXPECT_EQ(report.damaged, 1U);
  EXPECT_TRUE(partitions_.at(0).opens);
  EXPECT_NE(partitions_[0].findings.at(0).outcome.find("groups"), std::string::npos);
}

TEST_F(FolderTest, ALogThatBeginsInsideASegmentIsWhole) {
  auto store = open();
  ASSERT_OK(store->partition({"rides", 0})->delete_before(1));
  ASSERT_OK(store->close());
  store.reset();
  EXPECT_TRUE(verify().findings.empty());
  for (const auto& partition : partitions_) {
    EXPECT_TRUE(partition.findings.empty()) << partition.name;
    if (partition.name != "rides-0") continue;
    EXPECT_EQ(partition.start_offset, 1);
    EXPECT_EQ(partition.segments, 1u);
  }
}

}  // namespace
}  // namespace hailstorm::verify
