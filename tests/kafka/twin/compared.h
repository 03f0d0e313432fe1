#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/kafka/twin/differences.h"
#include "tests/kafka/twin/message_values.h"

namespace hailstorm::twin {

/// What was compared so far, and what was not as it should be. Prints each difference that is not
/// wanted, as it is found.
///
/// Thread safety: not safe.
class Compared {
 public:
  explicit Compared(Differences& wanted) : wanted_(wanted) {}

  void compare(const std::string& api, const std::string& name, int16_t version, const Values& ours,
               const Values& theirs);
  [[nodiscard]] size_t answers() const { return answers_; }
  [[nodiscard]] size_t fields() const { return fields_; }
  [[nodiscard]] size_t unwanted() const { return unwanted_; }
  [[nodiscard]] size_t wanted() const { return wanted_count_; }
  /// By API: in how many versions.
  [[nodiscard]] const std::map<std::string, std::vector<int16_t>>& apis() const { return apis_; }

 private:
  Differences& wanted_;
  size_t answers_ = 0;
  size_t fields_ = 0;
  size_t wanted_count_ = 0;
  size_t unwanted_ = 0;
  std::map<std::string, std::vector<int16_t>> apis_;
};

}  // namespace hailstorm::twin
