#include "tests/recipes/recipe.h"

#include <fmt/format.h>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "common/base/enum_name.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kBuildTimeoutMs = 300'000;
const fs::path kSource = HAILSTORM_SOURCE_DIR;
const fs::path kBuild = HAILSTORM_BUILD_DIR;

void write_text(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

/// The lines of `text` with `more` above the first that holds `mark`; empty: none holds it.
std::string insert_above(const std::string& mark, const std::string& text,
                         const std::string& more) {
  const size_t found = text.find(mark);
  if (found == std::string::npos) return {};
  const size_t line = text.rfind('\n', found) + 1;
  return text.substr(0, line) + more + text.substr(line);
}

Status run_step(const std::vector<std::string>& command) {
  const auto done = run_program(command, "", kBuildTimeoutMs);
  if (done.exit_code == 0) return {};
  const std::string said = done.out + done.err;
  constexpr size_t kShown = 6'000;
  return Error(RecipeErrc::not_built, said.substr(said.size() - std::min(said.size(), kShown)));
}

}  // namespace

std::string_view name_of(RecipeErrc code) { return enum_name(code); }

Recipe::Recipe() {
  fs::create_directories(source_folder());
  for (const char* part : {"CMakeLists.txt", "common", "broker", "services"}) {
    fs::copy(kSource / part, source_folder() / part, fs::copy_options::recursive);
  }
}

Status Recipe::apply(const std::vector<CodeBlock>& blocks) {
  for (const auto& block : blocks) HAIL_RETURN_IF_ERROR(apply(block));
  return {};
}

Status Recipe::apply(const CodeBlock& block) {
  if (block.language != "cpp" && block.language != "cmake") return {};
  const size_t first_end = block.text.find('\n');
  const std::string first = block.text.substr(0, first_end);
  const std::string rest = block.text.substr(first_end + 1);
  static const std::regex kFirst(R"((?://|#) ([^ ,]+)(?:, (above: (.+)|at the end))?)");
  std::smatch found;
  if (!std::regex_match(first, found, kFirst)) {
    return Error(RecipeErrc::not_understood, "the first line names no file: " + first);
  }
  const fs::path file = source_folder() / std::string(found[1]);
  const std::string before = read_text(file);
  std::string after = rest;
  if (found[2].matched) {
    after = found[3].matched ? insert_above(found[3], before, rest) : before + rest;
  }
  if (found[2].matched == before.empty() || after.empty()) {
    return Error(RecipeErrc::not_understood, first + ": there is no such place");
  }
  write_text(file, after);
  changed_.push_back(found[1]);
  return {};
}

Status Recipe::configure() const {
  return run_step({"/usr/bin/env", "cmake", "-G", "Ninja", "-S", source_folder(), "-B",
                   build_folder(), "-DHAILSTORM_TESTS=OFF",
                   "-DCMAKE_BUILD_TYPE=" HAILSTORM_BUILD_TYPE,
                   "-DHAILSTORM_SANITIZE=" HAILSTORM_SANITIZERS,
                   "-DCCACHE=" + (kSource / "tests/recipes/take-object").string()});
}

/// Objects of this test's own build that contain a changed file. The copy compiles them again;
/// tests/recipes/take-object, which runs in the place of ccache, copies all others.
void Recipe::list_objects_to_compile() const {
  const auto deps = run_program({"/usr/bin/env", "ninja", "-C", kBuild, "-t", "deps"});
  std::set<fs::path> changed;
  for (const auto& file : changed_) changed.insert(kSource / file);
  std::istringstream lines(deps.out);
  std::string object;
  std::string list;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(": #deps ") != std::string::npos) object = line.substr(0, line.find(':'));
    if (!line.starts_with("    ")) continue;
    const fs::path file = (kBuild / line.substr(4)).lexically_normal();
    if (changed.contains(file)) list += object + "\n";
  }
  write_text(build_folder() / "objects-to-compile", list);
}

Status Recipe::build(const std::vector<std::string>& targets) {
  HAIL_RETURN_IF_ERROR(configure());
  list_objects_to_compile();
  std::vector<std::string> command = {"/usr/bin/env",
                                      "TAKE_FROM_BUILD=" + kBuild.string(),
                                      "TAKE_FROM_SOURCE=" + kSource.string(),
                                      "RECIPE_SOURCE=" + source_folder().string(),
                                      "ninja",
                                      "-C",
                                      build_folder()};
  command.insert(command.end(), targets.begin(), targets.end());
  return run_step(command);
}

}  // namespace hailstorm::testing
