#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/audit/ride_facts.h"

namespace hailstorm::lab {

/// What was found in the stores beyond single rides.
struct StoreFindings {
  int64_t double_booked = 0;         // times that a driver has two rides at once, per lane
  int64_t ledger_sum_cents = 0;      // over everything: 0
  int64_t altered_entries = 0;       // of the ledger: they are not as they were written
  std::vector<std::string> altered;  // the first few of them, by ride and row
  std::vector<std::string> missing;  // stores that are not there
};

/// Whether events are read that are still to be applied.
enum class Transit { left_out, read };

/// Reads the audited tables of every store under `data`, also while the services run, and adds what
/// it finds to `facts`. Never writes. A missing store is named in the result, and is no error.
/// Errors of the store layer.
[[nodiscard]] Result<StoreFindings> read_stores(const std::filesystem::path& data, Facts& facts,
                                                Transit transit = Transit::left_out);

}  // namespace hailstorm::lab
