#include "tests/support/run_program.h"

#include <fstream>
#include <iterator>

#include "tests/support/child.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
std::filesystem::path program_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin";
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

ProgramResult run_program(const std::vector<std::string>& arguments, const std::string& input,
                          int timeout_ms) {
  const TempFolder folder;
  const std::string in = folder.path() / "in";
  const std::string out = folder.path() / "out";
  const std::string err = folder.path() / "err";
  std::ofstream(in, std::ios::binary) << input;
  const int exit_code = Child(arguments, {in, out, err}).wait(timeout_ms);
  return {exit_code, read_text(out), read_text(err)};
}

}  // namespace hailstorm::testing
