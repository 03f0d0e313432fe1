#include "services/city/errors.h"

#include "common/base/enum_name.h"

namespace hailstorm::city {

std::string_view name_of(CityErrc code) { return enum_name(code); }

}  // namespace hailstorm::city
