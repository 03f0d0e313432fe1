#include "tests/services/lab/page/pictures.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/services/lab/page/live_fixture.h"
#include "tests/support/run_program.h"

/// A recording shows the same page always: as it is kept in the tree, element by element, and as
/// the documents have it, in pictures. `PAGE_PICTURES=write ./test --page page_pictures_run` makes
/// both again.
namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = HAILSTORM_SOURCE_DIR;
const fs::path kGolden = kTree / "tests/services/lab/page/frames/payment_freezes.dom";

struct Picture {
  const char* file;
  int width;
  int height;
  bool is_dark;
};
const std::vector<Picture> kPictures = {{"mission-control.png", 1280, 800, false},
                                        {"mission-control-narrow.png", 900, 700, false},
                                        {"mission-control-wide.png", 1920, 1080, true}};

/// Each element of the page on a line of its own, with its attributes and texts. Without what is of
/// this run alone: the lab's port, sizes that follow from fonts, what is drawn on canvases.
constexpr const char* kOutline = R"js(
  const lines = [];
  const clean = (text) =>
    text.replaceAll(location.origin, 'http://LAB').replace(/\s+/g, ' ').trim();
  const put = (depth, text) => {  // in lines of at most 100 columns
    const room = 98 - depth;
    for (let at = 0; at < text.length; at += room) {
      lines.push(' '.repeat(at === 0 ? depth : depth + 2) + text.slice(at, at + room));
    }
  };
  const walk = (node, depth) => {
    if (node.nodeType === Node.TEXT_NODE && clean(node.data) !== '')
      put(depth, clean(node.data));
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const of_canvas = (name) => node.tagName === 'CANVAS' && /^(width|height|style)$/.test(name);
    const attributes = [...node.attributes]
      .filter(({name}) => !of_canvas(name))
      .map(({name, value}) => ` ${name}="${clean(value)}"`).sort();
    put(depth, `<${node.tagName.toLowerCase()}${attributes.join('')}>`);
    for (const child of node.childNodes) walk(child, depth + 1);
  };
  walk(document.getElementById('page'), 0);
  return lines.join('\n') + '\n';
)js";

/// The first line in which they differ, from both.
std::string first_difference(const std::string& golden, const std::string& now) {
  std::istringstream a(golden);
  std::istringstream b(now);
  std::string was;
  std::string is;
  for (int line = 1;; ++line) {
    const bool has_a = static_cast<bool>(std::getline(a, was));
    const bool has_b = static_cast<bool>(std::getline(b, is));
    if (!has_a && !has_b) return {};
    if (was != is || has_a != has_b) return fmt::format("line {}\nwas {}\nis  {}", line, was, is);
  }
}

class PicturesTest : public LivePageTest {
 protected:
  /// Four seconds after payment was frozen, with a ride that waits for it in focus.
  static void show_payment_frozen() {
    browser().devtools("Emulation.setTimezoneOverride", {{"timezoneId", "UTC"}});
    browser().prefer({.has_reduced_motion = true});
    open_page();
    ASSERT_TRUE(browser().becomes("document.querySelector('[data-fault-button]') !== null"));
    drop(recording());
    ASSERT_TRUE(browser().becomes(kMode + " === 'replaying'"));
    press_times("ArrowRight", 25);
    ASSERT_TRUE(browser().becomes("document.querySelector('[data-fault]') !== null"));
    settle();
  }
};

TEST_F(PicturesTest, ARecordedMomentIsTheSamePageElementByElement) {
  show_payment_frozen();
  const std::string now = *browser().run(kOutline).text();
  if (writes_pictures()) std::ofstream(kGolden) << now;
  EXPECT_EQ(first_difference(read_text(kGolden), now), "")
      << "PAGE_PICTURES=write ./test --page page_pictures_run, where it has changed on purpose";
}

TEST_F(PicturesTest, TheDocumentsHaveThatMomentInThreeSizes) {
  show_payment_frozen();
  for (const auto& [file, width, height, is_dark] : kPictures) {
    browser().prefer({.is_dark = is_dark, .has_reduced_motion = true});
    keep_picture(browser(), file, width, height);
    const fs::path taken = program_folder().parent_path() / "pictures" / file;
    if (writes_pictures()) {
      fs::copy_file(taken, kTree / "docs/images" / file, fs::copy_options::overwrite_existing);
    }
    EXPECT_EQ(size_of_png(taken), std::pair(width, height));
    EXPECT_EQ(size_of_png(kTree / "docs/images" / file), std::pair(width, height)) << file;
  }
}

}  // namespace
}  // namespace hailstorm::testing
