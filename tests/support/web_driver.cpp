#include "tests/support/web_driver.h"

#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/base64.h"
#include "tests/support/browser.h"
#include "tests/support/free_ports.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

constexpr int kAnswerWithinMs = 60'000;
// Of an element in WebDriver's JSON.
constexpr const char* kElement = "element-6066-11e4-a52e-4f735466cecf";

/// Where PATH has it; empty: nowhere.
std::string find_driver() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder + "/chromedriver";
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

/// WebDriver has characters of its own for keys that write nothing.
std::string code_of(const std::string& key) {
  static const std::map<std::string, std::string> codes = {
      {"Tab", "\uE004"},      {"Enter", "\uE007"},      {"Shift", "\uE008"},
      {"Control", "\uE009"},  {"Alt", "\uE00A"},        {"Escape", "\uE00C"},
      {"End", "\uE010"},      {"Home", "\uE011"},       {"ArrowLeft", "\uE012"},
      {"ArrowUp", "\uE013"},  {"ArrowRight", "\uE014"}, {"ArrowDown", "\uE015"},
      {"Delete", "\uE017"},   {"Backspace", "\uE003"},  {"Space", " "},
      {"PageDown", "\uE00F"}, {"PageUp", "\uE00E"},
  };
  const auto found = codes.find(key);
  return found == codes.end() ? key : found->second;
}

void add_action(json::Value& actions, const char* type, const std::string& key) {
  actions.push_back({{"type", type}, {"value", code_of(key)}});
}

/// "Shift+Tab": the first is held while the second is pressed.
void add_press(json::Value& actions, const std::string& key) {
  const size_t plus = key.find('+');
  if (plus == std::string::npos || plus + 1 == key.size()) {
    add_action(actions, "keyDown", key);
    add_action(actions, "keyUp", key);
    return;
  }
  add_action(actions, "keyDown", key.substr(0, plus));
  add_press(actions, key.substr(plus + 1));
  add_action(actions, "keyUp", key.substr(0, plus));
}

/// Without a network beyond this machine, without first-run pages, with a fresh profile.
json::Value capabilities(const std::string& browser, const std::string& profile, int width,
                         int height) {
  const std::vector<std::string> arguments = {"--headless",
                                              "--no-sandbox",
                                              "--disable-gpu",
                                              "--disable-dev-shm-usage",
                                              "--no-first-run",
                                              "--disable-background-networking",
                                              "--disable-component-update",
                                              "--disable-sync",
                                              "--force-device-scale-factor=1",
                                              "--hide-scrollbars",
                                              "--remote-debugging-pipe",
                                              "--user-data-dir=" + profile,
                                              fmt::format("--window-size={},{}", width, height)};
  const json::Value chrome = {{"binary", browser}, {"args", arguments}};
  const json::Value always = {{"browserName", "chrome"},
                              {"goog:chromeOptions", chrome},
                              {"goog:loggingPrefs", {{"browser", "ALL"}}}};
  return {{"capabilities", {{"alwaysMatch", always}}}};
}

std::string text_of(const json::Value& value) {
  return value.text() != nullptr ? *value.text() : json::to_text(value);
}

}  // namespace

std::string WebDriver::missing() {
  if (!Browser::find()) return "there is no Chromium here; .ci/test-packages names it";
  if (find_driver().empty()) return "there is no chromedriver here; .ci/test-packages names it";
  return {};
}

WebDriver::WebDriver(int width, int height)
    : port_(free_port()),
      driver_({find_driver(), "--port=" + std::to_string(port_),
               "--log-path=" + (folder_.path() / "driver.log").string()}),
      client_({"127.0.0.1", port_}, kAnswerWithinMs) {
  const bool is_up = await([this] { return client_.get("/status").ok(); });
  if (!is_up) throw std::runtime_error("chromedriver does not answer");
  const auto profile = (folder_.path() / "profile").string();
  const auto begun =
      ask("POST", "/session", capabilities(Browser::find().value(), profile, width, height));
  session_ = "/session/" + *begun.find("sessionId")->text();
  resize(width, height);
}

WebDriver::~WebDriver() {
  http::Request end;
  end.method = "DELETE";
  end.path = session_;
  static_cast<void>(client_.send(end));  // the browser ends before its driver
}

json::Value WebDriver::ask(const std::string& method, const std::string& path,
                           const std::optional<json::Value>& body) {
  http::Request request;
  request.method = method;
  request.path = path;
  request.headers["Content-Type"] = "application/json";
  if (body) request.body = json::to_text(*body);
  const auto answer = client_.send(request);
  if (!answer.ok()) throw std::runtime_error(path + ": " + answer.error().message());
  const auto document = json::parse(answer->body, size_t{64} << 20);
  if (!document.ok() || document->find("value") == nullptr) {
    throw std::runtime_error(path + ": " + answer->body);
  }
  json::Value value = *document->find("value");
  if (answer->status == 200) return value;
  const json::Value* why = value.find("message");
  throw std::runtime_error(path + ": " + (why == nullptr ? answer->body : text_of(*why)));
}

json::Value WebDriver::post(const std::string& command, json::Value body) {
  return ask("POST", session_ + command, std::move(body));
}

json::Value WebDriver::get(const std::string& command) {
  return ask("GET", session_ + command, std::nullopt);
}

void WebDriver::open(const std::string& url) { post("/url", {{"url", url}}); }
void WebDriver::reload() { post("/refresh", json::Value::object()); }

void WebDriver::resize(int width, int height) {
  devtools("Emulation.setDeviceMetricsOverride",
           {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", false}});
}

void WebDriver::prefer(const PagePreferences& preferences) {
  json::Value features = json::Value::array();
  const auto add = [&features](const char* name, const char* value) {
    features.push_back({{"name", name}, {"value", value}});
  };
  add("prefers-color-scheme", preferences.is_dark ? "dark" : "light");
  add("forced-colors", preferences.has_forced_colors ? "active" : "none");
  add("prefers-reduced-motion", preferences.has_reduced_motion ? "reduce" : "no-preference");
  devtools("Emulation.setEmulatedMedia", {{"features", std::move(features)}});
}

json::Value WebDriver::run(const std::string& script, json::Value arguments) {
  return post("/execute/sync", {{"script", script}, {"args", std::move(arguments)}});
}

std::string WebDriver::text(const std::string& expression) {
  return text_of(run("return (" + expression + ")"));
}

double WebDriver::number(const std::string& expression) {
  const auto value = run("return (" + expression + ")");
  if (!value.number()) throw std::runtime_error(expression + " is " + json::to_text(value));
  return *value.number();
}

bool WebDriver::becomes(const std::string& expression, int patience_ms) {
  const auto is_true = [&] {
    return run("return Boolean(" + expression + ")").boolean().value_or(false);
  };
  return await(is_true, std::chrono::milliseconds(patience_ms));
}

std::string WebDriver::element(const std::string& selector) {
  const auto found = post("/element", {{"using", "css selector"}, {"value", selector}});
  return "/element/" + *found.find(kElement)->text();
}

void WebDriver::click(const std::string& selector) {
  post(element(selector) + "/click", json::Value::object());
}

void WebDriver::type(const std::string& selector, const std::string& text) {
  post(element(selector) + "/value", {{"text", text}});
}

void WebDriver::press(const std::vector<std::string>& keys) {
  json::Value actions = json::Value::array();
  for (const auto& key : keys) add_press(actions, key);
  json::Value sources = json::Value::array();
  sources.push_back({{"type", "key"}, {"id", "keyboard"}, {"actions", std::move(actions)}});
  post("/actions", {{"actions", std::move(sources)}});
}

void WebDriver::save_screenshot(const std::filesystem::path& file) {
  std::ofstream(file, std::ios::binary) << from_base64(*get("/screenshot").text());
}

std::vector<std::string> WebDriver::console() {
  const auto lines = post("/se/log", {{"type", "browser"}});
  std::vector<std::string> texts;
  for (const auto& line : *lines.elements()) {
    texts.push_back(text_of(*line.find("level")) + " " + text_of(*line.find("message")));
  }
  return texts;
}

std::string WebDriver::open_window() {
  const auto opened = post("/window/new", {{"type", "tab"}});
  const std::string window = *opened.find("handle")->text();
  use_window(window);
  return window;
}

void WebDriver::use_window(const std::string& window) { post("/window", {{"handle", window}}); }
void WebDriver::close_window() {
  static_cast<void>(ask("DELETE", session_ + "/window", std::nullopt));
}

std::string WebDriver::window() { return *get("/window").text(); }

json::Value WebDriver::devtools(const std::string& command, json::Value parameters) {
  return post("/goog/cdp/execute", {{"cmd", command}, {"params", std::move(parameters)}});
}

}  // namespace hailstorm::testing
