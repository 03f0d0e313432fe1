#include "common/base/enum_name.h"
#include "common/log/log.h"

namespace hailstorm::log {

std::string_view name_of(LogErrc code) { return enum_name(code); }

}  // namespace hailstorm::log
