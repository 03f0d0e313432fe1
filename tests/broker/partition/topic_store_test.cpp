#include "broker/partition/topic_store.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <gtest/gtest.h>

#include "broker/storage/file_names.h"
#include "common/wire/record_batch.h"
#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::broker {
namespace {

using storage::batch_of;
namespace file_names = storage::file_names;
using storage::FileSystem;
using storage::StorageErrc;

using Contents = std::vector<uint8_t>;

wire::TopicConfig topic(int32_t partitions) {
  wire::TopicConfig config;
  config.partitions = partitions;
  config.retention_ms = 123'456;
  return config;
}

/// A store of two topics whose settings are damaged.
class TopicStoreTest : public ::testing::Test {
 protected:
  static constexpr const char* kFolder = "/data";
  static constexpr const char* kSettings = "/data/topics.json";

  void SetUp() override {
    ASSERT_OK(try_open());
    ASSERT_OK(store_->create("rides", topic(3)));
    ASSERT_OK(store_->create("events", topic(1)));
    last_id_ = store_->next_producer_id().value();
    store_.reset();
    healthy_ = *files_.contents(kSettings);
  }

  Status try_open() {
    store_.reset();
    auto opened = TopicStore::open(files_, clock_, kFolder);
    if (!opened.ok()) return std::move(opened).error();
    store_ = std::move(opened).value();
    return {};
  }
  /// In the partitions' folders.
  void remove_what_older_programs_did_not_write() {
    for (const char* folder : {"/data/rides-0", "/data/rides-1", "/data/rides-2", "/data/events-0"})
      for (const char* name : {"partition", "checkpoint", "recovery-point"}) {
        const std::string path = std::string(folder) + "/" + name;
        if (files_.exists(path)) ASSERT_OK(files_.remove(path));
      }
  }
  /// The store opens as it was, or says which file is damaged; nothing in between.
  bool opens_as_it_was(const Contents& settings, const std::string& what) {
    *files_.contents(kSettings) = settings;
    const Status opened = try_open();
    EXPECT_EQ(*files_.contents(kSettings), settings) << what;
    if (!opened.ok()) {
      EXPECT_TRUE(opened.error().is(StorageErrc::corrupt)) << what;
      EXPECT_NE(opened.error().message().find(kSettings), std::string::npos) << what;
      return false;
    }
    EXPECT_EQ(store_->topics().size(), 2u) << what;
    for (const auto& [name, partitions] : {std::pair("rides", 3), {"events", 1}}) {
      const Topic* const found = store_->find(name);
      EXPECT_TRUE(found != nullptr && found->config == topic(partitions)) << what;
    }
    EXPECT_GT(store_->next_producer_id().value(), last_id_) << what;
    return true;
  }

  hailstorm::testing::FaultyFileSystem files_;
  hailstorm::testing::FakeClock clock_;
  std::unique_ptr<TopicStore> store_;
  Contents healthy_;
  int64_t last_id_ = -1;
};

// Invariant 7: a partition less, or a producer id given twice, would go unnoticed.
TEST_F(TopicStoreTest, AnyFlippedBitOfTheSettingsIsRefusedOrMakesNoDifference) {
  for (size_t bit = 0; bit < 8 * healthy_.size(); ++bit) {
    Contents flipped = healthy_;
    flipped[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    opens_as_it_was(flipped, fmt::format("bit {} of byte {}", bit % 8, bit / 8));
    if (HasFailure()) return;
  }
}

TEST_F(TopicStoreTest, SettingsThatWereCutShortOrZeroedAreRefused) {
  for (size_t length = 0; length + 2 < healthy_.size(); ++length) {
    const auto end = healthy_.begin() + static_cast<std::ptrdiff_t>(length);
    EXPECT_FALSE(opens_as_it_was({healthy_.begin(), end}, fmt::format("{} bytes", length)));
  }
  EXPECT_FALSE(opens_as_it_was(Contents(healthy_.size(), 0), "zeros"));
}

// As an older program wrote them, or a person.
TEST_F(TopicStoreTest, SettingsWithoutACrcAreTaken) {
  const std::string text(as_text(healthy_));
  const size_t crc = text.find("\"crc\"");
  ASSERT_NE(crc, std::string::npos);
  const std::string without = text.substr(0, crc) + text.substr(text.find(',', crc) + 1);
  EXPECT_TRUE(opens_as_it_was(Contents(without.begin(), without.end()), "no crc"));
}

/// The settings as they were before topics had ids.
std::string without_ids(std::string text) {
  for (const char* const member : {"\"id\"", "\"crc\""}) {
    for (size_t at = text.find(member); at != std::string::npos; at = text.find(member))
      text.erase(at, text.find(',', at) + 1 - at);
  }
  const std::string format = "\"format\": 2";
  EXPECT_NE(text.find(format), std::string::npos);
  return text.replace(text.find(format), format.size(), "\"format\": 1");
}

// Invariant 4: an id, a partition and an offset name one record.
TEST_F(TopicStoreTest, ATopicKeepsItsIdAndOneThatIsMadeAgainHasAnother) {
  ASSERT_OK(try_open());
  const Uuid id = store_->find("rides")->id;
  EXPECT_FALSE(id.is_zero());
  EXPECT_NE(store_->find("events")->id, id);
  ASSERT_OK(store_->grow("rides", 4));
  ASSERT_OK(try_open());
  EXPECT_EQ(store_->find("rides")->id, id);
  ASSERT_OK(store_->remove("rides"));
  ASSERT_OK(store_->create("rides", topic(3)));
  const Uuid next = store_->find("rides")->id;
  EXPECT_NE(next, id);
  EXPECT_FALSE(next.is_zero());
  ASSERT_OK(try_open());
  EXPECT_EQ(store_->find("rides")->id, next);
}

TEST_F(TopicStoreTest, SettingsOfATopicWithoutAnIdOrWithAnothersAreRefused) {
  ASSERT_OK(try_open());
  const std::string rides = store_->find("rides")->id.text();
  for (const std::string& wrong :
       {store_->find("events")->id.text(), Uuid().text(), std::string("none"), std::string()}) {
    std::string text(as_text(healthy_));
    const size_t crc = text.find("\"crc\"");
    text.erase(crc, text.find(',', crc) + 1 - crc);
    text.replace(text.find(rides), rides.size(), wrong);
    EXPECT_FALSE(opens_as_it_was(Contents(text.begin(), text.end()), wrong));
  }
}

// An older program wrote them. Wherever the first start dies, each id that it used is kept.
TEST_F(TopicStoreTest, SettingsWithoutIdsGetThemDurablyAtTheFirstStart) {
  const std::string old = without_ids(std::string(as_text(healthy_)));
  std::map<std::string, Uuid> used;
  bool was_cut = true;
  for (uint64_t change = 1; was_cut; ++change) {
    used.clear();
    *files_.contents(kSettings) = Contents(old.begin(), old.end());
    remove_what_older_programs_did_not_write();
    files_.freeze_at(change);
    if (try_open().ok()) {
      for (const auto& [name, topic] : store_->topics()) used[name] = topic.id;
    }
    was_cut = files_.has_failed();
    files_.heal();
    store_.reset();
    files_.cut_power();
    ASSERT_OK(try_open());
    for (const auto& [name, id] : used) EXPECT_EQ(store_->find(name)->id, id) << change;
  }
  ASSERT_EQ(used.size(), 2U);
  EXPECT_NE(used["rides"], used["events"]);
  for (const auto& [name, id] : used) EXPECT_FALSE(id.is_zero()) << name;
  EXPECT_EQ(store_->find("rides")->config, topic(3));
}

// As where they are restored from a copy of that time.
TEST_F(TopicStoreTest, SettingsWithoutIdsTakeThoseOfTheFolders) {
  ASSERT_OK(try_open());
  const Uuid rides = store_->find("rides")->id;
  const std::string old = without_ids(std::string(as_text(healthy_)));
  *files_.contents(kSettings) = Contents(old.begin(), old.end());
  ASSERT_OK(try_open());
  EXPECT_EQ(store_->find("rides")->id, rides);
  for (const auto& partition : store_->find("rides")->partitions)
    EXPECT_FALSE(partition->open_error().has_value());
}

TEST_F(TopicStoreTest, LostSettingsAreNotTakenForANewFolder) {
  ASSERT_OK(files_.remove(kSettings));
  EXPECT_FAILS_WITH(try_open(), StorageErrc::corrupt);
  EXPECT_FALSE(files_.exists(kSettings));
}

// Invariant 9.
TEST_F(TopicStoreTest, APartitionWithoutASegmentIsRefusedAndTheOthersAreServed) {
  ASSERT_OK(files_.remove_folder("/data/rides-1"));
  ASSERT_OK(files_.create_folder("/data/rides-1"));
  ASSERT_OK(try_open());
  EXPECT_EQ(store_->partition({"rides", 1}), nullptr);
  EXPECT_NE(store_->find("rides")->partitions[1]->open_error()->message().find("/data/rides-1"),
            std::string::npos);
  EXPECT_NE(store_->partition({"rides", 0}), nullptr);
  EXPECT_NE(store_->partition({"events", 0}), nullptr);
}

// Invariant 9.
TEST_F(TopicStoreTest, AFolderThatWasBeingRemovedIsGoneAfterTheNextStart) {
  const std::string folder = std::string(kFolder) + "/gone-0" + std::string(file_names::kDeleted);
  ASSERT_OK(files_.create_folder(folder));
  ASSERT_OK(files_.open(folder + "/" + file_names::segment_file(0, file_names::kLog),
                        FileSystem::Mode::create));
  ASSERT_OK(try_open());
  EXPECT_FALSE(files_.exists(folder));
}

// Invariant 4: a crash cut the removal of a topic of this name, and now the disk may fail as well.
TEST_F(TopicStoreTest, WhatIsLeftOfARemovedTopicIsNotTheNewOnes) {
  ASSERT_OK(try_open());
  const std::string folder = std::string(kFolder) + "/events-0";
  const std::string segment = folder + "/" + file_names::segment_file(0, file_names::kLog);
  for (const bool fails : {false, true}) {
    ASSERT_OK(store_->remove("events"));
    ASSERT_OK(files_.create_folder(folder));
    ASSERT_OK((*files_.open(segment, FileSystem::Mode::create))->write_at(0, batch_of({"old"}, 1)));
    if (fails) {
      files_.fail_nth(1, hailstorm::testing::FaultyFileSystem::Fault::io);
      EXPECT_FALSE(store_->create("events", topic(1)).ok());
      EXPECT_EQ(store_->find("events"), nullptr);
      files_.heal();
    }
    ASSERT_OK(store_->create("events", topic(1)));
    EXPECT_EQ(store_->partition({"events", 0})->log_end_offset(), 0) << fails;
  }
}

// Invariant 18. Else the new producer's first batch would be taken for one that is there already,
// acknowledged, and thrown away.
TEST_F(TopicStoreTest, ProducerIdsThatALogHoldsAreNotGivenAgain) {
  const auto open_store = [&] {
    auto store = TopicStore::open(files_, clock_, "/other");
    EXPECT_OK(store);
    return std::move(store).value();
  };
  wire::TopicConfig config;
  config.partitions = 2;
  ASSERT_OK(open_store()->create("rides", config));

  wire::RecordBatchBuilder builder;
  builder.append(1'000, std::nullopt, "theirs");
  builder.set_producer(4'711, 0, 0);
  const auto batch = builder.finish();
  const auto log = files_.open("/other/rides-1/" + file_names::segment_file(0, file_names::kLog),
                               FileSystem::Mode::read_write);
  ASSERT_OK(log);
  ASSERT_OK((*log)->write_at(0, batch));

  EXPECT_EQ(open_store()->next_producer_id().value(), 4'712);
  const auto store = open_store();
  EXPECT_GT(store->next_producer_id().value(), 4'712);

  // No count comes to an id that somebody made up, and there must be some left.
  builder.append(1'000, std::nullopt, "theirs");
  builder.set_producer(INT64_MAX, 0, 0);
  auto made_up = builder.finish();
  ASSERT_OK(store->partition({"rides", 0})->append(made_up));
  ASSERT_OK(store->close());
  const int64_t next = open_store()->next_producer_id().value();
  EXPECT_GT(next, 4'712);
  EXPECT_LT(next, 10'000);
}

// Invariant 1: the folder is there when the second start finds it, but its name is not durable yet.
TEST(NewTopicStoreTest, AFolderOfAStartThatDiedSurvivesAPowerCutToo) {
  hailstorm::testing::FaultyFileSystem files;
  hailstorm::testing::FakeClock clock;
  ASSERT_OK(files.create_folder("/disk"));
  ASSERT_OK(files.sync_folder(""));
  ASSERT_OK(files.create_folder("/disk/data"));
  auto store = TopicStore::open(files, clock, "/disk/data");
  ASSERT_OK(store);
  ASSERT_OK(store.value()->create("rides", {}));
  auto* const log = store.value()->partition({"rides", 0});
  auto batch = batch_of({"a"}, 1);
  ASSERT_OK(log->append(batch));
  ASSERT_OK(log->sync_now());
  store.value().reset();
  files.cut_power();
  store = TopicStore::open(files, clock, "/disk/data");
  ASSERT_OK(store);
  ASSERT_NE(store.value()->partition({"rides", 0}), nullptr);
  EXPECT_EQ(store.value()->partition({"rides", 0})->high_watermark(), 1);
}

/// Makes the topic "rides", lets the nth call of `first` fail, for every n up to `calls` (and the
/// next ones, `faults` in all), then cuts the power in `second` at every change, and shows the
/// store that opens after that.
void expect_after_every_cut(uint64_t calls, uint64_t faults,
                            const std::function<Status(TopicStore&)>& first,
                            const std::function<Status(TopicStore&)>& second,
                            const std::function<bool(TopicStore&)>& is_whole) {
  const hailstorm::testing::FakeClock clock;
  // True: the power was cut before all was done.
  const auto was_cut = [&](uint64_t failed, uint64_t cut, uint64_t seed) {
    hailstorm::testing::FaultyFileSystem files;
    auto store = std::move(TopicStore::open(files, clock, "/data")).value();
    EXPECT_OK(store->create("rides", topic(1)));
    files.fail_nth(failed, hailstorm::testing::FaultyFileSystem::Fault::io, faults);
    static_cast<void>(first(*store).ok());
    files.freeze_at(cut);
    static_cast<void>(second(*store).ok());
    const bool has_failed = files.has_failed();
    files.heal();
    store.reset();
    files.cut_power_reordered(seed);
    store = std::move(TopicStore::open(files, clock, "/data")).value();
    EXPECT_TRUE(is_whole(*store)) << "failure " << failed << ", cut " << cut << ", seed " << seed;
    return has_failed;
  };
  for (uint64_t failed = 1; failed <= calls; ++failed) {
    for (uint64_t seed = 0; seed < 8; ++seed) {
      for (uint64_t cut = 1; was_cut(failed, cut, seed); ++cut) continue;
    }
  }
}

// Invariant 10: a failed removal leaves it open which settings the next start finds. What they name
// must be there.
TEST(NewTopicStoreTest, ATopicMadeAgainAfterAFailedRemovalOpensWhereverThePowerIsCut) {
  expect_after_every_cut(
      8, 1, [](TopicStore& store) { return store.remove("rides"); },
      [](TopicStore& store) { return store.create("rides", topic(1)); },
      [](TopicStore& store) {
        const Topic* const found = store.find("rides");
        return found == nullptr || found->partitions.at(0)->is_open();
      });
}

// Invariant 10: a failed growth leaves it open in the same way. Two calls fail: of the settings
// that name it, and of those that should forget it; 24 are more than a growth has.
TEST(NewTopicStoreTest, ATopicGrownAgainAfterAFailedGrowthOpensWhereverThePowerIsCut) {
  const auto grow = [](TopicStore& store) { return store.grow("rides", 2); };
  expect_after_every_cut(24, 2, grow, grow, [](TopicStore& store) {
    const auto& partitions = store.find("rides")->partitions;
    return std::all_of(partitions.begin(), partitions.end(),
                       [](const auto& partition) { return partition->is_open(); });
  });
}

}  // namespace
}  // namespace hailstorm::broker
