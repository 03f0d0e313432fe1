#include <utility>

#include "common/base/address.h"
#include "common/log/engine.h"
#include "common/log/hailstorm/engine.h"

namespace hailstorm::log {

Result<std::unique_ptr<Engine>> open(const std::string& url) {
  auto address = parse_address(url, "hailstorm");
  if (!address.ok()) return Error(LogErrc::refused, address.error().message());
  return hail::open_engine(std::move(address).value());
}

}  // namespace hailstorm::log
