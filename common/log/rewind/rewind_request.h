#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "common/json/json.h"
#include "common/log/rewind/rewind.h"

/// A rewind as a request over HTTP asks for it. Safe from any thread.
namespace hailstorm::log {

struct RewindRequest {
  Rewind rewind;
  bool is_preview = false;
};

inline constexpr size_t kMostPlaces = 1'000;

/// {"to":"-30s","topic":…,"preview":true}, or {"places":[{"topic","partition","to"}…]}; live.
/// `now_ms`: as parse_start_point(). Error refused: names the member.
[[nodiscard]] Result<RewindRequest> rewind_request_of(const std::string& group,
                                                      const json::Value& request, int64_t now_ms);

/// What POST /api/groups/GROUP/reset does with such a request, and answers.
[[nodiscard]] Result<json::Value> rewind_group(Engine& engine, const std::string& group,
                                               const json::Value& request, int64_t now_ms);

}  // namespace hailstorm::log
