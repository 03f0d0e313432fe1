#include "common/log/hailstorm/in_flight_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/common/log/batches.h"
#include "tests/support/matchers.h"

namespace hailstorm::log::hail {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::ErrorCode;

/// One partition's batches, and a broker that is the test.
class InFlightBatchesTest : public ::testing::Test {
 protected:
  /// `record_count`: what the batch says of itself, if that is not the truth.
  void add(const std::vector<std::string>& values, int32_t record_count = 0) {
    Batch batch;
    batch.opened_ms = now_ms_;
    batch.first_ticket = ++ticket_;
    for (const auto& value : values) {
      batch.builder.append(1'000, std::nullopt, value);
      ++batch.record_count;
    }
    if (record_count > 0) batch.record_count = record_count;
    batches_.add(std::move(batch));
  }
  /// Everything that goes out now.
  std::vector<InFlightBatches::Outgoing> sent(bool may_begin = true) {
    std::vector<InFlightBatches::Outgoing> all;
    while (auto one = batches_.next(identity_, now_ms_, may_begin)) all.push_back(std::move(*one));
    return all;
  }
  static std::string text(const InFlightBatches::Outgoing& one) {
    const auto batch = view_of(*one.bytes);  // checks the CRC too
    std::string shown =
        std::to_string(batch.producer_epoch()) + "/" + std::to_string(batch.base_sequence()) + ":";
    for (const auto& value : values_of(*one.bytes)) shown += " " + value;
    return shown;
  }
  /// As epoch/sequence: values.
  static std::vector<std::string> texts(const std::vector<InFlightBatches::Outgoing>& all) {
    std::vector<std::string> shown;
    for (const auto& one : all) shown.push_back(text(one));
    return shown;
  }
  std::vector<InFlightBatches::Completed> answer(const InFlightBatches::Outgoing& to,
                                                 ErrorCode code, int64_t offset = -1) {
    return batches_.on_reply(to.token, {code, "so the broker says"}, offset, now_ms_);
  }
  void restart() {
    ASSERT_TRUE(batches_.quiet());
    ++identity_.epoch;
    batches_.restart();
  }

  InFlightBatches batches_;
  ProducerIdentity identity_{7, 0};
  int64_t now_ms_ = 1'000;
  uint64_t ticket_ = 0;
};

TEST_F(InFlightBatchesTest, SequencesCountRecords) {
  add({"a", "b"});
  add({"c"});
  add({"d"});
  EXPECT_THAT(texts(sent()), ElementsAre("0/0: a b", "0/2: c", "0/3: d"));
  EXPECT_THAT(sent(), IsEmpty()) << "each once";
}

// Invariant 23. Nobody sends so many: the first batch lies.
TEST_F(InFlightBatchesTest, SequencesWrapToZero) {
  add({"a"}, INT32_MAX);
  add({"b", "c"});
  add({"d"});
  EXPECT_THAT(texts(sent()), ElementsAre("0/0: a", "0/2147483647: b c", "0/1: d"));
}

// Invariant 21: the broker remembers five batches of a producer.
TEST_F(InFlightBatchesTest, AtMostFiveBatchesAreInFlight) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(batches_.has_room());
    add({"x"});
  }
  EXPECT_FALSE(batches_.has_room());
  (void)answer(sent().at(0), ErrorCode::none, 0);
  EXPECT_TRUE(batches_.has_room());
}

// Invariant 18: a retry is the same bytes, so that the broker knows them again.
TEST_F(InFlightBatchesTest, AfterALostConnectionTheSameBytesAreSentAgainInOrder) {
  add({"a"});
  add({"b"});
  const auto first = sent();
  batches_.on_connection_lost();
  const auto again = sent();
  ASSERT_EQ(again.size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(*again[i].bytes, *first[i].bytes);
    EXPECT_NE(again[i].token, first[i].token);
  }
  EXPECT_THAT(answer(first[0], ErrorCode::none, 5), IsEmpty()) << "an answer to another sending";
  EXPECT_EQ(*answer(again[0], ErrorCode::none, 5).at(0).base_offset, 5);
}

TEST_F(InFlightBatchesTest, DeliveriesAreReportedInOrder) {
  add({"a"});
  add({"b"});
  const auto out = sent();
  EXPECT_THAT(answer(out[1], ErrorCode::none, 1), IsEmpty());
  const auto completed = answer(out[0], ErrorCode::none, 0);
  ASSERT_EQ(completed.size(), 2U);
  EXPECT_EQ(*completed[0].base_offset, 0);
  EXPECT_EQ(*completed[1].base_offset, 1);
  EXPECT_TRUE(batches_.empty());
}

// Invariant 20.
TEST_F(InFlightBatchesTest, ADuplicateCountsAsWrittenAtAnUnknownOffset) {
  add({"a"});
  const auto completed = answer(sent().at(0), ErrorCode::duplicate_sequence_number);
  EXPECT_EQ(*completed.at(0).base_offset, -1);
  EXPECT_FALSE(batches_.needs_restart());
}

TEST_F(InFlightBatchesTest, ARetriableErrorIsSentAgainAfterAPauseThatGrows) {
  add({"a"});
  int64_t last_pause_ms = 0;
  for (int i = 0; i < 8; ++i) {
    const auto out = sent();
    ASSERT_THAT(texts(out), ElementsAre("0/0: a"));
    EXPECT_THAT(answer(out[0], ErrorCode::storage_error), IsEmpty());
    EXPECT_THAT(sent(), IsEmpty());
    const int64_t pause_ms = batches_.next_due_ms(true) - now_ms_;
    EXPECT_GE(pause_ms, last_pause_ms);
    EXPECT_LE(pause_ms, 1'000);
    last_pause_ms = pause_ms;
    now_ms_ = batches_.next_due_ms(true);
  }
  EXPECT_EQ(last_pause_ms, 1'000);
}

// Invariant 21: the first of several failed, so the others' gap is no wonder.
TEST_F(InFlightBatchesTest, ABatchAfterAFailedOneIsSentAgainInOrder) {
  add({"a"});
  add({"b"});
  const auto out = sent();
  (void)answer(out[0], ErrorCode::disk_full);
  (void)answer(out[1], ErrorCode::out_of_order_sequence_number);
  EXPECT_FALSE(batches_.needs_restart());
  now_ms_ = batches_.next_due_ms(true);
  EXPECT_THAT(texts(sent()), ElementsAre("0/0: a", "0/1: b"));
}

TEST_F(InFlightBatchesTest, AGapThatNothingExplainsTakesANewEpoch) {
  add({"a"});
  add({"b"});
  const auto out = sent();
  (void)answer(out[0], ErrorCode::unknown_producer_id);
  EXPECT_TRUE(batches_.needs_restart());
  EXPECT_FALSE(batches_.quiet()) << "b has no answer yet";
  (void)answer(out[1], ErrorCode::out_of_order_sequence_number);
  EXPECT_THAT(sent(), IsEmpty()) << "not under the old epoch";
  add({"c"});
  restart();
  EXPECT_FALSE(batches_.needs_restart());
  EXPECT_THAT(texts(sent()), ElementsAre("1/0: a", "1/1: b", "1/2: c"));
}

// Invariant 22.
TEST_F(InFlightBatchesTest, AnotherProducerWithTheSameIdFencesThisOne) {
  add({"a"});
  (void)answer(sent().at(0), ErrorCode::invalid_producer_epoch);
  EXPECT_TRUE(batches_.fenced());
  EXPECT_TRUE(batches_.needs_restart());
  identity_ = {8, -1};
  restart();
  EXPECT_FALSE(batches_.fenced());
  EXPECT_THAT(texts(sent()), ElementsAre("0/0: a"));
}

// A batch that is refused for good leaves a gap; nothing after it may be lost or written twice.
TEST_F(InFlightBatchesTest, ARefusedBatchDoesNotTakeOthersWithIt) {
  add({"bad"});
  add({"b"});
  const auto out = sent();
  const auto completed = answer(out[0], ErrorCode::invalid_record);
  ASSERT_EQ(completed.size(), 1U);
  EXPECT_FAILS_WITH(completed[0].base_offset, LogErrc::refused);
  (void)answer(out[1], ErrorCode::out_of_order_sequence_number);
  restart();
  EXPECT_THAT(texts(sent()), ElementsAre("1/0: b"));
}

TEST_F(InFlightBatchesTest, WhileAnotherPartitionNeedsARestartOnlyBatchesWithASequenceAreSent) {
  add({"a"});
  (void)sent();
  batches_.on_connection_lost();
  add({"b"});
  EXPECT_THAT(texts(sent(/*may_begin=*/false)), ElementsAre("0/0: a"));
  EXPECT_THAT(texts(sent()), ElementsAre("0/1: b"));
}

// Invariant 26: the outcome of what was sent and never answered is unknown, not failed.
TEST_F(InFlightBatchesTest, ABatchThatExpiresHasAnUnknownOutcome) {
  add({"a"});
  const auto out = sent();
  now_ms_ = 2'000;
  add({"b"});
  EXPECT_THAT(batches_.expire(1'000), IsEmpty());
  const auto completed = batches_.expire(1'001);
  ASSERT_EQ(completed.size(), 1U);
  EXPECT_FAILS_WITH(completed[0].base_offset, LogErrc::unknown_outcome);
  EXPECT_TRUE(batches_.needs_restart()) << "the broker may lack its sequence";
  EXPECT_THAT(answer(out[0], ErrorCode::none, 3), IsEmpty()) << "reported once";
  restart();
  EXPECT_THAT(texts(sent()), ElementsAre("1/0: b"));
}

TEST_F(InFlightBatchesTest, ABatchThatExpiresAfterARefusalReportsTheRefusal) {
  add({"a"});
  (void)batches_.on_reply(sent().at(0).token, {ErrorCode::disk_full, "the disk is full"}, -1,
                          now_ms_);
  const auto completed = batches_.expire(now_ms_ + 1);
  ASSERT_EQ(completed.size(), 1U);
  EXPECT_THAT(completed[0].base_offset.error().message(), testing::HasSubstr("the disk is full"));
}

TEST_F(InFlightBatchesTest, ABatchThatNeverHadASequenceLeavesNoGap) {
  add({"a"});
  EXPECT_EQ(batches_.expire(now_ms_ + 1).size(), 1U);
  EXPECT_FALSE(batches_.needs_restart());
}

TEST_F(InFlightBatchesTest, BatchesThatWereNeverSentCanBeTakenOut) {
  add({"a"});
  (void)sent();
  add({"b"});
  add({"c"});
  auto unsent = batches_.take_unsent();
  ASSERT_EQ(unsent.size(), 2U);
  EXPECT_THAT(values_of(unsent[0].builder.finish()), ElementsAre("b"));
  EXPECT_EQ(batches_.oldest_ticket(), 1U);
  EXPECT_EQ(batches_.fail_all(Error(LogErrc::closed, "over")).size(), 1U);
}

TEST_F(InFlightBatchesTest, FailingAllReportsEveryBatch) {
  add({"a"});
  (void)sent();
  add({"b"});
  const auto completed = batches_.fail_all(Error(LogErrc::closed, "over"));
  ASSERT_EQ(completed.size(), 2U);
  EXPECT_FAILS_WITH(completed[1].base_offset, LogErrc::closed);
  EXPECT_TRUE(batches_.empty());
  EXPECT_TRUE(batches_.needs_restart()) << "the broker may lack the sequence of a";
  EXPECT_EQ(batches_.oldest_ticket(), UINT64_MAX);
}

// A pause that is over is no reason to be called again and again while nothing may be sent.
TEST_F(InFlightBatchesTest, APauseThatIsOverIsNotDueWhileNoBatchMayBegin) {
  add({"a"});
  (void)answer(sent().at(0), ErrorCode::unknown_producer_id);
  now_ms_ += 5'000;
  EXPECT_TRUE(batches_.needs_restart());
  EXPECT_EQ(batches_.next_due_ms(true), INT64_MAX);
}

// One record may be why: the batch is sent again as two, in order, until that record is alone.
TEST_F(InFlightBatchesTest, ARefusedBatchIsSentAgainInTwoAndKeepsTheOrder) {
  add({"a", "bad", "c", "d"});
  add({"e"});
  const auto out = sent();
  EXPECT_THAT(answer(out[0], ErrorCode::invalid_record), IsEmpty());
  EXPECT_THAT(answer(out[1], ErrorCode::out_of_order_sequence_number), IsEmpty());
  restart();
  const auto halves = sent();
  ASSERT_THAT(texts(halves), ElementsAre("1/0: a bad", "1/2: c d", "1/4: e"));
  (void)answer(halves[0], ErrorCode::invalid_record);
  (void)answer(halves[1], ErrorCode::out_of_order_sequence_number);
  (void)answer(halves[2], ErrorCode::out_of_order_sequence_number);
  restart();
  const auto quarters = sent();
  ASSERT_THAT(texts(quarters), ElementsAre("2/0: a", "2/1: bad", "2/2: c d", "2/4: e"));
  EXPECT_EQ(answer(quarters[0], ErrorCode::none, 0).size(), 1U);
  const auto refused = answer(quarters[1], ErrorCode::invalid_record);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_FAILS_WITH(refused[0].base_offset, LogErrc::refused);
  (void)answer(quarters[2], ErrorCode::out_of_order_sequence_number);
  (void)answer(quarters[3], ErrorCode::out_of_order_sequence_number);
  restart();
  EXPECT_THAT(texts(sent()), ElementsAre("3/0: c d", "3/2: e"));
}

// Invariant 21: halves are batches, too.
TEST_F(InFlightBatchesTest, AtMostFiveBatchesAreInFlightAfterASplit) {
  for (int i = 0; i < 5; ++i) add({"a", "b"});
  const auto out = sent();
  for (const auto& one : out) (void)answer(one, ErrorCode::message_too_large);
  restart();
  const auto halves = sent();
  EXPECT_EQ(halves.size(), 5U);
  EXPECT_EQ(batches_.next_due_ms(true), INT64_MAX);
  (void)answer(halves[0], ErrorCode::none, 0);
  EXPECT_EQ(sent().size(), 1U);
}

// What is wrong with the broker is not the record's fault: nobody may throw it away for that.
TEST_F(InFlightBatchesTest, ABrokerOfAnotherVersionRefusesNoRecordForGood) {
  add({"a", "b"});
  const auto completed = answer(sent().at(0), ErrorCode::unsupported_version);
  ASSERT_EQ(completed.size(), 1U);
  EXPECT_FAILS_WITH(completed[0].base_offset, LogErrc::not_now);
}

}  // namespace
}  // namespace hailstorm::log::hail
