#include <chrono>
#include <fmt/format.h>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "services/registry/services.h"
#include "tests/services/lab/page/page_fixture.h"
#include "tests/support/await.h"
#include "tests/support/run_program.h"

/// The panels that show the platform and change it, in a real browser: what the page says against
/// what the lab and its agents say.
namespace hailstorm::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class PanelsTest : public PageTest {
 protected:
  static json::Value get(const std::string& path) {
    auto answered = lab().client().get(path);
    EXPECT_TRUE(answered.ok()) << path << ": " << answered.error().message();
    return answered.ok() ? std::move(*answered) : json::Value();
  }

  /// Whether the last fault of this kind that the agents were asked for is in that phase.
  static bool is_at_agent(const std::string& target, const std::string& action,
                          const std::string& phase) {
    const json::Value all = get("/api/faults");
    std::string last;
    for (const auto& one : *all.find("faults")->elements()) {
      if (*one.find("target")->text() != target || *one.find("action")->text() != action) continue;
      last = *one.find("phase")->text();
    }
    return last == phase;
  }

  static std::string quoted(const std::string& selector) {
    return "document.querySelector(" + json::to_text(json::Value(selector)) + ")";
  }
  static bool has(const std::string& selector, milliseconds patience = seconds(30)) {
    return browser().becomes(quoted(selector) + " !== null", static_cast<int>(patience.count()));
  }
  static std::string text_at(const std::string& selector) {
    return browser().text(quoted(selector) + "?.textContent.replace(/\\s+/g, ' ').trim()");
  }
  /// As soon as it is there and can be used.
  static void press_button(const std::string& selector) {
    ASSERT_TRUE(has(selector + ":not(:disabled)")) << selector;
    browser().click(selector);
  }
  static void open_tab(const std::string& id) {
    browser().click("#tab-" + id);
    ASSERT_TRUE(has(fmt::format("[data-panel=\"{}\"]:not([hidden]) h2", id)));
  }
  static void open_drawer(const std::string& id) {
    browser().click(fmt::format("[data-drawer=\"{}\"]", id));
    ASSERT_TRUE(has(fmt::format("[data-panel=\"{}\"]:not([hidden]) h2", id)));
  }

  static std::string chip_of(const std::string& target, const std::string& action,
                             const std::string& phase) {
    return fmt::format(R"([data-fault][data-target="{}"][data-action="{}"][data-phase="{}"])",
                       target, action, phase);
  }

  /// Presses, waits for the truth, and expects the page to say it within a second, on and off.
  static void expect_true_to_the_agent(const std::string& target, const std::string& action) {
    SCOPED_TRACE(action + " of " + target);
    const std::string place =
        fmt::format(R"([data-panel="services"] .faults-of[data-target="{}"])", target);
    press_button(fmt::format("{} [data-fault-button=\"{}\"]", place, action));
    EXPECT_TRUE(await([&] { return is_at_agent(target, action, "proven"); }, seconds(10)));
    const std::string proven = chip_of(target, action, "proven");
    EXPECT_TRUE(has(proven, milliseconds(1'000))) << text_at("[data-panel=\"faults\"]");
    press_button(proven + " [data-revert]");
    EXPECT_TRUE(await([&] { return is_at_agent(target, action, "proven_off"); }));
    EXPECT_TRUE(has(chip_of(target, action, "proven_off"), milliseconds(1'000)))
        << text_at("[data-panel=\"faults\"]");
  }
};

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

TEST_F(PanelsTest, ARewindIsPreviewedAppliedAndProven) {
  open_page();
  ride(20);
  ASSERT_TRUE(await([] { return std::stod(truth("lanes.log.settled")) > 20; }));
  ride(0);
  open_tab("log");
  press_button(R"([data-group="payment"] [data-rewind-button])");
  const std::string form = R"([data-rewind="payment"])";
  press_button(form + " [data-preview]");
  ASSERT_TRUE(has(form + " [data-rewind-summary]"));
  EXPECT_NE(text_at(form + " [data-rewind-summary]").find("will be delivered again"),
            std::string::npos);
  const int epoch = std::stoi(truth("groups.payment.epoch"));
  EXPECT_EQ(text_at(R"([data-group="payment"])").find(fmt::format("e{}", epoch + 1)),
            std::string::npos)
      << "a preview changes nothing";
  press_button(form + " [data-apply]");
  ASSERT_TRUE(browser().becomes(
      "document.querySelectorAll('[data-rewind-proof] [data-step=\"done\"]').length === 3", 60'000))
      << text_at(form);
  EXPECT_GT(std::stoi(truth("groups.payment.epoch")), epoch);
  EXPECT_NE(text_at("[data-rewind-proof]").find("0 lost, 0 duplicated, 0 orphaned"),
            std::string::npos);
}

TEST_F(PanelsTest, APoisonedTopicMakesDeadLettersThatAreReplayed) {
  open_page();
  ASSERT_FALSE(lab().ask_for_a_ride("anna").empty());
  open_tab("log");
  press_button(R"([data-topic="ride_matched"] [data-fault-button="poison"])");
  open_drawer("letters");
  ASSERT_TRUE(has(R"([data-letter][data-replayed="no"])"));
  const std::string letter = browser().text(quoted("[data-letter]") + ".dataset.letter");
  press_button("[data-letter] [data-replay]");
  ASSERT_TRUE(has("[data-replayed-letters=\"1\"]")) << text_at("[data-panel=\"letters\"]");
  EXPECT_TRUE(has(fmt::format(R"([data-letter="{}"][data-replayed="yes"])", letter)));
  const json::Value letters = get("/api/dead-letters");
  bool is_replayed = false;
  for (const auto& one : *letters.find("dead_letters")->elements()) {
    if (*one.find("id")->text() == letter) is_replayed = *one.find("replayed")->boolean();
  }
  EXPECT_TRUE(is_replayed);
}

TEST_F(PanelsTest, WhatEventsSayIsTextAndFitsOnTheScreen) {
  ASSERT_FALSE(lab().ask_for_a_ride("bob").empty());
  const std::string html = "<img src=x onerror=\"document.title='taken over'\">";
  const std::string turned = "\u202eturned";
  const std::string input = html + "\n" + turned + "\n" + std::string(65'536, 'w') + "\n";
  const auto produced =
      run_program({(program_folder() / "hail").string(), "produce", "--broker",
                   fmt::format("hailstorm://127.0.0.1:{}",
                               lab().port() - registry::kLabPort + registry::kBrokerPort),
                   "--key", html, "ride_matched"},
                  input);
  ASSERT_EQ(produced.exit_code, 0) << produced.err;
  open_page();
  open_drawer("letters");
  ASSERT_TRUE(browser().becomes("document.querySelectorAll('[data-letter]').length >= 9"))
      << text_at("[data-panel=\"letters\"]");
  browser().run("for (const one of document.querySelectorAll('details')) one.open = true;");
  const std::string page = text_at("[data-panel=\"letters\"]");
  EXPECT_NE(page.find(html), std::string::npos) << page;
  EXPECT_NE(page.find("\\u202eturned"), std::string::npos) << "what turns text is shown";
  EXPECT_LT(page.size(), 40'000U) << "long values are cut";
  EXPECT_EQ(browser().number("document.querySelectorAll('#page img').length"), 0);
  EXPECT_NE(browser().text("document.title"), "taken over");
  EXPECT_LE(browser().number("document.documentElement.scrollWidth"), 1280);
}

TEST_F(PanelsTest, APassportIsReadAndAnAuditHasItsVerdict) {
  const std::string ride = lab().ask_for_a_ride("carla");
  open_page();
  open_drawer("passport");
  browser().type("input[name=\"ride\"]", ride);
  browser().press({"Enter"});
  ASSERT_TRUE(has("[data-passport] [data-what=\"handled\"]"))
      << text_at("[data-panel=\"passport\"]");
  EXPECT_NE(text_at("[data-panel=\"passport\"]").find("of carla"), std::string::npos);
  open_drawer("audit");
  press_button("[data-audit]");
  ASSERT_TRUE(has("[data-verdict]"));
  EXPECT_EQ(browser().text(quoted("[data-verdict]") + ".dataset.verdict") == "clean",
            get("/api/audit?running=true").find("clean")->boolean());
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
