#include "tests/common/log/fetch_state_fixture.h"

namespace hailstorm::log::hail {
namespace {

TEST_F(FetchStateTest, AClosedPartitionIsNamedUntilItGivesRecordsAgain) {
  state_.add({kFirst, 0});
  state_.add({kSecond, 0});
  requested_ = request();
  ASSERT_OK(answer({part(kFirst, -1, 0, ErrorCode::storage_error), part(kSecond, 9, 1)},
                   {frame_at(0, {"a"})}));
  ASSERT_THAT(state_.closed(), SizeIs(1));
  EXPECT_EQ(state_.closed()[0].id, kFirst);
  EXPECT_FALSE(state_.closed()[0].why.empty());
  EXPECT_THAT(take(), ElementsAre("1/0a")) << "the other one is read";
  now_ms_ += 1'000;
  requested_ = request();
  ASSERT_OK(answer({part(kFirst, 9, 1)}, {frame_at(0, {"x"})}));
  EXPECT_THAT(state_.closed(), IsEmpty());
  EXPECT_THAT(take(), ElementsAre("0/0x"));
}

TEST_F(FetchStateTest, AClosedPartitionIsNamedBeforeItsStartIsKnown) {
  state_.add(kFirst, Uuid());
  committed(-1);
  found(-1, ErrorCode::storage_error);
  ASSERT_THAT(state_.closed(), SizeIs(1));
  EXPECT_EQ(state_.closed()[0].why, "no");
  EXPECT_THAT(state_.known(), IsEmpty());
}

TEST_F(FetchStateTest, RecordsFetchedBeforeAPartitionClosedAreTakenFirst) {
  state_.add({kFirst, 0});
  (void)fetch_offset();
  fetched(0, {"a", "b"}, 2);
  EXPECT_EQ(fetch_offset(), 2);
  ASSERT_OK(answer({part(kFirst, 2, 0, ErrorCode::storage_error)}));
  EXPECT_THAT(state_.closed(), IsEmpty());
  EXPECT_THAT(take(), ElementsAre("0/0a", "0/1b"));
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(state_.closed(), SizeIs(1));
  EXPECT_EQ(state_.lag(), 0);
}

TEST_F(FetchStateTest, ACorruptPartitionIsNamedAndFetchedAgainFromABrokerThatCameBack) {
  state_.add({kFirst, 0});
  (void)fetch_offset();
  ASSERT_OK(answer({part(kFirst, 9, 1)}, {corrupt_frame_at(0, {"a"})}));
  EXPECT_FAILS_WITH(state_.take(9, [](const auto&, const auto&) {}), LogErrc::corrupt);
  ASSERT_THAT(state_.closed(), SizeIs(1));
  state_.on_connection_lost();
  EXPECT_EQ(fetch_offset(), 0);
  fetched(0, {"a"}, 1);
  EXPECT_THAT(state_.closed(), IsEmpty());
  EXPECT_THAT(take(), ElementsAre("0/0a"));
}

// Invariant 7: a corrupt partition stops, the others go on.
TEST_F(FetchStateTest, ACorruptPartitionDoesNotKeepOthersBack) {
  state_.add({kFirst, 0});
  state_.add({kSecond, 0});
  requested_ = request();
  ASSERT_OK(answer({part(kFirst, 9, 1), part(kSecond, 9, 1)},
                   {corrupt_frame_at(0, {"a"}), frame_at(0, {"x"})}));
  EXPECT_THAT(take(), ElementsAre("1/0x"));
  EXPECT_FAILS_WITH(state_.take(9, [](const auto&, const auto&) {}), LogErrc::corrupt);
}

// Invariant 32: what was shown is counted, though the same poll met a corrupt batch after it.
TEST_F(FetchStateTest, RecordsBeforeACorruptBatchAreNotLost) {
  state_.add({kFirst, 0});
  (void)fetch_offset();
  fetched(0, {"a"}, 9);
  EXPECT_EQ(fetch_offset(), 1);
  ASSERT_OK(answer({part(kFirst, 9, 1)}, {corrupt_frame_at(1, {"b"})}));
  EXPECT_THAT(take(), ElementsAre("0/0a"));
  EXPECT_FAILS_WITH(state_.take(9, [](const auto&, const auto&) {}), LogErrc::corrupt);
}

TEST_F(FetchStateTest, BytesThatAreNoBatchAreAnErrorAndRequestedAgain) {
  state_.add({kFirst, 0});
  (void)fetch_offset();
  EXPECT_FAILS_WITH(answer({part(kFirst, 9, 1)}, {frame_of({1, 2, 3})}), LogErrc::corrupt);
  now_ms_ = state_.next_due_ms();
  EXPECT_EQ(fetch_offset(), 0);
}

}  // namespace
}  // namespace hailstorm::log::hail
