#include <cstdlib>
#include <random>

#include "tests/broker/storage/compaction_fixture.h"
#include "tests/support/long_run.h"

/// Compaction beside disks that fail, processes that die and power that is cut, at every step.
namespace hailstorm::storage {
namespace {

using Faults = hailstorm::testing::FaultyFileSystem;

class CompactionCrashTest : public CompactionFixture {
 protected:
  /// A log that a round of compaction changes in several steps: segments that become one,
  /// deletions, a batch that is kept for its producer.
  void make_log() {
    config_.delete_retention_ms = 1'000;
    open();
    ASSERT_OK(send({{"of 7", "first"}}, compression::Codec::none, 7));
    ASSERT_OK(send({{"of 7", "second"}, {"deleted", "a value"}}, compression::Codec::gzip, 7));
    ASSERT_OK(send({{"deleted", std::nullopt}}));
    fill(50, 4);
    ASSERT_OK(*compact() ? Status() : Error(StorageErrc::io, "there was nothing to compact"));
    clock_.advance_ms(2'000);
    fill(50, 5);
    make_durable();
    made_ = written_;
  }
  void make_durable() {
    for (const auto& [name, bytes] : files_.all_files())
      ASSERT_OK((*files_.open(name, FileSystem::Mode::read))->sync());
    ASSERT_OK(files_.sync_folder(kFolder));
  }
  void restore(const std::map<std::string, std::vector<uint8_t>>& snapshot) {
    log_.reset();
    files_.heal();
    for (const auto& [name, bytes] : files_.all_files()) ASSERT_OK(files_.remove(name));
    for (const auto& [name, bytes] : snapshot) {
      const auto file = files_.open(name, FileSystem::Mode::create);
      ASSERT_OK(file);
      ASSERT_OK((*file)->write_at(0, bytes));
    }
    make_durable();
    written_ = made_;
    open();
  }
  /// How many changes one round and a close make.
  uint64_t count_changes() {
    files_.heal();
    EXPECT_OK(compact());
    EXPECT_OK(log_->close());
    return files_.changes();
  }
  void expect_sound_for_good(const std::string& when) {
    SCOPED_TRACE(when);
    ASSERT_OK(try_open());
    expect_sound();
    ASSERT_OK(compact());
    expect_sound();
    ASSERT_OK(log_->close());
    ASSERT_OK(try_open());
    expect_sound();
    for (const auto& [name, bytes] : files_.all_files()) {
      ASSERT_FALSE(name.ends_with(file_names::kTemporary)) << name;
      ASSERT_FALSE(name.ends_with(file_names::kSegmentSwap)) << name;
    }
  }

  Records made_;  // by make_log()
};

// Invariant 84.
TEST_F(CompactionCrashTest, AProcessThatDiesAtAnyStepLosesNothing) {
  make_log();
  const auto before = files_.all_files();
  const uint64_t changes = count_changes();
  ASSERT_GT(changes, 20u);
  for (uint64_t step = 1; step <= changes && !HasFailure(); ++step) {
    restore(before);
    files_.freeze_at(step);
    static_cast<void>(compact().ok());
    log_.reset();
    files_.heal();
    expect_sound_for_good(fmt::format("died at change {} of {}", step, changes));
  }
}

// Invariant 84. A disk may write names and sectors in any order.
TEST_F(CompactionCrashTest, APowerCutAtAnyStepLosesNothing) {
  make_log();
  const auto before = files_.all_files();
  const uint64_t changes = count_changes();
  for (uint64_t step = 1; step <= changes && !HasFailure(); ++step) {
    for (uint64_t seed = 0; seed < (testing::is_long_run() ? 15u : 4u); ++seed) {
      restore(before);
      files_.freeze_at(step);
      if (compact().ok()) static_cast<void>(log_->close().ok());
      log_.reset();
      files_.heal();
      if (seed == 0) {
        files_.cut_power();
      } else {
        files_.cut_power_reordered(seed);
      }
      expect_sound_for_good(fmt::format("cut at change {} of {}, seed {}", step, changes, seed));
    }
  }
}

// Invariant 84.
TEST_F(CompactionCrashTest, ADiskThatFailsAtAnyStepLosesNothing) {
  make_log();
  const auto before = files_.all_files();
  const uint64_t changes = count_changes();
  for (const auto fault : {Fault::io, Fault::no_space, Fault::short_write, Fault::no_descriptor}) {
    for (uint64_t step = 1; step <= changes && !HasFailure(); ++step) {
      restore(before);
      files_.fail_nth(step, fault);
      static_cast<void>(compact().ok());
      static_cast<void>(send({{"key-1", "after the fault"}}).ok());
      log_.reset();
      files_.heal();
      expect_sound_for_good(fmt::format("fault {} at change {}", static_cast<int>(fault), step));
    }
  }
}

// Invariant 84.
TEST_F(CompactionCrashTest, TheRecoveryOfACompactionMayDieToo) {
  make_log();
  const auto before = files_.all_files();
  const uint64_t changes = count_changes();
  for (uint64_t step = 1; step <= changes && !HasFailure(); ++step) {
    restore(before);
    files_.freeze_at(step);
    static_cast<void>(compact().ok());
    log_.reset();
    files_.heal();
    for (uint64_t again = 1; again < 12; ++again) {
      files_.freeze_at(again);
      static_cast<void>(try_open().ok());
      log_.reset();
      files_.heal();
      files_.cut_power_reordered(again);
    }
    expect_sound_for_good(fmt::format("died at change {}, then while recovering", step));
  }
}

/// Random keys, deletions, producers, codecs, rounds, kills and power cuts, from a seed.
class CompactionRandomTest : public CompactionCrashTest {
 protected:
  void live(uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](uint64_t end) { return random() % end; };
    limits_.key_bytes = (1u << (2 + below(6))) * KeyOffsets::kEntryBytes;
    config_.delete_retention_ms = static_cast<int64_t>(below(2'000));
    open();
    for (int step = 0; step < 60; ++step) {
      const uint64_t what = below(20);
      clock_.advance_ms(static_cast<int64_t>(below(200)));
      if (what < 14) {
        send_random(random);
      } else if (what < 17) {
        ASSERT_OK(compact());
      } else if (what == 17) {
        ASSERT_OK(log_->close());
        ASSERT_OK(try_open());
      } else {
        files_.freeze_at(1 + below(60));
        static_cast<void>(compact().ok());
        log_.reset();
        files_.heal();
        if (what == 19) files_.cut_power_reordered(random());
        ASSERT_OK(try_open());
      }
      ASSERT_EQ(flaws(), std::vector<std::string>()) << "step " << step;
    }
  }

 private:
  void send_random(std::mt19937_64& random) {
    std::vector<Sent> records;
    const size_t count = 1 + random() % 5;
    for (size_t i = 0; i < count; ++i) {
      std::optional<std::string> value;
      if (random() % 5 > 0) value = std::string(random() % 60, 'v') + std::to_string(random() % 99);
      records.push_back({fmt::format("key-{}", random() % 12), std::move(value)});
    }
    const auto codec = static_cast<compression::Codec>(random() % 5);
    const int64_t producer = random() % 2 == 0 ? -1 : static_cast<int64_t>(random() % 3);
    const auto sent = send(records, codec, producer);
    ASSERT_OK(sent);
    EXPECT_FALSE(sent->duplicate);
  }
};

// Invariant 84.
TEST_F(CompactionRandomTest, TheLastValueOfEachKeySurvivesWhateverHappens) {
  const char* const only = std::getenv("TEST_SEED");
  const uint64_t first = only != nullptr ? std::strtoull(only, nullptr, 10) : 1;
  const uint64_t count = only != nullptr ? 1 : testing::is_long_run() ? 1'000 : 100;
  for (uint64_t seed = first; seed < first + count && !HasFatalFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("TEST_SEED={}", seed));
    log_.reset();
    for (const auto& [name, bytes] : files_.all_files()) ASSERT_OK(files_.remove(name));
    ASSERT_OK(files_.sync_folder(kFolder));
    written_.clear();
    sequences_.clear();
    live(seed);
  }
}

/// The log's start moves into what a round of compaction reads, after its second step.
class DeletedMeanwhileTest : public CompactionCrashTest {
 protected:
  static constexpr int64_t kStart = 33;

  void begin_log() {
    config_.cleanup = wire::CleanupPolicy::both;
    make_log();
    ASSERT_LT(log_->start_offset(), kStart);
  }
  /// True: the start is moved for good.
  bool compact_and_delete() {
    const auto compaction = log_->begin_compaction(log_->durable_end().offset, limits_);
    bool is_deleted = false;
    for (int step = 0; compaction; ++step) {
      compaction->run();
      const auto has_next = log_->next_step(*compaction);
      if (step == 1) is_deleted = log_->delete_before(kStart).ok();
      if (log_->has_swap()) static_cast<void>(log_->sync().ok());
      if (!has_next.ok() || !*has_next || log_->has_swap()) break;
    }
    return is_deleted;
  }
  void expect_start(bool is_deleted) {
    const bool is_new = log_->start_offset() == kStart;
    EXPECT_TRUE(is_new || !is_deleted) << log_->start_offset();
    std::erase_if(written_, [&](const auto& one) { return one.first < log_->start_offset(); });
    const Records records = read_from_start();
    std::map<std::string, int64_t> latest;
    for (const auto& [offset, sent] : written_) latest[sent.key] = offset;
    for (const auto& [key, offset] : latest)
      EXPECT_TRUE(!written_[offset].value || records.contains(offset)) << key;
  }
  /// Of the batch that holds the start, too, what is not before it.
  Records read_from_start() {
    Records records;
    const int64_t start = log_->start_offset();
    for (int64_t offset = start; offset < log_->durable_end().offset;) {
      const auto stored = read(offset, 1);
      EXPECT_OK(stored);
      if (!stored.ok() || stored->bytes.empty()) break;
      const auto batch = wire::RecordBatchView::parse(stored->bytes);
      EXPECT_OK(batch);
      wire::RecordReader reader(*batch);
      for (wire::RecordView record; reader.next(record).value();) {
        if (record.offset >= start) records[record.offset] = {};
      }
      offset = batch->last_offset() + 1;
    }
    return records;
  }
};

// Invariants 83, 84.
TEST_F(DeletedMeanwhileTest, ItDiesAtAnyStepAndTheStartAndTheLastValuesStay) {
  begin_log();
  const auto snapshot = files_.all_files();
  for (const bool is_power_cut : {false, true}) {
    uint64_t nth = 1;
    for (bool has_failed = true; has_failed; ++nth) {
      restore(snapshot);
      files_.freeze_at(nth);
      const bool is_deleted = compact_and_delete();
      has_failed = files_.has_failed();
      log_.reset();
      files_.heal();
      if (is_power_cut) files_.cut_power();
      SCOPED_TRACE(fmt::format("call {}, power cut {}", nth, is_power_cut));
      ASSERT_OK(try_open());
      expect_start(is_deleted);
      ASSERT_OK(enforce_retention());
      ASSERT_OK(compact());
      expect_start(is_deleted);
      ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(nth, 20u);
  }
}

}  // namespace
}  // namespace hailstorm::storage
