#include "common/wire/api.h"

#include "common/base/enum_name.h"

namespace hailstorm::wire {

bool is_known(Api api) { return name_of(api) != "unknown"; }

std::string unknown_api_text(Api api) {
  return "api " + std::to_string(static_cast<int>(api)) + " is unknown";
}

std::string_view name_of(Api api) { return enum_name<0, kMostApis - 1>(api); }

}  // namespace hailstorm::wire
