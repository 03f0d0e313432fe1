#include "common/base/folder_error.h"

#include "common/base/enum_name.h"

namespace hailstorm {

std::string_view name_of(FolderErrc code) { return enum_name(code); }

}  // namespace hailstorm
