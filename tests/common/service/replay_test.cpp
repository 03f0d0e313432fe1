#include "common/service/replay.h"

#include "common/service/apply_batch.h"
#include "tests/common/service/service_fixture.h"

namespace hailstorm::service {
namespace {

/// Writes one effect per event, or fails for good.
struct MendedReactor final : public Reactor {
  [[nodiscard]] std::vector<std::string> topics() const override { return {"ride_unmatched"}; }
  [[nodiscard]] Status react(const events::Event& event, store::Database& db, Effects&) override {
    if (!is_mended) return Error(ReactErrc::permanent, "fails for the test");
    return db.run("INSERT INTO effects(ride_id) VALUES(?)", {std::string_view(event.ride_id())});
  }
  bool is_mended = false;
};

class ReplayTest : public ServiceFixture {
 protected:
  static log::ConsumedRecord consumed(log::Record record, const std::string& topic,
                                      int64_t offset) {
    log::ConsumedRecord consumed;
    consumed.topic = topic;
    consumed.offset = offset;
    consumed.timestamp_ms = 5;
    consumed.key = std::move(record.key);
    consumed.value = std::move(record.value);
    consumed.headers = std::move(record.headers);
    return consumed;
  }
  static log::ConsumedRecord original() {
    return consumed(events::encode(event("r1")), "ride_unmatched", 100);
  }
  /// As the topic of replays has it.
  static log::ConsumedRecord replay_of(const log::ConsumedRecord& record, int64_t offset,
                                       const std::string& group = "payment") {
    return consumed(to_record({group, 1, "dead_letter/0/3", record}), "dead_letter_replay", offset);
  }
  BatchCounts apply(const std::vector<log::ConsumedRecord>& records) {
    EXPECT_OK(db_->begin_immediate());
    const auto counts = apply_batch(records, rules_, reactor_, *db_);
    EXPECT_OK(counts);
    EXPECT_OK(db_->commit());
    return counts.ok() ? *counts : BatchCounts();
  }

  BatchRules rules_{"payment", true, {"member-a", "", 1, 1, 1'000}};
  MendedReactor reactor_;
};

TEST_F(ReplayTest, IsReadAsItWasWritten) {
  auto record = original();
  record.headers.emplace_back("replay_group", "a header of the record's own");
  record.headers.emplace_back("null", std::nullopt);
  const auto read = read_replay(replay_of(record, 7));
  ASSERT_OK(read);
  EXPECT_EQ(read->group, "payment");
  EXPECT_EQ(read->attempts, 1);
  EXPECT_EQ(read->letter, "dead_letter/0/3");
  EXPECT_EQ(read->original.topic, "ride_unmatched");
  EXPECT_EQ(read->original.offset, 100);
  EXPECT_EQ(read->original.timestamp_ms, 5);
  EXPECT_EQ(read->original.key, record.key);
  EXPECT_EQ(read->original.value, record.value);
  EXPECT_EQ(read->original.headers, record.headers);
}

TEST_F(ReplayTest, WithoutItsHeadersARecordIsNone) {
  EXPECT_FAILS_WITH(read_replay(original()), events::EventErrc::bad_field);
  auto bad = replay_of(original(), 7);
  bad.headers[bad.headers.size() - 2].second = "one";
  EXPECT_FAILS_WITH(read_replay(bad), events::EventErrc::bad_field);
}

TEST_F(ReplayTest, TakesEffectOnceHoweverOftenItIsSentAndDelivered) {
  ASSERT_EQ(apply({original()}).dead_letters, 1);
  reactor_.is_mended = true;
  const auto replay = replay_of(original(), 7);
  const auto asked_twice = replay_of(original(), 8);
  EXPECT_EQ(apply({replay, asked_twice, replay}).applied, 1);
  EXPECT_EQ(apply({replay, asked_twice, original()}).already_known, 3);
  EXPECT_EQ(rows_of("effects"), 1);
}

TEST_F(ReplayTest, IsPassedByEveryGroupButTheOneItIsFor) {
  reactor_.is_mended = true;
  const BatchCounts counts = apply({replay_of(original(), 7, "matching")});
  EXPECT_EQ(counts.applied + counts.already_known + counts.dead_letters, 0);
  EXPECT_EQ(rows_of("effects") + rows_of("inbox"), 0);
}

TEST_F(ReplayTest, ThatFailsAgainIsADeadLetterOfTheSamePlaceWithOneMoreAttempt) {
  ASSERT_EQ(apply({original()}).dead_letters, 1);
  ASSERT_EQ(apply({replay_of(original(), 7)}).dead_letters, 1);
  const auto letters = read_outbox(*db_, 0, 10).value();
  ASSERT_EQ(letters.size(), 2u);
  const auto said = [&](const std::string& name) {
    for (const auto& [key, value] : letters[1].record.headers) {
      if (key == name) return value.value_or("null");
    }
    return std::string("missing");
  };
  EXPECT_EQ(said("dead_letter_topic"), "ride_unmatched");
  EXPECT_EQ(said("dead_letter_offset"), "100");
  EXPECT_EQ(said("dead_letter_attempts"), "2");
  EXPECT_EQ(said("replay_group"), "missing");
  reactor_.is_mended = true;
  EXPECT_EQ(apply({replay_of(original(), 8)}).applied, 1);
}

TEST_F(ReplayTest, WhatCouldNotBeReadTakesEffectWhenAReplayCanRead) {
  auto unreadable = original();
  unreadable.topic = "ride_matched";
  ASSERT_EQ(apply({unreadable}).dead_letters, 1);
  EXPECT_EQ(apply({replay_of(unreadable, 7)}).dead_letters, 1) << "as unreadable as before";
  reactor_.is_mended = true;
  auto readable = original();
  readable.offset = unreadable.offset;
  EXPECT_EQ(apply({replay_of(readable, 8), replay_of(readable, 9)}).applied, 1);
  EXPECT_EQ(rows_of("effects"), 1);
}

TEST_F(ReplayTest, WhatIsNoReplayIsKeptAsADeadLetterOfItsOwnPlace) {
  auto stray = original();
  stray.topic = "dead_letter_replay";
  EXPECT_EQ(apply({stray, stray}).dead_letters, 1);
}

}  // namespace
}  // namespace hailstorm::service
