#include <gmock/gmock.h>
#include <string>

#include "tests/services/lab/page/page_fixture.h"

/// The states of the whole page: what it says of itself, and what it lets its user do.
namespace hailstorm::testing {
namespace {

using ::testing::IsEmpty;

const std::string kRoot = "document.documentElement.dataset.";

class PageStatesTest : public PageTest {};

TEST_F(PageStatesTest, TheLinkOpensASessionAndLeavesNoKeyInTheAddress) {
  open_page();
  EXPECT_EQ(browser().text("location.href"), lab().url() + "/");
  EXPECT_EQ(browser().text(kRoot + "run"), truth("run"));
  EXPECT_TRUE(browser().becomes(kRoot + "seq > 3"));
  browser().reload();
  EXPECT_TRUE(browser().becomes(kRoot + "touch === 'yes'")) << "the session is lost by a reload";
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(PageStatesTest, WithoutASessionOneLooksAndEveryButtonThatChangesSomethingSaysWhyNot) {
  open_to_look();
  EXPECT_EQ(browser().text(kRoot + "touch"), "no");
  EXPECT_TRUE(browser().becomes("document.querySelector('.banners').textContent"
                                ".includes('link that ./demo printed')"));
  EXPECT_EQ(browser().text("document.querySelector('[data-action=stop-all]').disabled"), "true");
}

TEST_F(PageStatesTest, StopAllFaultsIsTwoPressesOfEscape) {
  open_page();
  inject("payment", "freeze", "60s");
  ASSERT_EQ(truth("faults.on"), "1");
  browser().press({"Escape", "Escape"});
  EXPECT_TRUE(browser().becomes("document.querySelector('.banners').textContent"
                                ".includes('Stopped: 1')"));
  EXPECT_EQ(truth("faults.on"), "0");
}

}  // namespace
}  // namespace hailstorm::testing
