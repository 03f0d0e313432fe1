#include "broker/groups/classic_record.h"
#include "tests/broker/groups/classic_fixture.h"
#include "tests/support/matchers.h"

namespace hailstorm::groups {
namespace {

class ClassicRestartTest : public ClassicFixture {};

// Invariant 78.
TEST_F(ClassicRestartTest, AGroupGoesOnAfterARestartAsIfNothingHadHappened) {
  share({"a"});
  joins("b");
  joins("a");
  static_cast<void>(join_of("a"));
  static_cast<void>(join_of("b"));
  syncs("a");
  syncs("b");
  for (const bool is_compacted : {false, true}) {
    if (is_compacted) compact();
    die_and_boot();
    EXPECT_EQ(state(), "Stable");
    EXPECT_EQ(beats("a"), ErrorCode::none);
    EXPECT_EQ(beats("b"), ErrorCode::none);
    syncs("b");
    EXPECT_EQ(sync_of("b").assignment, "for " + client("b").id);
    EXPECT_EQ(commits("b", 0, 7), ErrorCode::none);
  }
  EXPECT_EQ(committed(0), 7);
}

TEST_F(ClassicRestartTest, AGenerationThatWasNotDurableIsJoinedAgain) {
  share({"a"});
  joins("b");
  joins("a");
  static_cast<void>(join_of("a"));
  journal_.hold();
  syncs("a");
  die_and_boot();
  EXPECT_EQ(beats("a"), ErrorCode::illegal_generation);
  joins("a");
  EXPECT_EQ(join_of("a").outcome.code, ErrorCode::none);
}

TEST_F(ClassicRestartTest, MembersThatDoNotComeBackAreRemovedAfterTheirSession) {
  share({"a"});
  die_and_boot();
  pass_ms(client("a").session_timeout_ms);
  EXPECT_EQ(state(), "Empty");
  die_and_boot();
  EXPECT_EQ(state(), "Empty");
  EXPECT_EQ(describe().summary.epoch, 2);
}

TEST_F(ClassicRestartTest, AGroupThatIsDeletedLeavesNothing) {
  share({"a"});
  EXPECT_EQ((*remove())->outcome.code, ErrorCode::non_empty_group);
  EXPECT_EQ(leaves("a"), ErrorCode::none);
  EXPECT_EQ((*remove())->outcome.code, ErrorCode::none);
  EXPECT_TRUE(list().groups.empty());
  die_and_boot();
  EXPECT_TRUE(list().groups.empty());
  EXPECT_TRUE(coordinator_->snapshot().empty());
}

TEST_F(ClassicRestartTest, AMemberWhoseSessionIsOverDoesNotKeepItsGroupFromBeingDeleted) {
  share({"a"});
  clock_.advance_ms(client("a").session_timeout_ms);
  EXPECT_EQ((*remove())->outcome.code, ErrorCode::none);
}

TEST_F(ClassicRestartTest, RecordsOfOlderVersionsOfKafkaAreRead) {
  const std::string group("\0\1t\0\0\0\7\0\1p\0\1a", 13);
  const std::string member("\0\1a\0\1c\0\1h", 9);
  const std::string session("\0\0\0\2\0\0\0\1s\0\0\0\1x", 14);
  const std::string one("\0\0\0\1", 4);
  const auto oldest =
      decode_value<ClassicGroupValue>(std::string("\0\0", 2) + group + one + member + session);
  ASSERT_OK(oldest);
  EXPECT_EQ(oldest->members.at(0).assignment, "x");
  EXPECT_EQ(oldest->members.at(0).rebalance_timeout_ms, 2);
  const auto with_rebalance = decode_value<ClassicGroupValue>(
      std::string("\0\1", 2) + group + one + member + std::string("\0\0\0\5", 4) + session);
  ASSERT_OK(with_rebalance);
  EXPECT_EQ(with_rebalance->members.at(0).rebalance_timeout_ms, 5);
}

TEST_F(ClassicRestartTest, TheRecordIsKafkasAndReadsBack) {
  ClassicGroupValue value;
  value.protocol_type = "connect";
  value.generation = 7;
  value.protocol = "sessioned";
  value.leader = "a";
  value.members = {{"a", "", "client", "/10.0.0.1", 60'000, 10'000, "subscription", "assignment"},
                   {"b", "instance", "client", "/10.0.0.2", 60'000, 10'000, "", ""}};
  const std::string bytes = encode(value);
  // Version 3; "connect"; generation 7; "sessioned"; "a"; no time; two members.
  const std::string begin("\0\3\0\7connect\0\0\0\7\0\11sessioned\0\1a", 28);
  EXPECT_EQ(bytes.substr(0, begin.size()), begin);
  const auto read = decode_value<ClassicGroupValue>(bytes);
  ASSERT_OK(read);
  EXPECT_TRUE(*read == value);
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_value<ClassicGroupValue>(bytes.substr(0, size)).ok()) << size;
}

}  // namespace
}  // namespace hailstorm::groups
