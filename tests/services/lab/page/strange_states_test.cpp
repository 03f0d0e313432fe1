#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "tests/services/lab/page/axe.h"
#include "tests/services/lab/page/live_fixture.h"
#include "tests/services/lab/page/panels_fixture.h"
#include "tests/support/raw_client.h"

/// The states that a page has seldom, for everyone.
namespace hailstorm::testing {
namespace {

const std::string kConn = "document.documentElement.dataset.conn";

class StrangeStatesTest : public PanelsTest {
 protected:
  void SetUp() override {
    PanelsTest::SetUp();
    if (IsSkipped()) return;
    if (const auto why_not = Axe::install(); !why_not.empty()) GTEST_SKIP() << why_not;
  }
  static void check(const std::string& state) { Axe::expect_nothing(browser(), state); }
};

TEST_F(StrangeStatesTest, AxeFindsNothingWrongWithARefusalAndAFaultThatIsNotProven) {
  open_page();
  const auto payment = static_cast<pid_t>(std::stol(truth("processes.payment.pid")));
  const std::string freeze = R"([data-process="payment"] [data-fault-button="freeze"])";
  press_button(freeze);
  ASSERT_TRUE(await([&] {
    ::kill(payment, SIGCONT);
    return is_at_agent("payment", "freeze", "not_proven");
  }));
  ASSERT_TRUE(has(chip_of("payment", "freeze", "not_proven")));
  check("not proven, with its proof");
  press_button(freeze);
  ASSERT_TRUE(has(R"([data-process="payment"] .problem[data-status="409"])"));
  press_button(R"([data-process="gateway"] [data-fault-form])");
  ASSERT_TRUE(has(R"([data-process="gateway"] .fault-form)"));
  check("refused, and a form");
}

TEST_F(StrangeStatesTest, AxeFindsNothingWrongWithWhatIsOpenedSeldom) {
  open_page();
  ride(20);
  open_tab("log");
  press_button(R"([data-group="payment"] [data-rewind-button])");
  ASSERT_TRUE(has("[data-rewind] [name=place]"));
  browser().run(
      "const place = document.querySelector('[data-rewind] [name=place]');"
      "place.value = 'each'; place.dispatchEvent(new Event('change'));");
  ASSERT_TRUE(has("[data-place] input"));
  check("a place for each partition");
  open_tab("lessons");
  press_button("li[data-lesson='9-queue-or-log'] button");
  press_button("[data-action=run]");
  ASSERT_TRUE(has("[data-panel=lessons] [role=alert]"));
  check("a lesson without answers");
  browser().run(
      "[...document.querySelectorAll('.top button')].find((one) => "
      "one.textContent.includes('Storm')).click()");
  ASSERT_TRUE(has("[data-preset=Drizzle]"));
  check("the storm's drawer");
}

TEST_F(StrangeStatesTest, AxeFindsNothingWrongWithoutTheBrokerAndWithoutAPlace) {
  open_page();
  inject("broker", "freeze", "60s");
  ASSERT_TRUE(browser().becomes(kConn + " === 'unreachable'"));
  check("without the broker");
  browser().devtools("Network.clearBrowserCookies", json::Value::object());
  browser().open("about:blank");
  std::vector<std::unique_ptr<RawClient>> viewers;
  for (int i = 0; i < 4; ++i) {
    viewers.push_back(std::make_unique<RawClient>(lab().port()));
    viewers.back()->send("GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    static_cast<void>(viewers.back()->read_until("data:"));
  }
  browser().open(lab().url());
  ASSERT_TRUE(browser().becomes(kConn + " === 'full'"));
  check("too many viewers");
}

class StrangeRecordingTest : public LivePageTest {};

TEST_F(StrangeRecordingTest, AxeFindsNothingWrongWithARecording) {
  if (const auto why_not = Axe::install(); !why_not.empty()) GTEST_SKIP() << why_not;
  open_page();
  drop(recording());
  ASSERT_TRUE(browser().becomes(kMode + " === 'replaying'"));
  press_times("ArrowRight", 25);
  Axe::expect_nothing(browser(), "replaying");
}

}  // namespace
}  // namespace hailstorm::testing
