#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <stdexcept>
#include <string>

#include "tests/services/lab/page/panels_fixture.h"

/// Faults of the page in a real browser: what it says against what the agents say.
namespace hailstorm::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(PanelsTest, EachFaultButtonIsTrueAtTheAgentAndThePageSaysSoWithinASecond) {
  open_page();
  for (const char* action : {"freeze", "slow", "kill", "restart"}) {
    expect_true_to_the_agent("payment", action);
  }
  expect_true_to_the_agent("broker", "freeze");
  for (const char* action : {"timeout", "latency"}) {
    expect_true_to_the_agent("payment:broker", action);
  }
}

TEST_F(PanelsTest, TheFormInjectsWhatHasNoButtonWithItsAttributes) {
  open_page();
  const std::string place = R"(.faults-of[data-target="gateway:matching"])";
  press_button(place + " [data-fault-form]");
  press_button(place + R"( input[value="bandwidth"])");
  ASSERT_TRUE(has(place + R"( input[name="rate_kb_s"])"));
  browser().type(place + R"( input[name="rate_kb_s"])", "7");  // after the usual 4
  EXPECT_TRUE(browser().becomes(quoted(place + " .curl code") +
                                "?.textContent.includes('\"rate_kb_s\":47')"))
      << text_at(place);
  press_button(place + " button.main");
  EXPECT_TRUE(await([&] { return is_at_agent("gateway:matching", "bandwidth", "proven"); }));
  const json::Value faults = get("/api/faults");
  const json::Value& last = faults.find("faults")->elements()->back();
  EXPECT_EQ(last.find("attributes")->find("rate_kb_s")->integer(), 47);
  EXPECT_EQ(*last.find("by")->text(), "mission control");
}

TEST_F(PanelsTest, ARefusalIsShownBesideItsButtonWithTheHolder) {
  open_page();
  const json::Value held = {
      {"target", "payment"}, {"action", "freeze"}, {"duration", "30s"}, {"by", "lesson 2"}};
  ASSERT_TRUE(lab().client().post("/api/faults", held).ok());
  const std::string row = R"([data-process="payment"])";
  press_button(row + R"( [data-fault-button="freeze"])");
  ASSERT_TRUE(has(row + R"( .problem[data-status="409"])"));
  EXPECT_NE(text_at(row + " .problem").find("lesson 2"), std::string::npos)
      << text_at(row + " .problem");
  EXPECT_EQ(browser().number("document.querySelectorAll('[data-phase=\"asked\"]').length"), 0)
      << "what was refused has no chip";
}

TEST_F(PanelsTest, AFaultThatSomebodyUndoesIsSaidToBeNotProvenWithWhatWasProbed) {
  open_page();
  const auto payment = static_cast<pid_t>(std::stol(truth("processes.payment.pid")));
  press_button(R"([data-process="payment"] [data-fault-button="freeze"])");
  EXPECT_TRUE(await([&] {
    ::kill(payment, SIGCONT);
    return is_at_agent("payment", "freeze", "not_proven");
  }));
  const std::string chip = chip_of("payment", "freeze", "not_proven");
  ASSERT_TRUE(has(chip, milliseconds(1'000))) << text_at("[data-panel=\"faults\"]");
  EXPECT_EQ(browser().text(quoted(chip) + ".dataset.hue"), "bad");
  EXPECT_NE(text_at(chip).find("NOT PROVEN"), std::string::npos) << text_at(chip);
  EXPECT_NE(text_at("[data-panel=\"faults\"]").find("1 fault is on, 1 NOT PROVEN"),
            std::string::npos);
  EXPECT_NE(text_at("[data-proof-of]").find(fmt::format("/proc/{}/status says", payment)),
            std::string::npos)
      << text_at("[data-panel=\"faults\"]");
}

TEST_F(PanelsTest, AFaultEndsInTimeAlthoughTheBrowserIsGone) {
  WebDriver other;
  other.open(new_url());
  const std::string freeze = R"([data-process="payment"] [data-fault-button="freeze"])";
  ASSERT_TRUE(other.becomes(quoted(freeze + ":not(:disabled)") + " !== null"));
  other.run(
      "const s = document.querySelector('[data-duration]'); s.value = '5s';"
      "s.dispatchEvent(new Event('change'));");
  other.click(freeze);
  ASSERT_TRUE(await([] { return is_at_agent("payment", "freeze", "proven"); }));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THROW(other.devtools("Browser.crash", json::Value::object()), std::runtime_error);
  EXPECT_EQ(truth("processes.payment.state"), "frozen");
  EXPECT_TRUE(await([] { return is_at_agent("payment", "freeze", "proven_off"); }, seconds(10)));
  EXPECT_GT(std::chrono::steady_clock::now() - began, seconds(3)) << "it was not the browser's end";
}

TEST_F(PanelsTest, AFaultIsInjectedAndEndedByKeyboardAlone) {
  open_page();
  ASSERT_TRUE(has(R"([data-process="payment"] [data-fault-button="freeze"]:not(:disabled))"));
  const auto tab_to = [](const std::string& selector) {
    for (int i = 0; i < 150; ++i) {
      browser().press({"Tab"});
      if (browser().text("document.activeElement.matches('" + selector + "')") == "true")
        return true;
    }
    return false;
  };
  ASSERT_TRUE(tab_to(R"([data-process="payment"] [data-fault-button="freeze"])"));
  browser().press({"Enter"});
  ASSERT_TRUE(has(chip_of("payment", "freeze", "proven")));
  ASSERT_TRUE(tab_to("[data-revert]"));
  browser().press({"Enter"});
  EXPECT_TRUE(has(chip_of("payment", "freeze", "proven_off")));
}

TEST_F(PanelsTest, APageThatOnlyLooksHasItsButtonsOffAndSaysWhy) {
  open_to_look();
  ASSERT_TRUE(has(R"([data-process="payment"] [data-fault-button="freeze"])"));
  EXPECT_EQ(browser().number("[...document.querySelectorAll('[data-fault-button]')]"
                             ".filter((one) => !one.disabled || !one.title).length"),
            0)
      << "each is off, and says why";
  EXPECT_TRUE(complaints().empty());
}

}  // namespace
}  // namespace hailstorm::testing
