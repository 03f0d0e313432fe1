#pragma once

#include <string>

#include "common/base/result.h"
#include "services/lab/experiments/document/experiment.h"

namespace hailstorm::lab {

/// The experiment in a file: JSON where its name ends with .json, else YAML. Errors: cannot_read;
/// bad_file, "FILE: line 12: FIELD: WHY". Safe from any thread.
[[nodiscard]] Result<Experiment> read_experiment(const std::string& file);

}  // namespace hailstorm::lab
