#include "services/lab/agent/errors.h"

#include "common/base/enum_name.h"

namespace hailstorm::lab {

std::string_view name_of(AgentErrc code) { return enum_name(code); }

}  // namespace hailstorm::lab
