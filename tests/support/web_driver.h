#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/http/client.h"
#include "common/json/json.h"
#include "tests/support/child.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// How the browser's user likes pages.
struct PagePreferences {
  bool is_dark = false;
  bool has_forced_colors = false;
  bool has_reduced_motion = false;
};

/// A real Chromium that a test uses as a person does, over WebDriver (W3C). What the browser
/// refuses is thrown as std::runtime_error with the browser's own words, so that a test fails with
/// them.
///
/// Thread safety: not safe; the browser ends with this object.
class WebDriver {
 public:
  /// Nothing where there are both a Chromium and a chromedriver; else which one is missing.
  [[nodiscard]] static std::string missing();

  /// REQUIRES: missing() is empty.
  explicit WebDriver(int width = 1280, int height = 800);
  ~WebDriver();
  WebDriver(const WebDriver&) = delete;
  WebDriver& operator=(const WebDriver&) = delete;

  void open(const std::string& url);
  void reload();
  void resize(int width, int height);
  void prefer(const PagePreferences& preferences);

  /// What `script`, the body of a function, returns: "return document.title". `arguments` are its.
  json::Value run(const std::string& script, json::Value arguments = json::Value::array());
  /// The same of an expression, as text, whatever it is: text("document.title"), "true", "null".
  std::string text(const std::string& expression);
  double number(const std::string& expression);
  /// Whether the expression becomes true within `patience_ms`.
  bool becomes(const std::string& expression, int patience_ms = 30'000);

  /// The first element that the CSS selector finds.
  void click(const std::string& selector);
  /// Puts the focus into it and types.
  void type(const std::string& selector, const std::string& text);
  /// Keys on the element with the focus, one after the other: "a", "?", " ", "Escape", "Tab",
  /// "Shift+Tab", "Enter", "ArrowLeft", …
  void press(const std::vector<std::string>& keys);

  void save_screenshot(const std::filesystem::path& file);
  /// What the page has written to the console, and the browser about it, since the last call.
  std::vector<std::string> console();

  /// Another window of the same browser: it has the same cookies. The next calls are about it.
  std::string open_window();
  void use_window(const std::string& window);
  void close_window();  // the next call is use_window()
  std::string window();

  /// A command of Chromium's DevTools protocol.
  json::Value devtools(const std::string& command, json::Value parameters);
  /// The browser's processes, its driver's too.
  [[nodiscard]] pid_t driver_pid() const { return driver_.pid(); }

 private:
  json::Value ask(const std::string& method, const std::string& path,
                  const std::optional<json::Value>& body);
  json::Value post(const std::string& command, json::Value body);
  json::Value get(const std::string& command);
  std::string element(const std::string& selector);

  TempFolder folder_;
  int port_;
  Child driver_;
  http::Client client_;
  std::string session_;  // "/session/ID"
};

}  // namespace hailstorm::testing
