#include <fmt/format.h>
#include <gmock/gmock.h>
#include <string>

#include "tests/services/lab/page/live_fixture.h"

/// Lanes and city: real rides, and what became of them.
namespace hailstorm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(LivePageTest, WaitingRidesAreShownWhereTheyWaitAndFailedOnesWhereTheyFailed) {
  open_page();
  ride(40);
  ASSERT_TRUE(browser().becomes(figure("chain", "accepted") + ".includes('100')"));
  inject("payment", "freeze", "60s");
  EXPECT_TRUE(browser().becomes("parseInt(" + figure("log", "waiting") + ") > 20 && " +
                                figure("log", "waiting") + ".includes('payment')"));
  EXPECT_TRUE(browser().becomes(figure("chain", "accepted") + ".trim() === '0 %'"));
  EXPECT_THAT(browser().text(figure("log", "accepted")), HasSubstr("100 %"));
  EXPECT_GT(std::stoi(truth("lanes.log.waiting.payment")), 20);
  browser().run(
      "[...document.querySelectorAll('[data-panel=lanes] button')]"
      ".find((one) => one.textContent.includes('table')).click()");
  EXPECT_TRUE(browser().becomes(
      "[...document.querySelectorAll('tr[data-ride]')].some((row) => row.dataset.chain === "
      "'failed' && row.dataset.log === 'matched' && row.textContent.includes('at payment'))"));
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(LivePageTest, TheRideAtAPointIsTheOneThatIsDrawnThere) {
  browser().prefer({.has_reduced_motion = true});
  open_page();
  drop(recording());
  press_times("ArrowRight", 25);
  settle();
  const auto found = browser().run(
      "return import('/page/panels/lanes.js').then(({dots_now}) => {"
      "  const box = document.querySelector('canvas[data-canvas=lanes]').getBoundingClientRect();"
      "  const dot = dots_now().find((one) => one.shape === 'circle');"
      "  return {id: dot.id, x: box.x + dot.x, y: box.y + dot.y}; });");
  for (const char* type : {"mousePressed", "mouseReleased"}) {
    browser().devtools("Input.dispatchMouseEvent", {{"type", type},
                                                    {"x", found.find("x")->number().value()},
                                                    {"y", found.find("y")->number().value()},
                                                    {"button", "left"},
                                                    {"clickCount", 1}});
  }
  EXPECT_TRUE(browser().becomes("document.querySelector('.focus').dataset.ride === '" +
                                *found.find("id")->text() + "'"));
}

/// How often a canvas changed while its frame did not, over 40 pictures.
constexpr const char* kChangesWithinAFrame = R"(
  return new Promise((done) => {
    let changes = 0, left = 40, seq = '', image = '';
    const look = () => {
      const now = document.documentElement.dataset.seq;
      const all = [...document.querySelectorAll('canvas')].map((one) => one.toDataURL()).join();
      if (now === seq && all !== image) changes += 1;
      seq = now;
      image = all;
      if (--left === 0) done(changes);
      else setTimeout(look, 50);
    };
    look();
  });)";

TEST_F(LivePageTest, WithoutMotionNothingMovesBetweenTwoFrames) {
  open_page();
  ride(40);
  ASSERT_TRUE(browser().becomes(figure("log", "rate") + ".startsWith('3')"));
  EXPECT_GT(browser().run(kChangesWithinAFrame).number(), 5) << "dots move";
  browser().prefer({.has_reduced_motion = true});
  ASSERT_TRUE(browser().becomes("document.documentElement.dataset.motion === 'still'"));
  settle();
  // One: the browser may paint a frame just after its number was read.
  EXPECT_LE(browser().run(kChangesWithinAFrame).number(), 1);
}

}  // namespace
}  // namespace hailstorm::testing
