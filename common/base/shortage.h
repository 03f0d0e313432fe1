#pragma once

#include <optional>
#include <string_view>

namespace hailstorm {

/// Something that a program lacks now and may have later, without a change of its settings.
struct Shortage {
  std::string_view what;  // "room on the disk"
  std::string_view help;  // what a person may do about it
  /// Another process has it: a port, a folder. It may keep it for good.
  bool is_held_by_another = false;
};

/// The one place that decides which failures may pass by themselves: the shortage that this errno
/// stands for; nothing: a person must change something. Safe from any thread.
[[nodiscard]] std::optional<Shortage> shortage_of(int errno_code);

}  // namespace hailstorm
