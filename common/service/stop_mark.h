#pragma once

#include <filesystem>

#include "common/base/result.h"

namespace hailstorm::service {

enum class StopMarkErrc { unusable };
[[nodiscard]] std::string_view name_of(StopMarkErrc code);

/// Says whether the last process that used a store stopped cleanly: the file `clean-stop` of the
/// data folder says so, and says nothing while the store is in use. Several instances may use one
/// store; the last of them leaves the mark.
///
/// Thread safety: not safe.
class StopMark {
 public:
  /// Takes the mark away, durably. Error unusable: the file cannot be made or written.
  [[nodiscard]] static Result<StopMark> take(const std::filesystem::path& folder);
  StopMark(StopMark&& other) noexcept;
  StopMark& operator=(StopMark&& other) = delete;
  ~StopMark();

  [[nodiscard]] bool was_clean() const { return was_clean_; }
  /// The store is whole, and this process writes to it no more.
  void leave();

 private:
  StopMark(int fd, bool was_clean) : fd_(fd), was_clean_(was_clean) {}

  int fd_;
  bool was_clean_;
};

}  // namespace hailstorm::service
