#pragma once

#include <filesystem>

#include "common/base/result.h"

namespace hailstorm::lab {

/// Where a copy is made: in a folder "DIR.partial-XXXXXX" next to DIR, which is renamed to DIR when
/// all of it is durable. So a folder named DIR is always a whole copy. The destructor removes a
/// copy that is not finished; a process that is killed leaves the partial folder.
///
/// Thread safety: not safe.
class Destination {
 public:
  /// `dir` must not be there, or be an empty folder. Error not_usable.
  [[nodiscard]] static Result<Destination> make(const std::filesystem::path& dir);
  ~Destination();
  Destination(Destination&& other) noexcept;
  Destination& operator=(Destination&& other) = delete;

  [[nodiscard]] const std::filesystem::path& folder() const { return partial_; }
  /// Removes what was written so far.
  [[nodiscard]] Status empty() const;
  /// Makes the folders durable, and gives the copy its name. Errors: not_usable, cannot_copy.
  [[nodiscard]] Status finish();

 private:
  Destination(std::filesystem::path dir, std::filesystem::path partial)
      : dir_(std::move(dir)), partial_(std::move(partial)) {}

  std::filesystem::path dir_;
  std::filesystem::path partial_;  // empty: nothing is to be removed
};

}  // namespace hailstorm::lab
