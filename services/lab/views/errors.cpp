#include "services/lab/views/errors.h"

#include "common/base/enum_name.h"

namespace hailstorm::lab {

std::string_view name_of(ViewErrc code) { return enum_name(code); }

}  // namespace hailstorm::lab
