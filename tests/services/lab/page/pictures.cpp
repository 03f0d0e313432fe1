#include "tests/services/lab/page/pictures.h"

#include <cstdlib>
#include <string_view>
#include <utility>

#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

/// Until what is drawn has the size of the window, which may take a second without motion.
void settle(WebDriver& browser) {
  static_cast<void>(browser.becomes(
      "[...document.querySelectorAll('canvas')].every((one) => one.width === one.clientWidth)"));
  browser.run(
      "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => "
      "setTimeout(done, 100))));");
}

int big_endian(std::string_view bytes) {
  int value = 0;
  for (const char one : bytes) value = (value << 8) | static_cast<unsigned char>(one);
  return value;
}

}  // namespace

bool writes_pictures() {
  const char* how = std::getenv("PAGE_PICTURES");
  return how != nullptr && std::string_view(how) == "write";
}

void keep_picture(WebDriver& browser, const std::string& name, int width, int height) {
  const auto folder = program_folder().parent_path() / "pictures";
  std::filesystem::create_directories(folder);
  browser.resize(width, height);
  settle(browser);
  browser.save_screenshot(folder / name);
}

std::pair<int, int> size_of_png(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  if (!text.starts_with("\x89PNG") || text.size() < 24) return {0, 0};
  const std::string_view head(text);
  return {big_endian(head.substr(16, 4)), big_endian(head.substr(20, 4))};
}

}  // namespace hailstorm::testing
