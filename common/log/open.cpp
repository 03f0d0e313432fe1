#include <fmt/format.h>

#include "common/log/hailstorm/engine.h"
#include "common/log/log.h"

namespace hailstorm::log {

Result<std::unique_ptr<Engine>> open(const std::string& url) {
  constexpr std::string_view kHailstorm = "hailstorm://";
  if (url.starts_with(kHailstorm)) return hail::open_engine(url.substr(kHailstorm.size()));
  return Error(LogErrc::refused,
               fmt::format("'{}' names no log; write it as hailstorm://HOST:PORT", url));
}

}  // namespace hailstorm::log
