#include "common/service/reactor.h"

namespace hailstorm::service {

std::string_view name_of(ReactErrc code) {
  return code == ReactErrc::transient ? "transient" : "permanent";
}

}  // namespace hailstorm::service
