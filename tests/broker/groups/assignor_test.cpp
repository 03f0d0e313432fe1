#include "broker/groups/assignor.h"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <random>

namespace hailstorm::groups {
namespace {

using Loads = std::vector<size_t>;

Partitions numbers(const std::string& topic, std::initializer_list<int32_t> partitions) {
  Partitions all;
  for (const int32_t partition : partitions) all.insert({topic, partition});
  return all;
}

TEST(AssignorTest, AGroupWithoutMembersGetsNoPartitions) {
  EXPECT_TRUE(assign({}).empty());
  EXPECT_TRUE(assign({.members = {}, .partitions = {{"rides", 3}}}).empty());
}

TEST(AssignorTest, HeldPartitionsStayAndOthersGoToTheMemberWithFewest) {
  const auto given = assign({.members = {{"a", {{"rides"}, numbers("rides", {1, 3})}},
                                         {"b", {{"rides"}, numbers("rides", {0})}}},
                             .partitions = {{"rides", 4}}});
  EXPECT_EQ(given.at("a"), numbers("rides", {1, 3}));
  EXPECT_EQ(given.at("b"), numbers("rides", {0, 2}));
}

TEST(AssignorTest, PartitionsThatAreGoneOrNotSubscribedAreNotKept) {
  const auto given = assign({.members = {{"a", {{"rides"}, numbers("rides", {0, 9})}},
                                         {"b", {{"trips"}, numbers("rides", {1})}}},
                             .partitions = {{"rides", 2}, {"trips", 1}}});
  EXPECT_EQ(given.at("a"), numbers("rides", {0, 1}));
  EXPECT_EQ(given.at("b"), numbers("trips", {0}));
}

TEST(AssignorTest, APartitionThatTwoMembersHeldGoesToTheFirst) {
  const auto given = assign({.members = {{"a", {{"rides"}, numbers("rides", {0, 1})}},
                                         {"b", {{"rides"}, numbers("rides", {1, 2})}}},
                             .partitions = {{"rides", 4}}});
  EXPECT_EQ(given.at("a"), numbers("rides", {0, 1}));
  EXPECT_EQ(given.at("b"), numbers("rides", {2, 3}));
}

TEST(AssignorTest, EachTopicSpreadsToo) {
  const auto given =
      assign({.members = {{"a", {{"rides", "trips"}, {}}}, {"b", {{"rides", "trips"}, {}}}},
              .partitions = {{"rides", 2}, {"trips", 2}}});
  for (const auto& [id, mine] : given) {
    EXPECT_EQ(mine.size(), 2U);
    EXPECT_NE(mine.begin()->topic, mine.rbegin()->topic) << id;
  }
}

// b can take nothing from a itself; c takes one of a's, and b one of c's.
TEST(AssignorTest, LoadsEvenOutAlongAChain) {
  const auto given = assign({.members = {{"a", {{"x"}, numbers("x", {0, 1, 2})}},
                                         {"b", {{"y"}, {}}},
                                         {"c", {{"x", "y"}, numbers("y", {0, 1})}}},
                             .partitions = {{"x", 3}, {"y", 2}}});
  EXPECT_EQ(given.at("a").size(), 2U);
  EXPECT_EQ(given.at("b").size(), 1U);
  EXPECT_EQ(given.at("c").size(), 2U);
}

std::string name(size_t number) { return std::string("m").append(std::to_string(number)); }

/// A group with random members, subscriptions and previous targets.
AssignorInput random_input(std::mt19937_64& random, bool same_subscriptions) {
  const auto below = [&](uint64_t limit) { return static_cast<size_t>(random() % limit); };
  AssignorInput input;
  const std::vector<std::string> topics = {"t0", "t1", "t2"};
  for (const auto& topic : topics) input.partitions[topic] = static_cast<int32_t>(1 + below(9));
  const size_t members = 1 + below(6);
  for (size_t i = 0; i < members; ++i) {
    auto& member = input.members[name(i)];
    for (const auto& topic : topics) {
      if (same_subscriptions || below(2) == 0) member.topics.push_back(topic);
    }
  }
  // As another group assigned it, in which some had other partners.
  for (const auto& [topic, count] : input.partitions) {
    for (int32_t partition = 0; partition < count; ++partition) {
      const auto owner = input.members.find(name(below(members + 2)));
      if (owner != input.members.end()) owner->second.previous.insert({topic, partition});
    }
  }
  return input;
}

size_t subscribed_partitions(const AssignorInput& input) {
  size_t all = 0;
  for (const auto& [topic, count] : input.partitions) {
    const bool wanted =
        std::any_of(input.members.begin(), input.members.end(), [&](const auto& member) {
          const auto& topics = member.second.topics;
          return std::find(topics.begin(), topics.end(), topic) != topics.end();
        });
    if (wanted) all += static_cast<size_t>(count);
  }
  return all;
}

size_t lost(const AssignorInput& input, const std::map<std::string, Partitions>& given) {
  size_t all = 0;
  for (const auto& [id, member] : input.members) {
    for (const auto& one : member.previous) all += given.at(id).contains(one) ? 0 : 1;
  }
  return all;
}

/// The fewest that can move while loads differ by at most one.
size_t fewest_moves(const AssignorInput& input) {
  Loads loads;
  for (const auto& [id, member] : input.members) loads.push_back(member.previous.size());
  std::sort(loads.begin(), loads.end(), std::greater<>());
  const size_t all = subscribed_partitions(input);
  size_t moves = 0;
  for (size_t i = 0; i < loads.size(); ++i) {
    const size_t allowed = all / loads.size() + (i < all % loads.size() ? 1 : 0);
    moves += loads[i] > allowed ? loads[i] - allowed : 0;
  }
  return moves;
}

// Invariants 28 and 36, for the target.
TEST(AssignorTest, RandomGroupsAreCompleteBalancedAndSticky) {
  for (uint64_t seed = 1; seed <= 3'000; ++seed) {
    std::mt19937_64 random(seed);
    const bool same = seed % 2 == 0;
    const AssignorInput input = random_input(random, same);
    const auto given = assign(input);
    Partitions all;
    size_t lightest = SIZE_MAX;
    size_t heaviest = 0;
    size_t sum = 0;
    for (const auto& [id, mine] : given) {
      for (const auto& one : mine) {
        const auto& topics = input.members.at(id).topics;
        ASSERT_NE(std::find(topics.begin(), topics.end(), one.topic), topics.end())
            << "seed " << seed;
      }
      all.insert(mine.begin(), mine.end());
      sum += mine.size();
      lightest = std::min(lightest, mine.size());
      heaviest = std::max(heaviest, mine.size());
    }
    ASSERT_EQ(given.size(), input.members.size()) << "seed " << seed;
    ASSERT_EQ(sum, all.size()) << "two owners, seed " << seed;
    ASSERT_EQ(all.size(), subscribed_partitions(input)) << "seed " << seed;
    ASSERT_EQ(assign(input), given) << "seed " << seed;

    AssignorInput again = input;
    for (auto& [id, member] : again.members) member.previous = given.at(id);
    ASSERT_EQ(assign(again), given) << "an even assignment must stay, seed " << seed;
    if (!same) continue;
    ASSERT_LE(heaviest - lightest, 1U) << "seed " << seed;
    ASSERT_EQ(lost(input, given), fewest_moves(input)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace hailstorm::groups
