#include <vector>

#include "tests/support/run_program.h"
#include "tests/tidy/rules.h"

namespace hailstorm::tidy {
namespace {

constexpr int kTimeoutMs = 60'000;

/// "path:line" of clang-format's "ROOT/path:line:column: error: …".
std::string place(std::string_view said, std::string_view root) {
  said.remove_prefix(root.size() + 1);
  const size_t path_end = said.find(':');
  return std::string(said.substr(0, said.find(':', path_end + 1)));
}

}  // namespace

Complaints check_format(const Tree& tree, const std::filesystem::path& root,
                        const std::filesystem::path& program) {
  std::vector<std::string> arguments = {program.string(), "--dry-run", "-Werror"};
  for (const auto& [path, text] : tree) {
    if (has_ending(path, {".h", ".cpp"})) arguments.push_back((root / path).string());
  }
  const auto result = testing::run_program(arguments, "", kTimeoutMs);
  Complaints complaints;
  for (const auto line : lines_of(result.err)) {
    if (!line.starts_with(root.string()) || line.find("error:") == line.npos) continue;
    complaints.push_back(place(line, root.string()) + ": not as clang-format writes it: run " +
                         program.filename().string() + " -i on the file");
  }
  if (complaints.empty() && result.exit_code != 0) {
    complaints.push_back(program.string() + " failed: " + result.err);
  }
  return complaints;
}

}  // namespace hailstorm::tidy
