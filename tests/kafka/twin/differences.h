#pragma once

#include <string>
#include <vector>

namespace hailstorm::twin {

/// The differences that are wanted, from a file: a line each, with the names of the API, of the
/// case and of the field, each as a pattern of a shell, and the reason.
///
/// Thread safety: not safe.
class Differences {
 public:
  /// Throws: the file cannot be read, or a line has no reason.
  explicit Differences(const std::string& file);

  [[nodiscard]] bool has(const std::string& api, const std::string& name, const std::string& path);
  /// Lines that no difference was like, of these APIs.
  [[nodiscard]] std::vector<std::string> unused() const;
  [[nodiscard]] size_t size() const { return lines_.size(); }

 private:
  struct Line {
    std::string api;
    std::string name;
    std::string path;
    std::string reason;
    bool is_used = false;
  };
  std::vector<Line> lines_;
};

}  // namespace hailstorm::twin
