#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "common/base/result.h"

namespace hailstorm::traffic {

enum class FileErrc { cannot_open, cannot_write };
[[nodiscard]] std::string_view name_of(FileErrc code);

/// The file of the riders' answers: whole lines, appended within 100 ms, so that other programs
/// read them soon and a crash loses few.
///
/// Thread safety: append() may be called from any thread.
class AnswersFile {
 public:
  /// Appends to `path`, made if missing; a line that an earlier process left torn is ended first.
  /// Error cannot_open.
  [[nodiscard]] static Result<std::unique_ptr<AnswersFile>> open(const std::string& path);
  ~AnswersFile();
  AnswersFile(const AnswersFile&) = delete;
  AnswersFile& operator=(const AnswersFile&) = delete;

  /// `line` without its newline.
  void append(std::string_view line);

  /// Writes what is left; nothing may be appended afterwards. Error cannot_write: of any line.
  [[nodiscard]] Status close();

 private:
  AnswersFile(std::string path, int fd);
  void write_along();
  void write_out(const std::string& lines);

  const std::string path_;
  const int fd_;
  std::mutex mutex_;
  std::condition_variable closing_changed_;
  std::string waiting_;
  bool closing_ = false;
  Status outcome_;
  std::thread writer_;
};

}  // namespace hailstorm::traffic
