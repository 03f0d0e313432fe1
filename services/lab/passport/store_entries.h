#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "common/base/result.h"
#include "common/store/database.h"
#include "services/lab/passport/entries.h"

namespace hailstorm::lab {

/// When each service handled each event of the ride, by service and type. Effects of the log lane
/// have no time of their own: they are of the same transaction.
using HandledTimes = std::map<std::pair<std::string, std::string>, int64_t>;

/// Adds what one service's store says of the ride. Errors of the store layer.
[[nodiscard]] Status add_store_entries(store::Database& db, const std::string& service,
                                       Passport& passport, HandledTimes& handled);

}  // namespace hailstorm::lab
