#include "tests/support/browser.h"

#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <sstream>
#include <unistd.h>

#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

std::optional<std::string> first_of(std::initializer_list<const char*> names) {
  const char* path = std::getenv("PATH");
  for (const char* name : names) {
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
      const auto file = std::filesystem::path(folder) / name;
      if (::access(file.c_str(), X_OK) == 0) return file.string();
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> Browser::find() {
  return first_of({"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"});
}
std::optional<std::string> Browser::find_shell() { return first_of({"chromium-headless-shell"}); }

// Its own sandbox needs rights that a test has not everywhere. With a port for debugging it stays.
Browser::Browser(const std::string& program, const std::string& url, const std::string& host)
    : child_({program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
              "--no-first-run", "--remote-debugging-port=0",
              "--user-data-dir=" + (folder_.path() / "profile").string(),
              "--host-resolver-rules=MAP " + host + " 127.0.0.1", url},
             {.err = folder_.path() / "err"}) {}

std::string Browser::log() const { return read_text(folder_.path() / "err"); }

}  // namespace hailstorm::testing
