#pragma once

#include <map>
#include <string>

#include "tests/tidy/folder_map.h"

namespace hailstorm::tidy {

/// What the CMakeLists.txt files say of folders.
struct CmakeTargets {
  std::map<std::string, size_t, std::less<>> lines;  // folder with a target → its first one's line
  Arrows arrows;  // between folders of hailstorm_library and hailstorm_program, by LINKS and USES
  Complaints complaints;  // links to a hailstorm:: target that is not there
};

[[nodiscard]] CmakeTargets read_cmake_targets(const Tree& tree);

}  // namespace hailstorm::tidy
