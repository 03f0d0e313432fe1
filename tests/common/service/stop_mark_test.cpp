#include "common/service/stop_mark.h"

#include <gtest/gtest.h>
#include <memory>

#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::service {
namespace {

class StopMarkTest : public ::testing::Test {
 protected:
  std::unique_ptr<StopMark> take() {
    auto mark = StopMark::take(folder_.path());
    EXPECT_OK(mark);
    return std::make_unique<StopMark>(std::move(mark).value());
  }

 private:
  testing::TempFolder folder_;
};

TEST_F(StopMarkTest, AFolderWithoutAMarkWasNotLeftCleanly) { EXPECT_FALSE(take()->was_clean()); }

TEST_F(StopMarkTest, AMarkIsFoundByTheNextStartAlone) {
  take()->leave();
  EXPECT_TRUE(take()->was_clean());
  EXPECT_FALSE(take()->was_clean()) << "the process before ended without a word";
}

TEST_F(StopMarkTest, OnlyTheLastOfSeveralInstancesLeavesTheMark) {
  auto first = take();
  auto second = take();
  first->leave();
  first.reset();
  second.reset();
  EXPECT_FALSE(take()->was_clean()) << "the second one was killed";

  first = take();
  second = take();
  first->leave();
  first.reset();
  second->leave();
  second.reset();
  EXPECT_TRUE(take()->was_clean());
}

}  // namespace
}  // namespace hailstorm::service
