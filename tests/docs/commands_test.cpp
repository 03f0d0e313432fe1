#include <filesystem>
#include <gtest/gtest.h>
#include <set>

#include "tests/docs/code_blocks.h"
#include "tests/docs/documented_command.h"
#include "tests/docs/program_help.h"
#include "tests/support/run_program.h"

namespace hailstorm::docs {
namespace {

namespace fs = std::filesystem;

// The recipe of README makes this program, and has a test of its own.
constexpr std::string_view kMadeByTheRecipe = "hail-loyalty";

/// README and the pages of docs/ that say what to type. Decisions say what once was.
std::vector<std::string> pages() {
  const fs::path root = HAILSTORM_SOURCE_DIR;
  std::vector<std::string> found = {"README.md"};
  for (const auto& folder : {"docs", "docs/experiments", "docs/lessons"}) {
    for (const auto& entry : fs::directory_iterator(root / folder)) {
      if (entry.path().extension() != ".md") continue;
      found.push_back(fs::relative(entry.path(), root).generic_string());
    }
  }
  return found;
}

std::vector<CodeLine> code_of(const std::string& page) {
  const std::string text = testing::read_text(fs::path(HAILSTORM_SOURCE_DIR) / page);
  auto code = code_lines(page, text);
  const auto within = inline_code(page, text);
  code.insert(code.end(), within.begin(), within.end());
  return code;
}

TEST(DocumentedCommandsTest, EveryCommandAndOptionInTheDocumentsExists) {
  size_t checked = 0;
  for (const auto& page : pages()) {
    for (const auto& code : code_of(page)) {
      for (const auto& command : commands_in(code.text)) {
        if (command.program == kMadeByTheRecipe) continue;
        ++checked;
        EXPECT_EQ(check_command(command), "")
            << code.document << ":" << code.line << ": " << code.text;
      }
    }
  }
  EXPECT_GT(checked, 100U);
}

}  // namespace
}  // namespace hailstorm::docs
