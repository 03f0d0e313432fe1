#include "services/lab/platform/errors.h"

#include "common/base/enum_name.h"

namespace hailstorm::lab {

std::string_view name_of(PlatformErrc code) { return enum_name(code); }

}  // namespace hailstorm::lab
