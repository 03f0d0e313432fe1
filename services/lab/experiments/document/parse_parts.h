#pragma once

#include <string>

#include "services/lab/experiments/document/experiment.h"

/// Parts of an experiment, read from its nodes. Pure functions: safe from any thread. Errors:
/// bad_file.
namespace hailstorm::lab {

/// `path` is where it stands; a probe of the hypothesis has a tolerance, no other activity has.
[[nodiscard]] Result<Activity> activity_of(const Node& node, const std::string& path,
                                           bool is_hypothesis);

/// The settings of one section: `configuration`, or one of `secrets`.
[[nodiscard]] Result<std::vector<Setting>> settings_of(const Node& section,
                                                       const std::string& path);

/// The extension of that name in `extensions`; others belong to other programs.
[[nodiscard]] Result<HailstormExtension> hailstorm_extension_of(const Node& extensions);

}  // namespace hailstorm::lab
