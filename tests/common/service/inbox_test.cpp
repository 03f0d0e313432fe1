#include "common/service/inbox.h"

#include "tests/common/service/service_fixture.h"

namespace hailstorm::service {
namespace {

class InboxTest : public ServiceFixture {
 protected:
  /// The numbers of a row, with commas between them.
  std::string text(const std::string& sql) {
    std::string found;
    EXPECT_OK(db_->query(sql, {}, [&](const store::Row& row) { found += row.text(0); }));
    return found;
  }
};

TEST_F(InboxTest, KeepsWhenAnEventWasHandledByWhomAndAtWhichTry) {
  const Handling first{"member-a", "payment-1", 3, 1, 1'000};
  const Handling second{"member-a", "payment-1", 4, 2, 2'000};
  EXPECT_TRUE(Inbox(*db_, first, true).enter("r1/ride_requested").value());
  EXPECT_TRUE(Inbox(*db_, first, true).enter("r2/ride_requested").value());
  EXPECT_TRUE(Inbox(*db_, second, true).enter("r3/ride_requested").value());
  EXPECT_EQ(text("SELECT instance_id||' '||epoch||' '||attempt||' '||entered_ms||'; ' FROM inbox "
                 "JOIN members ON members.id=inbox.member ORDER BY event_id"),
            "payment-1 3 1 1000; payment-1 3 1 1000; payment-1 4 2 2000; ");
  EXPECT_EQ(rows_of("members"), 2) << "one for each epoch";
}

TEST_F(InboxTest, CountsTheDeliveriesThatWereSkippedAndKeepsTheTimeOfTheLast) {
  for (const int64_t now_ms : {1'000, 2'000, 3'000}) {
    const Handling handling{"member-a", "", 1, 1, now_ms};
    EXPECT_EQ(Inbox(*db_, handling, true).enter("r1/ride_requested").value(), now_ms == 1'000);
  }
  EXPECT_EQ(text("SELECT skipped||' '||last_ms FROM redeliveries"), "2 3000");
  EXPECT_EQ(text("SELECT entered_ms FROM inbox"), "1000") << "the first one took effect";
}

TEST_F(InboxTest, ThatIsOffKnowsNothing) {
  const Handling handling;
  Inbox inbox(*db_, handling, false);
  EXPECT_TRUE(inbox.enter("r1/ride_requested").value());
  EXPECT_TRUE(inbox.enter("r1/ride_requested").value());
  EXPECT_EQ(rows_of("inbox") + rows_of("members") + rows_of("redeliveries"), 0);
}

// Of an event that failed, and of a record that could not be read.
TEST_F(InboxTest, ADeadLetterIsOpenUntilItsReplayTookEffect) {
  const Handling handling;
  Inbox inbox(*db_, handling, true);
  for (const std::string event : {"r1/ride_requested", "ride_requested/0/7"}) {
    const std::string letter = "ride_requested/0/7";
    ASSERT_TRUE(inbox.enter(event).value());
    ASSERT_OK(inbox.count_letter(event));
    EXPECT_TRUE(inbox.reopen(letter, event).value());
    ASSERT_OK(inbox.count_letter(event));
    EXPECT_TRUE(inbox.reopen(letter, event).value()) << "it failed again";
    ASSERT_OK(inbox.settle(letter, event));
    EXPECT_FALSE(inbox.reopen(letter, event).value());
  }
}

TEST_F(InboxTest, AnEventThatTookEffectIsNotOpenWhateverBecameOfAnotherCopyOfIt) {
  const Handling handling{"member-a", "", 1, 1, 1'000};
  Inbox inbox(*db_, handling, true);
  ASSERT_TRUE(inbox.enter("ride_requested/0/7").value());
  ASSERT_OK(inbox.count_letter("ride_requested/0/7"));
  ASSERT_TRUE(inbox.enter("r1/ride_requested").value());
  EXPECT_FALSE(inbox.reopen("ride_requested/0/7", "r1/ride_requested").value());
}

TEST_F(InboxTest, WhatAStoreThatWasRebuiltDoesNotKnowIsOpenOnce) {
  const Handling handling{"member-a", "", 1, 1, 1'000};
  Inbox inbox(*db_, handling, true);
  EXPECT_TRUE(inbox.reopen("ride_requested/0/7", "r1/ride_requested").value());
  EXPECT_FALSE(inbox.reopen("ride_requested/0/7", "r1/ride_requested").value());
}

// It kept mere ids: the letter alone says that the event did not take effect.
TEST_F(InboxTest, TheLettersOfAnOlderProgramAreOpenOnce) {
  const Handling handling{"member-a", "", 1, 1, 1'000};
  Inbox inbox(*db_, handling, true);
  ASSERT_OK(db_->run("INSERT INTO inbox(event_id) VALUES('r1/ride_requested')"));
  EXPECT_TRUE(inbox.reopen("ride_requested/0/7", "r1/ride_requested").value());
  ASSERT_OK(inbox.settle("ride_requested/0/7", "r1/ride_requested"));
  EXPECT_FALSE(inbox.reopen("ride_requested/0/7", "r1/ride_requested").value());
}

}  // namespace
}  // namespace hailstorm::service
