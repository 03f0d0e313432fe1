#pragma once

#include "common/base/options.h"
#include "services/lab/api/lab_address.h"

namespace hailstorm::lab {

/// What `hail-lab url` takes.
struct UrlSettings {
  LabAddress lab{.lab = LabAddress::usual(), .token_file = {}, .bearer = {}};

  void add_to(Options& options);
};

/// `hail-lab url`: prints the address of a running lab's page, with a new key in it, and nothing
/// else. The exit code for main: 0; 1 where the lab refuses or does not answer; 2 for bad usage.
[[nodiscard]] int run_url(const UrlSettings& settings);

}  // namespace hailstorm::lab
