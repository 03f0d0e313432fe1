#include "common/base/folder_error.h"

namespace hailstorm {

std::string_view name_of(FolderErrc code) {
  switch (code) {
    case FolderErrc::in_use:
      return "in_use";
    case FolderErrc::other_version:
      return "other_version";
    case FolderErrc::not_usable:
      return "not_usable";
    case FolderErrc::not_ours:
      return "not_ours";
    case FolderErrc::damaged:
      return "damaged";
  }
  return "unknown";
}

}  // namespace hailstorm
