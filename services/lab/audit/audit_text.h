#pragma once

#include <string>

#include "services/lab/audit/audit.h"

namespace hailstorm::lab {

/// A table of both lanes, then what is wrong, line by line; for people.
[[nodiscard]] std::string to_text(const AuditReport& report);

/// {"clean":…,"troubles":[…],"log":{"requested":…,"accepted":…,"settled":…,"on_their_way":…,
/// "lost":…,"duplicated":…,"orphaned":…},"chain":{…},"stores":{…},"log_files":{…},"offences":[…]}.
[[nodiscard]] std::string to_json(const AuditReport& report);

}  // namespace hailstorm::lab
