#include "common/service/apply_batch.h"

#include <gtest/gtest.h>

#include "common/service/dead_letter.h"
#include "tests/common/service/service_fixture.h"

namespace hailstorm::service {
namespace {

/// Writes one effect per event and publishes one; fails where a test says so.
class CountingReactor final : public Reactor {
 public:
  [[nodiscard]] std::vector<std::string> topics() const override { return {"ride_unmatched"}; }
  [[nodiscard]] Status react(const events::Event& event, store::Database& db,
                             Effects& effects) override {
    HAIL_RETURN_IF_ERROR(
        db.run("INSERT INTO effects(ride_id) VALUES(?)", {std::string_view(event.ride_id())}));
    if (event.ride_id() == too_large_at) {
      auto large = event;
      large.source = std::string(log::kMaxRecordBytes, 'x');
      return effects.publish(large);
    }
    HAIL_RETURN_IF_ERROR(effects.publish(event));
    if (event.ride_id() == fails_at) return Error(how, "fails for the test");
    return {};
  }
  void rolled_back() override { ++rolled_back_count; }

  std::string fails_at;
  std::string too_large_at;
  ReactErrc how = ReactErrc::permanent;
  int rolled_back_count = 0;
};

class ApplyBatchTest : public ServiceFixture {
 protected:
  log::ConsumedRecord record(const std::string& ride) {
    auto encoded = events::encode(event(ride));
    log::ConsumedRecord consumed;
    consumed.topic = "ride_unmatched";
    consumed.partition = 2;
    consumed.offset = next_offset_++;
    consumed.key = encoded.key;
    consumed.value = encoded.value;
    consumed.headers = encoded.headers;
    return consumed;
  }
  /// The batch as one transaction; rolled back where it fails.
  Result<BatchCounts> apply(const std::vector<log::ConsumedRecord>& records) {
    EXPECT_OK(db_->begin_immediate());
    auto counts = apply_batch(records, rules_, reactor_, *db_);
    if (counts) {
      EXPECT_OK(db_->commit());
    } else {
      db_->rollback();
    }
    return counts;
  }
  std::vector<OutboxRow> dead_letters() {
    auto rows = read_outbox(*db_, 0, 1000).value();
    std::erase_if(rows, [](const OutboxRow& row) { return row.topic != "dead_letter"; });
    return rows;
  }
  static std::string header(const log::Record& record, const std::string& name) {
    for (const auto& [key, value] : record.headers) {
      if (key == name) return value.value_or("null");
    }
    return "missing";
  }

  BatchRules rules_{"payment", true};
  CountingReactor reactor_;
  int64_t next_offset_ = 100;
};

// Invariant 41: redelivery changes the state once.
TEST_F(ApplyBatchTest, ARedeliveredEventTakesEffectOnce) {
  const auto first = record("r1");
  ASSERT_OK(apply({first, record("r2"), first}));
  const auto again = apply({first});
  ASSERT_OK(again);
  EXPECT_EQ(again->already_known, 1);
  EXPECT_EQ(rows_of("effects"), 2);
  EXPECT_EQ(rows_of("outbox"), 2);
}

TEST_F(ApplyBatchTest, WithoutTheInboxARedeliveredEventCountsTwice) {
  rules_.use_inbox = false;
  const auto first = record("r1");
  ASSERT_OK(apply({first, first}));
  EXPECT_EQ(rows_of("effects"), 2);
}

// Invariant 59.
TEST_F(ApplyBatchTest, AnUndecodablePlaceIsOneDeadLetterAndTheRestTakesEffect) {
  auto place = record("r2");
  place.key = place.value = std::nullopt;
  place.headers.clear();
  place.undecodable = log::Undecodable{place.offset + 6, "its length is not true"};
  const auto counts = apply({record("r1"), place, record("r3")});
  ASSERT_OK(counts);
  EXPECT_EQ(counts->applied, 2);
  EXPECT_EQ(counts->dead_letters, 1);
  const auto again = apply({place});
  ASSERT_OK(again);
  EXPECT_EQ(again->already_known, 1);
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(header(letters[0].record, "dead_letter_offset"), std::to_string(place.offset));
  EXPECT_EQ(header(letters[0].record, "dead_letter_last_offset"), std::to_string(place.offset + 6));
  EXPECT_NE(header(letters[0].record, "dead_letter_error").find("its length is not true"),
            std::string::npos);
}

// Invariant 42: poison goes to dead_letter, the rest keeps its order.
TEST_F(ApplyBatchTest, WhatCannotBeDecodedBecomesADeadLetter) {
  auto poison = record("r2");
  poison.value = "not json";
  const auto counts = apply({record("r1"), poison, record("r3")});
  ASSERT_OK(counts);
  EXPECT_EQ(counts->applied, 2);
  EXPECT_EQ(counts->dead_letters, 1);
  EXPECT_EQ(rows_of("effects"), 2);
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].record.value, "not json");
  EXPECT_EQ(header(letters[0].record, "dead_letter_topic"), "ride_unmatched");
  EXPECT_EQ(header(letters[0].record, "dead_letter_partition"), "2");
  EXPECT_EQ(header(letters[0].record, "dead_letter_offset"), std::to_string(poison.offset));
  EXPECT_EQ(header(letters[0].record, "dead_letter_group"), "payment");
  EXPECT_EQ(header(letters[0].record, "dead_letter_attempts"), "1");
  EXPECT_NE(header(letters[0].record, "dead_letter_error"), "missing");

  ASSERT_OK(apply({poison}));
  EXPECT_EQ(dead_letters().size(), 1u) << "delivered again, one dead letter";
}

TEST_F(ApplyBatchTest, APermanentFailureLeavesNoEffectButTheDeadLetter) {
  reactor_.fails_at = "r2";
  const auto counts = apply({record("r1"), record("r2"), record("r3")});
  ASSERT_OK(counts);
  EXPECT_EQ(rows_of("effects WHERE ride_id = 'r2'"), 0);
  EXPECT_EQ(rows_of("effects"), 2);
  EXPECT_EQ(dead_letters().size(), 1u);
  EXPECT_EQ(reactor_.rolled_back_count, 1);
}

// Invariant 57.
TEST_F(ApplyBatchTest, AnEventWhoseOwnEventCannotBeSentIsADeadLetterWithTheReason) {
  reactor_.too_large_at = "r2";
  const auto counts = apply({record("r1"), record("r2"), record("r3")});
  ASSERT_OK(counts);
  EXPECT_EQ(counts->applied, 2);
  EXPECT_EQ(counts->dead_letters, 1);
  EXPECT_EQ(rows_of("effects WHERE ride_id = 'r2'"), 0);
  EXPECT_NE(header(dead_letters().at(0).record, "dead_letter_error").find("is too large"),
            std::string::npos);
}

// Invariant 58.
TEST_F(ApplyBatchTest, TheDeadLetterOfALargeRecordIsSmall) {
  auto large = record("r1");
  large.value = std::string(log::kMaxRecordBytes - 1'000, 'x');
  const auto counts = apply({large, record("r2")});
  ASSERT_OK(counts);
  EXPECT_EQ(counts->applied, 1);
  EXPECT_EQ(dead_letters().at(0).record.value->size(), kLetterValueBytes);
}

TEST_F(ApplyBatchTest, ATransientFailureLeavesNothingAndTheNextAttemptDoesAll) {
  reactor_.fails_at = "r2";
  reactor_.how = ReactErrc::transient;
  const std::vector<log::ConsumedRecord> batch = {record("r1"), record("r2")};
  EXPECT_FAILS_WITH(apply(batch), ReactErrc::transient);
  EXPECT_EQ(rows_of("effects") + rows_of("inbox") + rows_of("outbox"), 0);
  reactor_.fails_at.clear();
  ASSERT_OK(apply(batch));
  EXPECT_EQ(rows_of("effects"), 2);
}

TEST_F(ApplyBatchTest, AnEventWithAnothersIdIsADeadLetterAndTheOtherTakesEffect) {
  auto forged = record("r1");
  forged.value = events::encode(event("r2")).value;
  const auto counts = apply({forged, record("r1")});
  ASSERT_OK(counts);
  EXPECT_EQ(counts->dead_letters, 1);
  EXPECT_EQ(counts->applied, 1);
  EXPECT_EQ(rows_of("effects WHERE ride_id = 'r1'"), 1);
  EXPECT_EQ(rows_of("effects"), 1);
  EXPECT_NE(header(dead_letters().at(0).record, "dead_letter_error").find("ce_id"),
            std::string::npos);
}

TEST_F(ApplyBatchTest, AnEventOfMoreThanADayAheadIsADeadLetterWithTheReason) {
  rules_.now_ms = 1'767'225'600'000;
  auto ahead = events::make_event("/test", rules_.now_ms + 48 * 3'600'000,
                                  events::RideUnmatched{"r1", "rider", "no_driver"});
  auto late = record("r1");
  late.headers = events::encode(ahead).headers;
  const auto counts = apply({late, record("r2")});
  ASSERT_OK(counts);
  EXPECT_EQ(counts->dead_letters, 1);
  EXPECT_EQ(rows_of("effects"), 1);
  EXPECT_NE(header(dead_letters().at(0).record, "dead_letter_error").find("a day ahead"),
            std::string::npos);
}

TEST_F(ApplyBatchTest, AnEventInAnotherTypesTopicIsADeadLetter) {
  auto stray = record("r1");
  stray.topic = "ride_matched";
  const auto counts = apply({stray});
  ASSERT_OK(counts);
  EXPECT_EQ(counts->dead_letters, 1);
  EXPECT_EQ(rows_of("effects"), 0);
}

}  // namespace
}  // namespace hailstorm::service
