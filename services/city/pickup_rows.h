#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "services/city/csv_reader.h"
#include "services/city/pickup.h"
#include "services/city/pickup_columns.h"
#include "services/city/skipped_rows.h"

namespace hailstorm::city {

/// The columns of the file that `reader` stands at the start of; a header is taken from it, and its
/// separator set. Errors of the reader; unknown_format, without the file's name: the first line is
/// neither a header nor a row.
[[nodiscard]] Result<PickupColumns> read_header(CsvReader& reader);

struct UnusableRow {
  SkipReason reason;
  std::string why;
};
using PickupRow = std::variant<Pickup, UnusableRow>;
[[nodiscard]] PickupRow read_row(const CsvRecord& record, const PickupColumns& columns);

}  // namespace hailstorm::city
