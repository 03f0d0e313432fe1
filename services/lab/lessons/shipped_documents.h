#pragma once

#include <string>

#include "common/base/result.h"
#include "common/json/json.h"

/// The shipped lessons and experiments as the API gives them. Safe from any thread. Error
/// not_found: there is none of that name; the message lists the names.
namespace hailstorm::lab {

/// {"lessons":[{"name","title"}…]}
[[nodiscard]] json::Value lesson_list();
/// {"name","title","text"}
[[nodiscard]] Result<json::Value> lesson_named(const std::string& name);

/// {"experiments":[{"name","title","description","needs_own_platform"}…]}
[[nodiscard]] json::Value experiment_file_list();
/// The same with "text", as it is in the file, and "document", as POST /api/experiments takes it.
[[nodiscard]] Result<json::Value> experiment_file_named(const std::string& name);

}  // namespace hailstorm::lab
