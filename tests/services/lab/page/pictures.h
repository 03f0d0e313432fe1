#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "tests/support/web_driver.h"

namespace hailstorm::testing {

/// Whether this run writes the golden files and pictures of the tree instead of comparing them.
[[nodiscard]] bool writes_pictures();

/// A picture of the page at that size, for somebody who looks at it: in build/…/pictures/NAME.
void keep_picture(WebDriver& browser, const std::string& name, int width, int height);

/// Width and height that a PNG says in its head; {0, 0}: it is none.
[[nodiscard]] std::pair<int, int> size_of_png(const std::filesystem::path& file);

}  // namespace hailstorm::testing
