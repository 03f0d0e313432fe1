#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace hailstorm::lab {

enum class ExperimentErrc {
  bad_file,        // what it holds cannot be run here; names line and field
  cannot_read,     // the file
  not_ready,       // the lab or its platform
  lab_is_missing,  // the lab does not answer any more
};
[[nodiscard]] std::string_view name_of(ExperimentErrc code);

/// A field of an experiment that cannot be run: "line 12: method[0].provider.type: WHY".
[[nodiscard]] Error bad_field(size_t line, std::string_view field, std::string_view why);

}  // namespace hailstorm::lab
