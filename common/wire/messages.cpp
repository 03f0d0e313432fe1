#include "common/wire/messages.h"

#include <cstdint>
#include <utility>

#include "common/base/enum_name.h"
#include "common/wire/api.h"

namespace hailstorm::wire {
namespace {

template <class List>
struct ApiOf;
template <class... Request>
struct ApiOf<std::tuple<Request...>> {
  static constexpr int count(Api api) { return ((Request::kApi == api ? 1 : 0) + ...); }
};

constexpr auto kApiNames = enum_names::names_from<Api, 0>(std::make_index_sequence<kMostApis>());

/// Else a request could be known by name and never be answered.
constexpr bool each_api_has_one_request() {
  int named = 0;
  for (uint8_t number = 0; number < kMostApis; ++number) {
    if (kApiNames[number].empty()) continue;
    ++named;
    if (ApiOf<Requests>::count(static_cast<Api>(number)) != 1) return false;
  }
  return named == std::tuple_size_v<Requests>;
}
static_assert(each_api_has_one_request(), "list the request in Requests (messages.h)");

}  // namespace
}  // namespace hailstorm::wire
