#include "broker/groups/topic_pattern.h"

#include <gmock/gmock.h>

#include "tests/broker/groups/memory_journal.h"

namespace hailstorm::groups {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TopicPatternTest : public ::testing::Test {
 protected:
  TopicPatternTest() { catalog_.counts = {{"rides", 1}, {"rides-late", 1}, {"trips", 1}}; }

  FakeCatalog catalog_;
};

TEST_F(TopicPatternTest, ATopicMatchesAsAWhole) {
  EXPECT_THAT(TopicPattern::make("rides").value().matching(catalog_), ElementsAre("rides"));
  EXPECT_THAT(TopicPattern::make("^(rides.*|trips)$").value().matching(catalog_),
              ElementsAre("rides", "rides-late", "trips"));
  EXPECT_THAT(TopicPattern::make("").value().matching(catalog_), IsEmpty());
}

TEST_F(TopicPatternTest, APatternThatIsNoneSaysWhy) {
  const auto made = TopicPattern::make("rides[");
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().message(), HasSubstr("missing ]"));
  EXPECT_FALSE(TopicPattern::make("((((a{100}){100}){100}){100})").ok()) << "it takes much memory";
}

TEST_F(TopicPatternTest, NamesAndMatchesTogetherAreASubscription) {
  EXPECT_THAT(subscription_of({"trips", "gone"}, "t.*", catalog_), ElementsAre("gone", "trips"));
  EXPECT_THAT(subscription_of({"trips"}, "rides[", catalog_), ElementsAre("trips"));
}

}  // namespace
}  // namespace hailstorm::groups
