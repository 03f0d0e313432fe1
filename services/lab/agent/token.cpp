#include "services/lab/agent/token.h"

#include <filesystem>

#include "common/base/token_file.h"

namespace hailstorm::lab {
namespace {

bool is_left_to_us(const std::string& file) {
  std::error_code failed;
  return file.empty() || (std::filesystem::is_regular_file(file, failed) &&
                          std::filesystem::file_size(file, failed) == 0);
}

}  // namespace

Result<std::string> agent_token(const std::string& file, const std::string& fallback) {
  if (!fallback.empty() && is_left_to_us(file)) return read_or_make_token(fallback);
  return read_token(file);
}

}  // namespace hailstorm::lab
