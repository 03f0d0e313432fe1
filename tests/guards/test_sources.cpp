#include "tests/guards/test_sources.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include "tests/guards/guard_tree.h"

namespace hailstorm::guards {

namespace fs = std::filesystem;

namespace {

void add_tests(const fs::path& source, std::set<std::string>& tests) {
  static const std::regex test(R"(\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\))");
  const std::string text = read_text(source).value_or("");
  for (std::sregex_iterator at(text.begin(), text.end(), test), end; at != end; ++at) {
    tests.insert((*at)[1].str() + "." + (*at)[2].str());
  }
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::map<std::string, std::set<std::string>> tests_by_program(const fs::path& root) {
  static const std::regex call(R"(\bhailstorm_test\(\s*(\w+)([^)]*)\))");
  std::map<std::string, std::set<std::string>> programs;
  for (const fs::path& file : files_in(root / "tests")) {
    if (file.filename() != "CMakeLists.txt") continue;
    const std::string text = read_text(file).value_or("");
    for (std::sregex_iterator at(text.begin(), text.end(), call), end; at != end; ++at) {
      std::set<std::string>& tests = programs[(*at)[1]];
      std::istringstream words((*at)[2].str());
      for (std::string word; words >> word;) {
        if (word.ends_with(".cpp")) add_tests(file.parent_path() / word, tests);
      }
    }
  }
  return programs;
}

std::vector<int> invariants_in_comments(const std::string& source) {
  static const std::regex comment(R"(^\s*//.*\bInvariants? (\d+(?:(?:, | and )\d+)*))");
  static const std::regex number(R"(\d+)");
  std::vector<int> numbers;
  std::istringstream lines(source);
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (!std::regex_search(line, found, comment)) continue;
    const std::string list = found[1];
    for (std::sregex_iterator at(list.begin(), list.end(), number), end; at != end; ++at) {
      numbers.push_back(std::stoi(at->str()));
    }
  }
  return numbers;
}

std::vector<fs::path> test_files(const fs::path& root) {
  std::vector<fs::path> files = files_in(root / "tests");
  std::erase_if(files, [](const fs::path& path) {
    return path.extension() != ".cpp" && path.extension() != ".h";
  });
  return files;
}

}  // namespace hailstorm::guards
