#include <algorithm>
#include <functional>
#include <gmock/gmock.h>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/services/lab/page/axe.h"
#include "tests/services/lab/page/page_fixture.h"
#include "tests/support/await.h"

/// The page for everyone: by keyboard, without motion, in any colours, read out.
namespace hailstorm::testing {
namespace {

using ::testing::IsEmpty;

const std::string kMarks = "document.documentElement.dataset.";

class PageAccessTest : public PageTest {
 protected:
  static std::string focus() {
    return browser().text(
        "(document.activeElement.getAttribute('aria-label') ?? "
        "document.activeElement.textContent).trim()");
  }
};

TEST_F(PageAccessTest, AxeFindsNothingWrongInAnyStateAndAnyColours) {
  if (const auto why_not = Axe::install(); !why_not.empty()) GTEST_SKIP() << why_not;
  const auto check = [](const std::string& state) { Axe::expect_nothing(browser(), state); };
  open_to_look();
  check("look only");
  open_page();
  check("without rides");
  ride(40);
  inject("payment", "freeze", "60s");
  ASSERT_TRUE(browser().becomes("document.querySelector('[data-rate]').dataset.rate === '40'"));
  check("live, with a fault");
  for (const char* tab : {"log", "blast", "lessons", "experiments"}) {
    browser().click(std::string("#tab-") + tab);
    check(tab);
  }
  for (const char* drawer : {"passport", "letters", "audit"}) {
    browser().click(std::string("[data-drawer=") + drawer + "]");
    check(drawer);
  }
  browser().press({"?"});
  ASSERT_TRUE(browser().becomes("document.querySelector('dialog')?.open"));
  check("the list of keys");
  browser().press({"Escape"});
  browser().press({"Space"});
  check("paused");
  browser().press({"Space"});
  lab().process().freeze();
  ASSERT_TRUE(browser().becomes(kMarks + "conn === 'lost'"));
  check("lost");
  lab().process().thaw();
  ASSERT_TRUE(browser().becomes(kMarks + "conn === 'live'"));
}

TEST_F(PageAccessTest, TabReachesEveryControlInItsOrderAndTheFocusIsSeen) {
  open_page();
  const double controls = browser().number(
      "[...document.querySelectorAll('#page button, #page input, #page select, #page summary')]"
      ".filter(one => !one.disabled && one.tabIndex >= 0 && one.checkVisibility()).length");
  ASSERT_GT(controls, 8);
  browser().run(
      "globalThis.reached = new Set(); document.addEventListener('focusin', event => "
      "reached.add(event.target)); globalThis.unseen = []");
  for (int i = 0; i < static_cast<int>(controls) + 5; ++i) {
    browser().press({"Tab"});
    browser().run(
        "const style = getComputedStyle(document.activeElement);"
        "if (document.activeElement !== document.body && style.outlineStyle === 'none') "
        "unseen.push(document.activeElement.outerHTML.slice(0, 200))");
  }
  EXPECT_GE(browser().number("reached.size"), controls);
  EXPECT_EQ(browser().text("unseen.join()"), "");
}

TEST_F(PageAccessTest, ArrowsGoFromTabToTabAndNumbersChooseOne) {
  open_page();
  browser().click("#tab-services");
  browser().press({"ArrowRight"});
  EXPECT_EQ(focus(), "Log");
  EXPECT_TRUE(browser().becomes("document.querySelector('[aria-selected=true]').id === 'tab-log'"));
  browser().press({"ArrowLeft", "ArrowLeft"});
  EXPECT_EQ(focus(), "Experiments");
  browser().press({"1"});
  EXPECT_TRUE(
      browser().becomes("document.querySelector('[aria-selected=true]').id === 'tab-services'"));
}

TEST_F(PageAccessTest, TheTabIsInTheAddressSoThatItCanBeShared) {
  open_page();
  browser().press({"2"});
  EXPECT_TRUE(browser().becomes("location.hash === '#tab=log'"));
  browser().open("about:blank");
  browser().open(lab().url() + "/#tab=log");
  EXPECT_TRUE(
      browser().becomes("document.querySelector('[aria-selected=true]')?.id === 'tab-log'"));
}

TEST_F(PageAccessTest, TheListOfKeysOpensAndClosesByKeyboard) {
  open_page();
  browser().press({"?"});
  ASSERT_TRUE(browser().becomes("document.querySelector('dialog')?.open"));
  EXPECT_TRUE(
      browser().becomes("document.querySelector('dialog').textContent.includes('Esc Esc')"));
  browser().press({"Escape"});
  EXPECT_TRUE(browser().becomes("!document.querySelector('dialog')?.open"));
}

TEST_F(PageAccessTest, ATeacherPlaysTheStoryWithOneKey) {
  open_page();
  browser().press({"p", "."});
  EXPECT_TRUE(browser().becomes(kMarks + "presenter === 'yes'"));
  EXPECT_TRUE(
      browser().becomes("document.querySelector('.banners').textContent.includes('Step 1 of 7')"));
  EXPECT_TRUE(browser().becomes("document.querySelector('[data-rate]').dataset.rate === '40'"));
  browser().press({"."});
  EXPECT_TRUE(
      browser().becomes("document.querySelector('.banners').textContent.includes('Step 2 of 7')"));
  EXPECT_TRUE(await([] { return truth("processes.notification.state") == "exited"; }));
}

TEST_F(PageAccessTest, WithReducedMotionNothingMoves) {
  browser().prefer({.has_reduced_motion = true});
  open_page();
  ride(40);
  EXPECT_EQ(browser().text(kMarks + "motion"), "still");
  EXPECT_EQ(browser().text("document.getAnimations().length"), "0");
  browser().prefer({});
  EXPECT_TRUE(browser().becomes(kMarks + "motion === 'moving'"));
  browser().press({"m"});
  EXPECT_TRUE(browser().becomes(kMarks + "motion === 'still'"));
}

/// What the browser has requested of the page so far, besides the lab's API.
constexpr const char* kRequests =
    "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
    ".filter(one => !one.name.includes('/api/'))";
const std::string kBytes = ".reduce((sum, one) => sum + one.decodedBodySize, 0)";

/// Whether each canvas shows something.
constexpr const char* kAllIsDrawn =
    "[...document.querySelectorAll('canvas')].length === 3 && "
    "[...document.querySelectorAll('canvas')].every(one => one.width > 0 && one.getContext('2d')"
    ".getImageData(0, 0, one.width, one.height).data.some(part => part !== 0))";

/// With a lab of its own: chips of faults that ended a moment ago are a part of the view, too.
class PageFirstViewTest : public PageTest {};

TEST_F(PageFirstViewTest, TheFirstViewIsFewAndSmallFilesAndNothingMoreComesWithoutAClick) {
  ride(40);
  ASSERT_TRUE(await([] { return truth("lanes.log.rate") != "0.0"; }));
  for (const bool may_change : {false, true}) {
    browser().open("about:blank");  // else it is the same page, and loads nothing
    if (may_change) {
      open_page();
    } else {
      open_to_look();
    }
    ASSERT_TRUE(browser().becomes(kAllIsDrawn));
    const double seq = browser().number("Number(" + kMarks + "seq)");
    ASSERT_TRUE(browser().becomes(kMarks + "seq > " + std::to_string(seq + 15)));
    const std::string files = kRequests;
    EXPECT_LT(browser().number(files + ".length"), 16)
        << browser().text(files + ".map(one => one.name).join('\\n')");
    EXPECT_LT(browser().number(files + kBytes), 150'000);
    std::cout << "the first view has " << browser().number(files + kBytes) << " bytes in "
              << browser().number(files + ".length") << " files\n";
  }
}

TEST_F(PageFirstViewTest, TheFirstPictureComesSoon) {
  std::vector<double> paint_ms;
  for (int i = 0; i < 5; ++i) {
    open_to_look();
    paint_ms.push_back(
        browser().number("performance.getEntriesByName('first-contentful-paint')[0].startTime"));
    browser().open("about:blank");
  }
  std::sort(paint_ms.begin(), paint_ms.end());
  std::cout << "the first picture after " << paint_ms[2] << " ms, median of five\n";
  EXPECT_LT(paint_ms[2], 3'000) << "300 ms on a machine that does nothing else";
}

TEST_F(PageAccessTest, AtNoWidthIsThereAnythingToScrollToTheSide) {
  open_page();
  ride(40);
  for (const auto& [width, height] :
       std::vector<std::pair<int, int>>{{1280, 800}, {900, 700}, {1920, 1080}, {600, 900}}) {
    browser().resize(width, height);
    EXPECT_TRUE(browser().becomes("innerWidth === " + std::to_string(width)));
    EXPECT_EQ(browser().text("document.documentElement.scrollWidth"), std::to_string(width));
  }
}

}  // namespace
}  // namespace hailstorm::testing
