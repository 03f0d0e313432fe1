#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/fuzz/targets.h"
#include "tests/support/run_program.h"

namespace hailstorm::fuzz {
namespace {

/// Every target over its kept inputs, what once crashed it among them, in every build.
class CorpusTest : public ::testing::TestWithParam<Target> {};

// Invariant 43.
TEST_P(CorpusTest, EveryKeptInputIsHandled) {
  const auto folder = std::filesystem::path(HAILSTORM_CORPUS) / GetParam().name;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  ASSERT_FALSE(files.empty());
  for (const auto& file : files) {
    SCOPED_TRACE(file.string());
    const std::string input = testing::read_text(file);
    GetParam().run(as_bytes(input));
    // And what a torn or a damaged file would be.
    for (size_t size = 0; size < input.size(); size += 1 + input.size() / 50) {
      GetParam().run(as_bytes(input).first(size));
      std::string damaged = input;
      damaged[size] = static_cast<char>(damaged[size] ^ 0x41);
      GetParam().run(as_bytes(damaged));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Each, CorpusTest, ::testing::ValuesIn(kTargets), [](const auto& target) {
  std::string name = target.param.name;
  std::erase(name, '_');
  return name;
});

}  // namespace
}  // namespace hailstorm::fuzz
