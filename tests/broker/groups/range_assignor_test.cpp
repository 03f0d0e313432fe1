#include "broker/groups/range_assignor.h"

#include <gmock/gmock.h>

namespace hailstorm::groups {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Member = AssignorInput::Member;

std::vector<int32_t> numbers(const Partitions& partitions, const std::string& topic) {
  std::vector<int32_t> numbers;
  for (const auto& id : partitions) {
    if (id.topic == topic) numbers.push_back(id.partition);
  }
  return numbers;
}

TEST(RangeAssignorTest, EachMemberGetsPartitionsInARowAndTheSameOnesOfEachTopic) {
  AssignorInput input;
  input.partitions = {{"rides", 5}, {"trips", 5}};
  for (const char* id : {"a", "b"}) input.members[id] = Member{{"rides", "trips"}, {}, ""};
  auto shares = assign_ranges(input);
  for (const char* topic : {"rides", "trips"}) {
    EXPECT_THAT(numbers(shares["a"], topic), ElementsAre(0, 1, 2));
    EXPECT_THAT(numbers(shares["b"], topic), ElementsAre(3, 4));
  }
}

TEST(RangeAssignorTest, OnlySubscribersGetPartitionsAndSomeMayGetNone) {
  AssignorInput input;
  input.partitions = {{"rides", 1}};
  input.members = {{"a", Member{{"gone"}, {}, ""}},
                   {"b", Member{{"rides"}, {}, ""}},
                   {"c", Member{{"rides"}, {}, ""}}};
  auto shares = assign_ranges(input);
  EXPECT_THAT(shares["a"], IsEmpty());
  EXPECT_THAT(numbers(shares["b"], "rides"), ElementsAre(0));
  EXPECT_THAT(shares["c"], IsEmpty());
}

TEST(RangeAssignorTest, AStaticMemberKeepsItsPlaceUnderAnotherMemberId) {
  AssignorInput input;
  input.partitions = {{"rides", 2}};
  input.members = {{"a", Member{{"rides"}, {}, ""}}, {"z", Member{{"rides"}, {}, "static"}}};
  EXPECT_THAT(numbers(assign_ranges(input)["z"], "rides"), ElementsAre(0));
}

}  // namespace
}  // namespace hailstorm::groups
