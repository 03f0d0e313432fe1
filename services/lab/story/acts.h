#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::lab {

enum class FaultKind { none, kill, freeze };
/// "none", "SIGKILL", "SIGSTOP".
[[nodiscard]] std::string_view name_of(FaultKind kind);

/// One act of the story as it is written.
struct Act {
  std::string name;   // for files and the report: "payment-frozen"
  std::string title;  // for people: "payment is frozen"
  FaultKind fault = FaultKind::none;
  std::vector<std::string> services;
};

/// The story, in order.
[[nodiscard]] std::vector<Act> scenario();

/// A contiguous share of the rides.
struct Share {
  int64_t first = 0;
  int64_t count = 0;
};
/// `total` rides over `acts` acts as evenly as can be, the earlier ones getting one more.
[[nodiscard]] std::vector<Share> share_evenly(int64_t total, int64_t acts);

}  // namespace hailstorm::lab
