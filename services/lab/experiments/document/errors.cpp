#include "services/lab/experiments/document/errors.h"

#include <fmt/format.h>

#include "common/base/enum_name.h"

namespace hailstorm::lab {

std::string_view name_of(ExperimentErrc code) { return enum_name(code); }

Error bad_field(size_t line, std::string_view field, std::string_view why) {
  return {ExperimentErrc::bad_file, field.empty()
                                        ? fmt::format("line {}: {}", line, why)
                                        : fmt::format("line {}: {}: {}", line, field, why)};
}

}  // namespace hailstorm::lab
