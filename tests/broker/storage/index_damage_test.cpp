#include <algorithm>
#include <fmt/format.h>
#include <random>

#include "broker/storage/log.h"
#include "broker/storage/sparse_index.h"
#include "tests/broker/storage/log_fixture.h"
#include "tests/support/long_run.h"

namespace hailstorm::storage {
namespace {

using Contents = std::vector<uint8_t>;
using Files = std::map<std::string, Contents>;
using hailstorm::testing::is_long_run;

/// A partition of several segments with times out of order, of which every file but the logs is
/// damaged.
class IndexDamageTest : public LogFixture {
 protected:
  static constexpr int64_t kProducer = 9;

  void SetUp() override {
    config_.segment_bytes = 16 << 10;
    open();
    fill(90, 'a');
    past_ = files_.all_files();
    fill(90, 'a');
  }

  void fill(int batches, char mark) {
    for (int i = 0; i < batches; ++i) {
      const auto n = static_cast<int64_t>(times_.size());
      const int64_t time = start_ms_ + (n * 37) % 100 * 10 + n;
      wire::RecordBatchBuilder builder;
      builder.append(time, std::nullopt, value(n, mark));
      builder.set_producer(kProducer, 0, static_cast<int32_t>(n));
      auto bytes = builder.finish();
      ASSERT_OK(append_bytes(bytes));
      if (i % 10 == 9) ASSERT_OK(log_->sync());
      times_.push_back(time);
    }
  }
  static std::string value(int64_t n, char mark) {
    return fmt::format("{}-{}", n, std::string(400, mark));
  }

  /// Another partition of the same shape, its files under this one's names.
  Files files_of_another() {
    LogFixtureOf other(config_, clock_);
    return other.files;
  }
  struct LogFixtureOf {
    LogFixtureOf(const wire::TopicConfig& config, const Clock& clock) {
      hailstorm::testing::FaultyFileSystem disk;
      auto log = std::move(Log::open(disk, clock, "/rides-1", {}, config)).value();
      for (int i = 0; i < 180; ++i) {
        wire::RecordBatchBuilder builder;
        builder.append(1'767'225'600'000 + (i * 61) % 100 * 10, std::nullopt, value(i, 'b'));
        builder.set_producer(kProducer, 0, i);
        auto bytes = builder.finish();
        static_cast<void>(log->append(bytes, kLeaderEpoch).ok());
        if (i % 10 == 9) static_cast<void>(log->sync().ok());
      }
      static_cast<void>(log->close().ok());
      for (const auto& [name, bytes] : disk.all_files())
        files[kFolder + name.substr(std::string("/rides-1").size())] = bytes;
    }
    Files files;
  };

  void restore(const Files& snapshot) {
    log_.reset();
    for (const auto& [name, bytes] : files_.all_files()) {
      if (!snapshot.contains(name)) ASSERT_OK(files_.remove(name));
    }
    for (const auto& [name, bytes] : snapshot) {
      if (!files_.exists(name)) ASSERT_OK(files_.open(name, FileSystem::Mode::create));
      *files_.contents(name) = bytes;
    }
  }

  /// Everything that a healthy partition answers.
  void expect_the_same_answers(const std::string& what) {
    ASSERT_EQ(log_->end().offset, std::ssize(times_)) << what;
    for (int64_t offset = 0; offset < std::ssize(times_); offset += 3) {
      const auto stored = read(offset, 1);
      ASSERT_TRUE(stored.ok()) << what << ": " << stored.error().message();
      const auto batch = wire::RecordBatchView::parse(stored->bytes);
      ASSERT_TRUE(batch.ok()) << what;
      ASSERT_EQ(batch->base_offset(), offset) << what;
    }
    for (int64_t wanted = start_ms_; wanted <= start_ms_ + 1200; wanted += 23) {
      const auto first =
          std::find_if(times_.begin(), times_.end(), [&](int64_t time) { return time >= wanted; });
      const auto found = offset_at(wanted);
      ASSERT_TRUE(found.ok()) << what << ": " << found.error().message();
      ASSERT_EQ(found->has_value(), first != times_.end()) << what << ", time " << wanted;
      if (!*found) continue;
      ASSERT_EQ((*found)->offset, first - times_.begin()) << what << ", time " << wanted;
    }
    const auto last = static_cast<int32_t>(times_.size()) - 1;
    const auto again = append_as(kProducer, 0, last, {value(last, 'a')});
    ASSERT_TRUE(again.ok()) << what << ": " << again.error().message();
    ASSERT_TRUE(again->duplicate) << what;
    ASSERT_EQ(again->base_offset, last) << what;
    const auto next = append_as(kProducer, 0, last + 1, {"next"});
    ASSERT_TRUE(next.ok()) << what << ": " << next.error().message();
    ASSERT_FALSE(next->duplicate) << what;
  }

  /// What recovery can do without; see PartitionFileTest for the one that it cannot.
  static bool is_helper(const std::string& name) {
    return !name.ends_with(file_names::kLog) && !name.ends_with(file_names::kPartition);
  }

  /// The partition answers as before with `damaged` in the place of its file.
  void expect_recovered(const Files& healthy, const std::string& name,
                        const std::optional<Contents>& damaged, const std::string& how) {
    Files hurt = healthy;
    if (damaged) {
      hurt[name] = *damaged;
    } else {
      hurt.erase(name);
    }
    restore(hurt);
    const Status opened = try_open();
    ASSERT_TRUE(opened.ok()) << name << " " << how << ": " << opened.error().message();
    expect_the_same_answers(name + " " + how);
  }
  /// The same for every file but the logs; `damage` gives nothing for a file to be deleted.
  void for_each_helper(
      const std::string& how,
      const std::function<std::optional<Contents>(const std::string&, const Contents&)>& damage) {
    for (const bool closed : {false, true}) {
      const Files healthy = closed ? closed_files() : killed_files();
      size_t count = 0;
      for (const auto& [name, bytes] : healthy) {
        if (!is_helper(name)) continue;
        ++count;
        expect_recovered(healthy, name, damage(name, bytes),
                         how + (closed ? ", after a close" : ", after a kill"));
        if (HasFatalFailure()) return;
      }
      EXPECT_GT(count, 8u);
    }
  }
  Files killed_files() {
    if (killed_.empty()) killed_ = files_.all_files();
    return killed_;
  }
  Files closed_files() {
    if (!closed_.empty()) return closed_;
    restore(killed_files());
    open();
    EXPECT_OK(log_->close());
    return closed_ = files_.all_files();
  }

  const int64_t start_ms_ = clock_.wall_ms();
  std::vector<int64_t> times_;
  Files past_, killed_, closed_;
};

// Invariants 8, 19.
TEST_F(IndexDamageTest, HelpersMayBeDeleted) {
  for_each_helper("deleted", [](const auto&, const auto&) { return std::nullopt; });
}

TEST_F(IndexDamageTest, HelpersMayBeEmptyOrZeroed) {
  for_each_helper("emptied", [](const auto&, const auto&) { return Contents(); });
  for_each_helper("zeroed",
                  [](const auto&, const auto& bytes) { return Contents(bytes.size(), 0); });
}

TEST_F(IndexDamageTest, HelpersMayBeGarbled) {
  const uint64_t seeds = is_long_run() ? 500 : 20;
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    for_each_helper(fmt::format("garbled with seed {}", seed),
                    [&](const auto&, const Contents& bytes) {
                      std::mt19937_64 random(seed);
                      Contents garbled(bytes.size() + random() % 24);
                      for (auto& byte : garbled) byte = static_cast<uint8_t>(random());
                      return garbled;
                    });
    if (HasFatalFailure()) return;
  }
}

TEST_F(IndexDamageTest, HelpersMayBeCutAnywhere) {
  for (size_t cut = 1; cut < 40; ++cut) {
    for_each_helper(fmt::format("{} bytes shorter", cut), [&](const auto&, const Contents& bytes) {
      return Contents(bytes.begin(),
                      bytes.end() - static_cast<std::ptrdiff_t>(std::min(cut, bytes.size())));
    });
    if (HasFatalFailure()) return;
  }
}

TEST_F(IndexDamageTest, AnyBitOfAHelperMayFlip) {
  for (const bool closed : {false, true}) {
    const Files healthy = closed ? closed_files() : killed_files();
    for (const auto& [name, bytes] : healthy) {
      if (!is_helper(name)) continue;
      for (size_t bit = 0; bit < 8 * bytes.size(); bit += is_long_run() ? 1 : 3) {
        Contents flipped = bytes;
        flipped[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
        expect_recovered(healthy, name, flipped, fmt::format("with bit {} flipped", bit));
        if (HasFatalFailure()) return;
      }
    }
  }
}

// Each entry is true; a search among them may go astray, but no answer may be wrong for it.
TEST_F(IndexDamageTest, EntriesMayStandInAWrongOrder) {
  const auto entry_bytes = [](const std::string& name) {
    if (name.ends_with(file_names::kTimeIndex)) return TimeEntry::kBytes;
    return name.ends_with(file_names::kOffsetIndex) ? OffsetEntry::kBytes : size_t{0};
  };
  for (size_t first = 0; first < 4; ++first) {
    for (size_t second = first; second < 5; ++second) {  // the same: it stands there twice
      for_each_helper(fmt::format("with entry {} after {}", first, second),
                      [&](const std::string& name, const Contents& bytes) {
                        const size_t size = entry_bytes(name);
                        Contents mixed = bytes;
                        if ((second + 1) * size > bytes.size()) return mixed;
                        const auto at = [&](size_t i) {
                          return mixed.begin() + static_cast<std::ptrdiff_t>(i * size);
                        };
                        if (first == second) {
                          const Contents twice(at(first), at(first + 1));
                          mixed.insert(at(first), twice.begin(), twice.end());
                        } else {
                          std::swap_ranges(at(first), at(first + 1), at(second));
                        }
                        return mixed;
                      });
      if (HasFatalFailure()) return;
    }
  }
}

// Invariant 8: an index that lacks its younger half must not grow on: it would hide what that told.
TEST_F(IndexDamageTest, ATimeIndexThatIsBehindIsMadeWholeBeforeItGrows) {
  const auto append_many = [&](int64_t time, int count) {
    for (int i = 0; i < count; ++i)
      ASSERT_OK(append_at(start_ms_ + time, {std::string(1000, 'x')}));
  };
  config_.segment_bytes = 1 << 20;
  for (const size_t left : {size_t{0}, TimeEntry::kBytes}) {
    log_.reset();
    ASSERT_OK(files_.remove_folder(kFolder));
    open();
    append_many(10, 10);
    append_many(1'000, 1);
    append_many(20, 20);
    ASSERT_OK(log_->close());
    ASSERT_GT(bytes_of(0, file_names::kTimeIndex).size(), TimeEntry::kBytes);
    bytes_of(0, file_names::kTimeIndex).resize(left);
    open();
    append_many(20, 20);
    ASSERT_OK(log_->sync());
    const auto found = offset_at(start_ms_ + 500);
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value()) << left << " bytes were left";
    EXPECT_EQ((*found)->offset, 10);
  }
}

// Invariant 17.
TEST_F(IndexDamageTest, RecoveryLeavesTheSameIndexesWhateverWasThere) {
  Files healthy = killed_files();
  healthy.erase(std::string(kFolder) + "/" + std::string(file_names::kCheckpoint));
  restore(healthy);
  open();
  log_.reset();
  const Files recovered = files_.all_files();
  std::string newest;
  for (const auto& [name, bytes] : healthy)
    if (name.ends_with(file_names::kLog)) newest = name.substr(0, name.rfind('.'));
  const Contents longer(1'200, 0x55);
  for (const auto suffix : {file_names::kOffsetIndex, file_names::kTimeIndex}) {
    for (const auto& bytes : {Contents{}, longer}) {
      Files hurt = healthy;
      hurt[newest + std::string(suffix)] = bytes;
      restore(hurt);
      open();
      log_.reset();
      EXPECT_EQ(files_.all_files(), recovered) << bytes.size() << " bytes in " << suffix;
    }
  }
}

// Another partition's producers would make this one acknowledge what it does not hold.
TEST_F(IndexDamageTest, HelpersMayBeAnotherPartitions) {
  const Files other = files_of_another();
  for_each_helper("of another partition", [&](const auto& name, const Contents& bytes) {
    return other.contains(name) ? other.at(name) : bytes;
  });
}

TEST_F(IndexDamageTest, HelpersMayBeOld) {
  for_each_helper("from the past", [&](const auto& name, const Contents& bytes) {
    return past_.contains(name) ? past_.at(name) : bytes;
  });
}

// Invariant 7: what knows of more than there is tells of a loss; an index knows nothing.
TEST_F(IndexDamageTest, HelpersFromTheFutureAreRefusedByNameOrIgnored) {
  const Files now = killed_files();
  const auto times = times_;
  fill(120, 'a');
  ASSERT_OK(log_->close());
  const Files future = files_.all_files();
  times_ = times;
  for (const auto& [name, bytes] : now) {
    if (!is_helper(name)) continue;
    Files hurt = now;
    hurt[name] = future.at(name);
    restore(hurt);
    const Status opened = try_open();
    if (opened.ok()) {
      EXPECT_TRUE(name.ends_with("index")) << name;
      expect_the_same_answers(name + " from the future");
    } else {
      EXPECT_FALSE(name.ends_with("index")) << name;
      EXPECT_TRUE(opened.error().is(StorageErrc::corrupt)) << opened.error().message();
      EXPECT_NE(opened.error().message().find(".log"), std::string::npos)
          << opened.error().message();
    }
  }
}

}  // namespace
}  // namespace hailstorm::storage
