#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"

namespace hailstorm::lab {

/// Shows dead letters, and gives them back to the groups that refused them.
///
/// Thread safety: safe.
class LetterDesk {
 public:
  virtual ~LetterDesk() = default;

  /// {"dead_letters":[…],"more":N}: the newest ones, the oldest of them first, each as to_json() of
  /// a DeadLetter; and how many older ones are not shown. Errors of the log.
  [[nodiscard]] virtual Result<json::Value> list() = 0;
  /// One letter. Errors: bad_request, not_found, and those of the log.
  [[nodiscard]] virtual Result<json::Value> show(const std::string& id) = 0;
  /// {"replayed":N,"letters":[{"id":…,"group":…,"replayed":bool,"place":…,"why":…}]}: what became
  /// of each. Errors: bad_request, not_found (then none is replayed), and those of the log.
  [[nodiscard]] virtual Result<json::Value> replay(const std::vector<std::string>& ids) = 0;
  /// The same of every letter that is shown and was not replayed yet.
  [[nodiscard]] virtual Result<json::Value> replay_all() = 0;
};

}  // namespace hailstorm::lab
