#include "tests/common/log/fetch_state_fixture.h"

namespace hailstorm::log::hail {
namespace {

// Invariant 40: a partition that is new to the group is read from its start, whatever the rule.
TEST_F(FetchStateTest, APartitionThatIsNewToTheGroupIsReadFromItsStart) {
  FetchState latest{OffsetReset::latest, 500};
  latest.add(kFirst, Uuid{{1}});
  const auto committed_of = latest.start_request(Need::committed, now_ms_);
  EXPECT_EQ(latest.committed_request("payment", committed_of).partitions.at(0).topic_id, Uuid{{1}});
  latest.on_committed(committed_of, {{}, {{{"rides", 0}, wire::kNewToGroup, -1, {}}}});
  EXPECT_THAT(latest.start_request(Need::reset, now_ms_), IsEmpty());
  const auto start_of = latest.start_request(Need::start, now_ms_);
  const auto request = latest.begin_request(Need::start, start_of);
  EXPECT_EQ(request.timestamp_ms, wire::kEarliest);
  EXPECT_EQ(request.partitions.at(0).topic_id, Uuid{{1}}) << "of the topic that the group gave us";
}

// Invariant 4: without a group nobody else says that there is another topic now.
TEST_F(FetchStateTest, AReaderOfATopicThatWasMadeAgainBeginsAtItsStart) {
  state_.add({kFirst, 7, Uuid{{1}}});
  EXPECT_EQ(fetch_offset(), 7);
  EXPECT_FAILS_WITH(answer({part(kFirst, -1, 0, ErrorCode::unknown_topic_id)}),
                    LogErrc::unknown_topic);
  const auto start_of = request(Need::start);
  ASSERT_THAT(start_of, SizeIs(1));
  EXPECT_TRUE(state_.begin_request(Need::start, start_of).partitions.at(0).topic_id.is_zero());
  wire::ListOffsetsReply found;
  found.offsets.push_back({{"rides", 0, Uuid{{2}}}, {}, 0, -1});
  state_.on_begin(start_of, found, now_ms_);
  const auto next = state_.fetch_request(request());
  EXPECT_EQ(next.partitions.at(0).offset, 0);
  EXPECT_EQ(next.partitions.at(0).id.topic_id, Uuid{{2}});
}

TEST_F(FetchStateTest, ReadingBeginsWhereTheGroupCommitted) {
  state_.add(kFirst, Uuid());
  EXPECT_THAT(request(), IsEmpty()) << "nobody knows from where";
  committed(42);
  EXPECT_EQ(fetch_offset(), 42);
  EXPECT_THAT(request(), IsEmpty()) << "requested once";
}

// Invariant 61: a store that is older than its group is read to from where the store is.
TEST_F(FetchStateTest, ReadingBeginsAtTheOlderOfTheCommitAndTheCallersPosition) {
  state_.add(kFirst, Uuid());
  state_.begin_no_later_than({kFirst, 7, {}});
  committed(42);
  EXPECT_EQ(fetch_offset(), 7);
  state_.add(kFirst, Uuid());
  state_.begin_no_later_than({kFirst, 42, {}});
  committed(7);
  EXPECT_EQ(fetch_offset(), 7);
}

TEST_F(FetchStateTest, APositionThatComesAfterTheCommitDropsWhatWasFetchedBeyondIt) {
  state_.add(kFirst, Uuid());
  committed(42);
  EXPECT_EQ(fetch_offset(), 42);
  fetched(42, {"a"}, 44);
  EXPECT_EQ(fetch_offset(), 43) << "the next fetch is under way";
  state_.begin_no_later_than({kFirst, 7, {}});
  EXPECT_OK(answer({part(kFirst, 44, 1)}, {frame_at(43, {"b"})}));
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(fetch_offset(), 7);
}

TEST_F(FetchStateTest, APositionInAnotherTopicOfTheSameNameCountsAsItsStart) {
  state_.add(kFirst, Uuid{{2}});
  state_.begin_no_later_than({kFirst, 7, Uuid{{1}}});
  committed(42);
  EXPECT_EQ(fetch_offset(), 0);
}

TEST_F(FetchStateTest, WhereNothingIsCommittedTheResetDecides) {
  state_.add(kFirst, Uuid());
  committed(-1);
  EXPECT_EQ(state_.begin_request(Need::reset, {{kFirst, 1}}).timestamp_ms, wire::kEarliest);
  EXPECT_EQ(FetchState(OffsetReset::latest, 1).begin_request(Need::reset, {}).timestamp_ms,
            wire::kLatest);
  found(7);
  EXPECT_EQ(fetch_offset(), 7);
}

TEST_F(FetchStateTest, AResetThatFailsIsRequestedAgainAfterAPause) {
  state_.add(kFirst, Uuid());
  committed(-1);
  found(-1, ErrorCode::storage_error);
  EXPECT_THAT(request(Need::reset), IsEmpty());
  now_ms_ = state_.next_due_ms();
  found(7);
  EXPECT_EQ(fetch_offset(), 7);
}

// Invariant 32.
TEST_F(FetchStateTest, ReadingGoesOnAfterWhatWasFetched) {
  state_.add({kFirst, 5});
  EXPECT_EQ(fetch_offset(), 5);
  fetched(4, {"a", "b", "c"}, 9);
  EXPECT_EQ(fetch_offset(), 7) << "also before it was taken";
  EXPECT_EQ(state_.lag(), 4);
  EXPECT_THAT(take(1), ElementsAre("0/5b"));
  EXPECT_EQ(state_.lag(), 3);
  EXPECT_THAT(take(), ElementsAre("0/6c"));
  fetched(7, {"d", "e"}, 9);
  EXPECT_THAT(take(), ElementsAre("0/7d", "0/8e"));
  EXPECT_EQ(state_.lag(), 0);
}

TEST_F(FetchStateTest, TheFirstFetchDoesNotWait) {
  state_.add({kFirst, 0});
  requested_ = request();
  EXPECT_EQ(state_.fetch_request(requested_).max_wait_ms, 0);
  EXPECT_THAT(state_.known(), IsEmpty());
  ASSERT_OK(answer({part(kFirst, 0, 0)}));
  EXPECT_THAT(state_.known(), ElementsAre(kFirst));
  EXPECT_EQ(state_.fetch_request(request()).max_wait_ms, 500);
}

TEST_F(FetchStateTest, NothingIsFetchedWhileEnoughIsBuffered) {
  state_.add({kFirst, 0});
  (void)fetch_offset();
  fetched(0, {std::string(600 << 10, 'x')}, 9);
  EXPECT_THAT(request(), IsEmpty());
  EXPECT_EQ(state_.next_due_ms(), kNever);
  EXPECT_THAT(take(), SizeIs(1));
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(fetch_offset(), 1);
}

// Taken away and given again while the question was under way: the answer is of another time.
TEST_F(FetchStateTest, AnAnswerToAnEarlierAssignmentIsDropped) {
  state_.add({kFirst, 0});
  EXPECT_EQ(fetch_offset(), 0);
  state_.remove(kFirst);
  state_.add({kFirst, 50});
  fetched(0, {"a"}, 9);
  EXPECT_FALSE(state_.has_records());
  EXPECT_EQ(fetch_offset(), 50);
  state_.remove(kFirst);
  fetched(50, {"b"}, 90);
  EXPECT_FALSE(state_.has_records());
}

TEST_F(FetchStateTest, AfterALostConnectionEverythingIsRequestedAgain) {
  state_.add({kFirst, 0});
  state_.add(kSecond, Uuid());
  EXPECT_EQ(fetch_offset(), 0);
  (void)request(Need::committed);
  state_.on_connection_lost();
  EXPECT_THAT(request(Need::committed), SizeIs(1));
  EXPECT_EQ(fetch_offset(), 0);
}

TEST_F(FetchStateTest, AFailedRequestIsSentAgainAfterAPause) {
  state_.add({kFirst, 0});
  requested_ = request();
  state_.on_failure(requested_, now_ms_);
  EXPECT_THAT(request(), IsEmpty());
  EXPECT_GT(state_.next_due_ms(), now_ms_);
  now_ms_ = state_.next_due_ms();
  EXPECT_EQ(fetch_offset(), 0);
}

// Invariant 31: a coordinator that cannot answer yet did not say that nothing is committed.
TEST_F(FetchStateTest, ACommittedOffsetThatCouldNotBeFetchedIsRequestedAgain) {
  state_.add(kFirst, Uuid());
  state_.on_failure(request(Need::committed), now_ms_);
  EXPECT_THAT(request(Need::committed), IsEmpty()) << "after a pause";
  now_ms_ = state_.next_due_ms();
  EXPECT_THAT(request(Need::reset), IsEmpty());
  committed(42);
  EXPECT_EQ(fetch_offset(), 42);
}

// Invariant 13: reading begins again, and records that were fetched before are not lost.
TEST_F(FetchStateTest, OutOfRangeBeginsAgainAfterWhatIsBuffered) {
  state_.add({kFirst, 0});
  (void)fetch_offset();
  fetched(0, {"a", "b"}, 9);
  EXPECT_EQ(fetch_offset(), 2);
  ASSERT_OK(answer({part(kFirst, 30, 0, ErrorCode::offset_out_of_range)}));
  EXPECT_THAT(request(Need::reset), IsEmpty());
  EXPECT_THAT(take(), ElementsAre("0/0a", "0/1b"));
  found(20);
  EXPECT_EQ(fetch_offset(), 20);
  fetched(20, {"u"}, 30);
  EXPECT_THAT(take(), ElementsAre("0/20u"));
}

TEST_F(FetchStateTest, AnErrorOfOnePartitionIsOfThatPartition) {
  state_.add({kFirst, 0});
  state_.add({kSecond, 0});
  requested_ = request();
  const auto status = answer({part(kFirst, -1, 0, ErrorCode::corrupt_message), part(kSecond, 9, 1)},
                             {frame_at(0, {"a"})});
  EXPECT_FAILS_WITH(status, LogErrc::corrupt);
  EXPECT_THAT(take(), ElementsAre("1/0a"));
  requested_ = request();
  EXPECT_THAT(requested_, SizeIs(1)) << "the other one pauses";
}

TEST_F(FetchStateTest, ARetriableErrorIsNotReported) {
  state_.add({kFirst, 0});
  (void)fetch_offset();
  EXPECT_OK(answer({part(kFirst, -1, 0, ErrorCode::unknown_topic_or_partition)}));
  EXPECT_GT(state_.next_due_ms(), now_ms_);
}

TEST_F(FetchStateTest, PartitionsAreReadInRotation) {
  state_.add({kFirst, 0});
  state_.add({kSecond, 0});
  requested_ = request();
  ASSERT_OK(answer({part(kFirst, 9, 1), part(kSecond, 9, 1)},
                   {frame_at(0, {"a", "b", "c"}), frame_at(0, {"x", "y", "z"})}));
  EXPECT_THAT(take(2), ElementsAre("0/0a", "0/1b"));
  EXPECT_THAT(take(2), ElementsAre("1/0x", "1/1y"));
  EXPECT_THAT(take(2), ElementsAre("0/2c", "1/2z"));
}

}  // namespace
}  // namespace hailstorm::log::hail
