#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <gtest/gtest.h>

#include "broker/partition/topic_store.h"
#include "broker/storage/file_names.h"
#include "common/wire/record_batch.h"
#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::broker {
namespace {

using storage::batch_of;
namespace file_names = storage::file_names;
using storage::FileSystem;
using storage::StorageErrc;

wire::TopicConfig topic(int32_t partitions) {
  wire::TopicConfig config;
  config.partitions = partitions;
  return config;
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
