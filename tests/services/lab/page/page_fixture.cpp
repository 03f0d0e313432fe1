#include "tests/services/lab/page/page_fixture.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/support/await.h"

namespace hailstorm::testing {
namespace {

/// What the lab answers; the test fails with its words where it refuses.
json::Value value_of(Result<json::Value> answered) {
  if (!answered.ok()) throw std::runtime_error(answered.error().message());
  return std::move(*answered);
}

}  // namespace

std::unique_ptr<ServedLab> PageTest::lab_;
std::unique_ptr<WebDriver> PageTest::browser_;

void PageTest::SetUpTestSuite() {
  if (!WebDriver::missing().empty()) return;
  lab_ = std::make_unique<ServedLab>();
  browser_ = std::make_unique<WebDriver>();
}

void PageTest::TearDownTestSuite() {
  browser_.reset();
  lab_.reset();
}

void PageTest::SetUp() {
  if (const auto missing = WebDriver::missing(); !missing.empty()) GTEST_SKIP() << missing;
  browser_->resize(1280, 800);
  browser_->prefer({});
  static_cast<void>(browser_->console());
}

void PageTest::TearDown() {
  if (browser_ == nullptr) return;
  browser_->open("about:blank");
  browser_->devtools("Network.clearBrowserCookies", json::Value::object());
  value_of(lab_->client().post("/api/faults/reset", json::Value::object()));
  ride(0);
}

std::string PageTest::new_url() {
  return *value_of(lab_->client().post("/api/keys", json::Value::object())).find("url")->text();
}

void PageTest::open_page() {
  browser_->open(new_url());
  ASSERT_TRUE(
      browser_->becomes("document.documentElement.dataset.conn === 'live' && "
                        "document.documentElement.dataset.touch === 'yes'"))
      << browser_->text("document.documentElement.outerHTML.slice(0, 5000)");
}

void PageTest::open_to_look() {
  browser_->open(lab_->url());
  ASSERT_TRUE(browser_->becomes("document.documentElement.dataset.conn === 'live'"));
}

void PageTest::ride(double rate) { value_of(lab_->client().put("/api/traffic", {{"rate", rate}})); }

std::string PageTest::inject(const std::string& target, const std::string& action,
                             const std::string& duration) {
  const json::Value fault = {{"target", target}, {"action", action}, {"duration", duration}};
  return *value_of(lab_->client().post("/api/faults", fault)).find("id")->text();
}

std::string PageTest::truth(const std::string& path) {
  const auto frame = value_of(lab_->client().get("/api/state"));
  const json::Value* at = &frame;
  for (size_t begin = 0; begin <= path.size() && at != nullptr;) {
    const size_t end = std::min(path.find('.', begin), path.size());
    at = at->find(path.substr(begin, end - begin));
    begin = end + 1;
  }
  if (at == nullptr) return "";
  return at->text() != nullptr ? *at->text() : json::to_text(*at);
}

std::vector<std::string> PageTest::complaints() {
  std::vector<std::string> severe;
  for (const auto& line : browser_->console()) {
    if (line.starts_with("SEVERE")) severe.push_back(line);
  }
  return severe;
}

}  // namespace hailstorm::testing
