#include <functional>

#include "broker/storage/producer_state.h"
#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::storage {
namespace {

/// Idempotent producers of one partition, whose memory is lost in every way there is.
class ProducerTest : public LogFixture {
 protected:
  static constexpr int64_t kProducer = 7;

  void SetUp() override { open(); }

  Result<Appended> send(int32_t sequence, const Texts& values = {"v"}, int16_t epoch = 0) {
    return append_as(kProducer, epoch, sequence, values);
  }
  /// Sequences `from` to `to`, one a batch.
  void send_all(int32_t from, int32_t to) {
    for (int32_t i = from; i <= to; ++i) ASSERT_OK(send(i));
    ASSERT_OK(log_->sync());
  }
  void expect_duplicate(const Result<Appended>& again, int64_t offset) {
    ASSERT_TRUE(again.ok()) << again.error().message();
    EXPECT_TRUE(again->duplicate);
    EXPECT_EQ(again->base_offset, offset);
  }
  void expect_written(const Result<Appended>& written, int64_t offset) {
    ASSERT_TRUE(written.ok()) << written.error().message();
    EXPECT_FALSE(written->duplicate);
    EXPECT_EQ(written->base_offset, offset);
  }
  void expect_refused(const Result<Appended>& refused, StorageErrc code) {
    EXPECT_FAILS_WITH(refused, code);
    EXPECT_EQ(log_->end().offset, end_);
  }
  void note_end() { end_ = log_->end().offset; }

  int64_t end_ = 0;
};

// Invariant 18.
TEST_F(ProducerTest, ARetryGetsTheOffsetOfTheFirstAndIsNotWrittenAgain) {
  for (int32_t i = 0; i < 5; ++i) ASSERT_OK(send(2 * i, {"a", "b"}));
  const int64_t bytes = log_->size_bytes();
  for (int32_t i = 0; i < 5; ++i) {
    const auto again = send(2 * i, {"a", "b"});
    expect_duplicate(again, 2 * i);
    EXPECT_EQ(again->last_offset, 2 * i + 1);
  }
  EXPECT_EQ(log_->size_bytes(), bytes);
}

// Invariant 19: by a roll, a kill, a kill without a checkpoint, a clean stop.
TEST_F(ProducerTest, WhatIsRememberedSurvivesRollsAndRestarts) {
  config_.segment_bytes = 1024;
  open();
  send_all(0, 29);
  ASSERT_GT(segment_count(), 2u);
  const std::function<void()> restarts[] = {
      [] {}, [this] { kill_and_open(); }, [this] { remove_checkpoint(), kill_and_open(); },
      [this] { close_and_open(); }, [this] { kill_and_open(); }};
  for (const auto& restart : restarts) {
    restart();
    note_end();
    for (int32_t i = 25; i < 30; ++i) expect_duplicate(send(i), i);
    expect_refused(send(24), StorageErrc::duplicate_sequence);
    expect_refused(send(31), StorageErrc::out_of_order_sequence);
  }
  expect_written(send(30), 30);
}

// Invariant 20.
TEST_F(ProducerTest, AGapWritesNothingAndWhatIsForgottenIsKnownAsADuplicate) {
  send_all(0, 9);
  note_end();
  for (const int32_t gap : {11, 12, 1'000'000, INT32_MAX / 2})
    expect_refused(send(gap), StorageErrc::out_of_order_sequence);
  for (int32_t old = 0; old < 5; ++old) expect_refused(send(old), StorageErrc::duplicate_sequence);
  // Neither the next one nor one of the remembered: it begins in their middle.
  expect_refused(send(8, {"v", "v"}), StorageErrc::out_of_order_sequence);
  expect_written(send(10), 10);
}

// Invariant 21: of several under way the first fails; the others may not pass it.
TEST_F(ProducerTest, BatchesAfterAFailedOneAreRefusedUntilItIsSentAgain) {
  send_all(0, 2);
  note_end();
  files_.set_capacity(files_.used_bytes());
  expect_refused(send(3), StorageErrc::no_space);
  files_.set_capacity(std::nullopt);
  for (int32_t later = 4; later < 8; ++later)
    expect_refused(send(later), StorageErrc::out_of_order_sequence);
  for (int32_t i = 3; i < 8; ++i) expect_written(send(i), i);
}

// Invariant 22: by its own batch, or because the broker gave the id to another.
TEST_F(ProducerTest, TheNextEpochFencesTheOneBefore) {
  send_all(0, 2);
  expect_written(send(0, {"new"}, 1), 3);
  expect_written(send(1, {"new"}, 1), 4);  // a sequence that the old one had used
  note_end();
  expect_refused(send(3), StorageErrc::fenced_producer);
  log_->fence_producer(kProducer, 5);
  expect_refused(send(1, {"v"}, 1), StorageErrc::fenced_producer);
  expect_refused(send(0, {"v"}, 4), StorageErrc::fenced_producer);
  expect_refused(send(1, {"v"}, 5), StorageErrc::out_of_order_sequence);
  expect_written(send(0, {"v"}, 5), 5);
  note_end();
  expect_refused(send(3, {"v"}, 6), StorageErrc::out_of_order_sequence);
}

TEST_F(ProducerTest, AFenceHoldsAlsoForAnUnknownProducer) {
  log_->fence_producer(kProducer, 2);
  expect_refused(send(0, {"v"}, 1), StorageErrc::fenced_producer);
  EXPECT_OK(send(0, {"v"}, 2));
}

// Invariant 22: after a restart the broker may give an epoch that is older than what a log
// knows.
TEST_F(ProducerTest, AFenceIsNeverLowered) {
  log_->fence_producer(kProducer, 5);
  log_->fence_producer(kProducer, 1);
  expect_refused(send(0, {"v"}, 1), StorageErrc::fenced_producer);
  expect_written(send(0, {"v"}, 5), 0);
}

// Invariant 22: the checkpoint holds a fence that no batch shows; older batches do not lift it.
TEST_F(ProducerTest, AFenceSurvivesARestart) {
  send_all(0, 2);
  log_->fence_producer(kProducer, 1);
  close_and_open();
  ASSERT_OK(append_as(8, 0, 0, {"of another"}));  // so that the segment is walked
  kill_and_open();
  note_end();
  expect_refused(send(3), StorageErrc::fenced_producer);
}

// Invariant 23.
TEST_F(ProducerTest, SequencesWrapToZero) {
  ProducerState state;
  const auto batch = [](int32_t first, int32_t last, int64_t offset) {
    return Sequenced{kProducer, 0, first, last, offset, offset + 1};
  };
  // A whole turn is too long to send: it begins near the end, as after a checkpoint.
  ProducerState::Producer near_end;
  near_end.id = kProducer;
  near_end.epoch = 0;
  near_end.batch_count = 1;
  near_end.batches[0] = {INT32_MAX - 2, INT32_MAX - 1, 100, 101};
  state.restore(near_end, 0);
  EXPECT_FAILS_WITH(state.check(batch(0, 0, 0), false), StorageErrc::out_of_order_sequence);
  ProducerState at_the_end;
  at_the_end.restore(near_end, 0);
  at_the_end.record(batch(INT32_MAX, INT32_MAX, 102), 0);
  ASSERT_OK(at_the_end.check(batch(0, 0, 0), false));
  EXPECT_FALSE(at_the_end.check(batch(0, 0, 0), false)->has_value());
  EXPECT_FAILS_WITH(at_the_end.check(batch(1, 1, 0), false), StorageErrc::out_of_order_sequence);

  const auto wrapping = batch(INT32_MAX, 0, 102);
  ASSERT_OK(state.check(wrapping, false));
  state.record(wrapping, 0);
  ASSERT_OK(state.check(batch(1, 1, 0), false));
  EXPECT_FALSE(state.check(batch(1, 1, 0), false)->has_value());
  EXPECT_EQ((*state.check(wrapping, false))->base_offset, 102);
  for (int32_t i = 1; i < 6; ++i) state.record(batch(i, i, 103 + i), 0);
  EXPECT_FAILS_WITH(state.check(wrapping, false), StorageErrc::duplicate_sequence);
  EXPECT_FAILS_WITH(state.check(batch(INT32_MAX - 2, INT32_MAX - 1, 0), false),
                    StorageErrc::duplicate_sequence);
  EXPECT_FAILS_WITH(state.check(batch(7, 7, 0), false), StorageErrc::out_of_order_sequence);
}

// Invariant 24.
TEST_F(ProducerTest, AnUnknownProducerStartsAtZeroUnlessItsStateMayBeGone) {
  expect_refused(send(4), StorageErrc::unknown_producer);
  kill_and_open();
  expect_refused(send(4), StorageErrc::unknown_producer);
  ASSERT_OK(append_as(8, 0, 0, {"v"}));
  clock_.advance_ms(ProducerState::kExpiryMs + 1);
  ASSERT_OK(enforce_retention());  // forgets producer 8
  EXPECT_OK(append_as(8, 0, 1, {"v"}));
  EXPECT_OK(send(4));
  close_and_open();  // and that something was forgotten is not forgotten
  EXPECT_OK(append_as(9, 0, 17, {"v"}));
}

// Invariant 24.
TEST_F(ProducerTest, OnlyProducersThatAreSilentForLongAreForgotten) {
  ASSERT_OK(append_as(8, 0, 0, {"v"}));
  ASSERT_OK(send(0));
  clock_.advance_ms(ProducerState::kExpiryMs);
  ASSERT_OK(send(1));
  clock_.advance_ms(1);
  ASSERT_OK(enforce_retention());
  expect_duplicate(send(1), 2);
  EXPECT_FALSE(append_as(8, 0, 0, {"v"})->duplicate);
}

TEST_F(ProducerTest, AnUnknownProducerMayBeOneOfADroppedSegment) {
  config_.segment_bytes = 1024;
  config_.retention_bytes = 2048;
  open();
  send_all(0, 60);
  note_end();
  expect_refused(append_as(9, 0, 17, {"v"}), StorageErrc::unknown_producer);
  ASSERT_OK(enforce_retention());
  ASSERT_GT(log_->start_offset(), 0);
  EXPECT_OK(append_as(9, 0, 17, {"v"}));
}

// Invariant 25: the producer that was silent for longest goes first.
TEST_F(ProducerTest, TheNumberOfRememberedProducersIsBounded) {
  ProducerState state(3);
  const auto batch = [](int64_t producer, int32_t sequence) {
    return Sequenced{producer, 0, sequence, sequence, sequence, sequence};
  };
  for (int64_t id = 1; id <= 3; ++id) state.record(batch(id, 0), id);
  state.record(batch(1, 1), 4);
  EXPECT_FALSE(state.has_forgotten());
  for (int64_t id = 4; id <= 5; ++id) state.record(batch(id, 0), id);
  EXPECT_EQ(state.size(), 3u);
  EXPECT_TRUE(state.has_forgotten());
  EXPECT_TRUE(state.check(batch(1, 1), false)->has_value());
  EXPECT_FALSE(state.check(batch(2, 0), false)->has_value());
  EXPECT_FALSE(state.check(batch(3, 0), false)->has_value());
}

}  // namespace
}  // namespace hailstorm::storage
