#include "common/service/reactor.h"

#include "common/base/enum_name.h"

namespace hailstorm::service {

std::string_view name_of(ReactErrc code) { return enum_name(code); }

}  // namespace hailstorm::service
