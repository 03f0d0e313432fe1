#include "broker/groups/offsets_schema.h"
#include "tests/broker/groups/group_fixture.h"

namespace hailstorm::groups {
namespace {

class RestartTest : public GroupFixture {
 protected:
  RestartTest() { topic("rides", 12); }

  /// Some of everything that the journal keeps: static and dynamic members, one that is away, one
  /// that has a partition to release, several topics, offsets.
  void a_busy_group() {
    topic("trips", 3);
    instance("s", "first");
    joins("s");
    consumer("a").topics = {"trips", "rides"};
    joins("a");
    settle();
    commits("a", owned("a").front(), 42);
    instance("t", "second");
    joins("t");
    settle();
    leaves_for_a_moment("t");
    consumer("a").releases = false;
    joins("z");
    beats("a");
    commits("a", owned("a").front(), 43);
  }
};

// Invariant 39.
TEST_F(RestartTest, TheJournalRestoresTheSameState) {
  a_busy_group();
  const std::string before = picture();
  die_and_boot();
  EXPECT_EQ(picture(), before);
  EXPECT_EQ(beats("a"), ErrorCode::none) << "members stay, they do not join again";
  EXPECT_EQ(beats("z"), ErrorCode::none);
}

// Invariant 39: compaction leaves what gives the same state.
TEST_F(RestartTest, TheSnapshotRestoresTheSameState) {
  a_busy_group();
  const std::string before = picture();
  const size_t written = journal_.entries().size();
  compact();
  EXPECT_LT(journal_.entries().size(), written);
  die_and_boot();
  EXPECT_EQ(picture(), before);
  for (const auto& entry : journal_.entries()) EXPECT_TRUE(entry.value.has_value());
}

// Invariant 31.
TEST_F(RestartTest, WhileLoadingNothingIsAnsweredWithASpuriousNone) {
  joins("a");
  commits("a", 0, 42);
  load();
  const auto loading = ErrorCode::coordinator_load_in_progress;
  EXPECT_EQ((*fetch({{"rides", 0}}))->outcome.code, loading);
  EXPECT_EQ((*fetch({}))->outcome.code, loading);
  EXPECT_EQ(beats("a"), loading);
  EXPECT_EQ(commits("a", 0, 43), loading);
  EXPECT_EQ(list().outcome.code, loading);
  EXPECT_EQ(describe().outcome.code, loading);
  EXPECT_EQ((*remove())->outcome.code, loading);
  coordinator_->tick();
  coordinator_->topics_changed();
  coordinator_->finish_loading();
  EXPECT_EQ(committed(0), 42);
  EXPECT_EQ(beats("a"), ErrorCode::none);
}

// Invariant 29. Otherwise, if the broker died now, the member would be back with its old epoch, and
// one of its earlier commits, still on its way, would be accepted.
TEST_F(RestartTest, AFencingReplyWaitsUntilTheRemovalIsDurable) {
  joins("a");
  journal_.hold();
  pass_ms(6'000);
  const Consumer before = consumer("a");
  const auto beat = heartbeat(before.request(kGroup));
  const auto commit_of_a = commit(commit_request(before, 0, 42));
  EXPECT_FALSE(beat->has_value());
  EXPECT_FALSE(commit_of_a->has_value());
  journal_.settle();
  EXPECT_EQ((*beat)->outcome.code, ErrorCode::unknown_member_id);
  EXPECT_EQ((*commit_of_a)->outcome.code, ErrorCode::unknown_member_id);
}

TEST_F(RestartTest, MembersGetAWholeSessionFromTheRestartOn) {
  joins("a");
  pass_ms(5'000);
  die_and_boot();
  pass_ms(5'900);
  EXPECT_EQ(beats("a"), ErrorCode::none);
  die_and_boot();
  pass_ms(6'000);
  EXPECT_EQ(beats("a"), ErrorCode::unknown_member_id);
}

// Invariant 34: a member is not evicted for a time in which the broker did not run.
TEST_F(RestartTest, ARevocationGetsItsWholeTimeFromTheRestartOn) {
  holds_on("a", "b");
  pass_ms(2'900);
  die_and_boot();
  pass_ms(2'900);
  EXPECT_EQ(beats("a"), ErrorCode::none);
  pass_ms(100);
  EXPECT_EQ(beats("a"), ErrorCode::unknown_member_id);
}

TEST_F(RestartTest, TopicsThatGrewMeanwhileAreNoticed) {
  joins("a");
  catalog_.counts["rides"] = 13;
  die_and_boot();
  pass_ms(100);
  settle();
  EXPECT_EQ(owned("a").size(), 13U);
}

TEST_F(RestartTest, OffsetsOfTopicsDeletedMeanwhileAreDeleted) {
  joins("a");
  commits("a", 0, 42);
  catalog_.counts.clear();
  die_and_boot();
  pass_ms(100);
  EXPECT_EQ(committed(0), -1);
}

TEST_F(RestartTest, AnAssignmentIsSentOnlyWhenItIsDurable) {
  joins("a");
  journal_.hold();
  EXPECT_EQ(joins("b"), ErrorCode::unknown_outcome);
  const auto answer = commit(commit_request(consumer("a"), 0, 42));
  die_and_boot(/*kept_batches=*/0);
  EXPECT_FALSE(answer->has_value());
  EXPECT_FALSE(is_member("b"));
  EXPECT_EQ(committed(0), -1);
}

TEST_F(RestartTest, AStateThatTheJournalRefusedIsWrittenWithTheNextHeartbeat) {
  journal_.refuse_next();
  EXPECT_EQ(joins("a"), ErrorCode::storage_error);
  EXPECT_EQ(joins("a"), ErrorCode::none);
  const std::string before = picture();
  die_and_boot();
  EXPECT_EQ(picture(), before);
}

TEST_F(RestartTest, AStateWhoseAppendFailedIsWrittenAgain) {
  for (const bool in_the_log : {true, false}) {
    journal_.hold();
    EXPECT_EQ(joins("a"), ErrorCode::unknown_outcome);
    journal_.fail(in_the_log);
    EXPECT_EQ(joins("a"), ErrorCode::none);
    const std::string with_a = picture();
    die_and_boot();
    EXPECT_EQ(picture(), with_a);
    leaves("a");
    const std::string without = picture();
    die_and_boot();
    EXPECT_EQ(picture(), without);
  }
}

TEST_F(RestartTest, ALiveGroupIsNotDeleted) {
  joins("a");
  EXPECT_EQ((*remove())->outcome.code, ErrorCode::non_empty_group);
  EXPECT_TRUE(is_member("a"));
}

// Invariant 39: deletion writes a tombstone for every record of the group.
TEST_F(RestartTest, ADeletedGroupStaysDeleted) {
  a_busy_group();
  for (const char* name : {"a", "s", "z"}) leaves(name);
  pass_ms(6'000);
  EXPECT_EQ((*remove())->outcome.code, ErrorCode::none);
  EXPECT_THAT(list().groups, IsEmpty());
  EXPECT_EQ((*remove())->outcome.code, ErrorCode::group_id_not_found);
  die_and_boot();
  EXPECT_THAT(list().groups, IsEmpty());
  EXPECT_THAT(coordinator_->snapshot(), IsEmpty());
  EXPECT_EQ((*fetch({}))->offsets.size(), 0U);
}

TEST_F(RestartTest, AFailedDeletionMayBeRequestedAgain) {
  joins("a");
  commits("a", 0, 42);
  leaves("a");
  journal_.refuse_next();
  EXPECT_EQ((*remove())->outcome.code, ErrorCode::storage_error);
  EXPECT_EQ(committed(0), 42);
  EXPECT_EQ((*remove())->outcome.code, ErrorCode::none);
  die_and_boot();
  EXPECT_THAT(list().groups, IsEmpty());
}

TEST_F(RestartTest, RecordsOfOtherKindsAreSkipped) {
  joins("a");
  const std::string before = picture();
  coordinator_ = std::make_unique<Coordinator>(journal_, catalog_, clock_);
  ASSERT_OK(coordinator_->replay(std::string("\0\13\0\1g", 5), "a share group"));
  for (const auto& entry : journal_.entries()) {
    ASSERT_OK(coordinator_->replay(entry.key, entry.value));
  }
  coordinator_->finish_loading();
  EXPECT_EQ(picture(), before);
}

// Invariant 28: no member gets what another has, even if the journal says so.
TEST_F(RestartTest, APartitionThatTwoMembersClaimStaysWithTheFirst) {
  joins("a");
  joins("b");
  load();
  const auto key_of = [](const std::string& member) {
    return encode(RecordKey{
        .kind = RecordKind::current_member, .group = kGroup, .topic = {}, .member_id = member});
  };
  for (const auto& entry : journal_.entries()) {
    if (entry.key == key_of("a")) ASSERT_OK(coordinator_->replay(key_of("b"), entry.value));
  }
  coordinator_->finish_loading();
  for (const auto& member : describe().members) {
    EXPECT_THAT(member.assigned, ::testing::SizeIs(member.member_id == "a" ? 12 : 0));
  }
}

TEST_F(RestartTest, ADamagedRecordIsAnError) {
  joins("a");
  coordinator_ = std::make_unique<Coordinator>(journal_, catalog_, clock_);
  const auto& entry = journal_.entries().at(0);
  EXPECT_FALSE(coordinator_->replay(entry.key.substr(0, 3), entry.value).ok());
  EXPECT_FALSE(coordinator_->replay(entry.key, entry.value->substr(0, 1)).ok());
}

}  // namespace
}  // namespace hailstorm::groups
