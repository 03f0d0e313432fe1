#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "services/lab/audit/answers.h"

namespace hailstorm::lab {

/// Follows every file of the riders' answers in DATA/traffic, from the moment on at which it was
/// made: what is in a file already is of another run.
///
/// Thread safety: not safe.
class AnswerFiles {
 public:
  explicit AnswerFiles(std::filesystem::path folder);

  /// The answers that were added since the last call.
  [[nodiscard]] std::vector<Answer> read_new();

 private:
  struct File {
    AnswerReader reader;
    uintmax_t bytes = 0;  // it had at the last look
  };
  using Look = std::function<void(const std::filesystem::path& file, uintmax_t bytes)>;

  void each_file(const Look& look) const;

  const std::filesystem::path folder_;
  std::map<std::string, File> files_;
};

}  // namespace hailstorm::lab
