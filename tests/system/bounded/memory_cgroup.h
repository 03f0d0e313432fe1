#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <unistd.h>

#include "tests/support/run_program.h"

namespace hailstorm::testing {

/// A group of processes that may take so much memory together; the kernel ends one that takes more.
///
/// Thread safety: not safe.
class MemoryCgroup {
 public:
  /// Null: this process may not make one.
  [[nodiscard]] static std::unique_ptr<MemoryCgroup> make(int64_t limit_bytes) {
    namespace fs = std::filesystem;
    static int number = 0;
    const std::string name =
        "hailstorm-test-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
    for (const bool is_first : {true, false}) {  // the two versions that Linux has
      const fs::path root = is_first ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
      const char* const file = is_first ? "memory.limit_in_bytes" : "memory.max";
      std::error_code failed;
      if (!fs::create_directory(root / name, failed)) continue;
      auto made = std::unique_ptr<MemoryCgroup>(new MemoryCgroup(root / name, is_first));
      if (fs::exists(root / name / file) && made->write(file, std::to_string(limit_bytes)))
        return made;
    }
    return nullptr;
  }
  ~MemoryCgroup() { ::rmdir(folder_.c_str()); }
  MemoryCgroup(const MemoryCgroup&) = delete;
  MemoryCgroup& operator=(const MemoryCgroup&) = delete;

  /// What a shell runs to enter it.
  [[nodiscard]] std::string entering() const {
    return "echo $$ > " + (folder_ / "cgroup.procs").string() + ";";
  }
  /// The most that was taken without what the kernel may drop, in bytes, as of now.
  [[nodiscard]] int64_t anonymous_bytes() const {
    std::istringstream lines(read_text(folder_ / "memory.stat"));
    const std::string wanted = is_first_version_ ? "total_rss" : "anon";
    std::string word;
    int64_t bytes = 0;
    while (lines >> word >> bytes) {
      if (word == wanted) return bytes;
    }
    return 0;
  }

 private:
  MemoryCgroup(std::filesystem::path folder, bool is_first_version)
      : folder_(std::move(folder)), is_first_version_(is_first_version) {}

  bool write(const char* file, const std::string& text) {
    std::ofstream out(folder_ / file);
    out << text << std::flush;
    return out.good();
  }

  std::filesystem::path folder_;
  bool is_first_version_;
};

}  // namespace hailstorm::testing
