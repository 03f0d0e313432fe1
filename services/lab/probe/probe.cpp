#include "services/lab/probe/probe.h"

#include <fmt/format.h>

#include "common/base/options.h"
#include "common/base/text.h"
#include "common/http/client.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab probe";
constexpr int kTimeoutMs = 2'000;

}  // namespace

int probe(const std::string& url) {
  const size_t slash = url.find('/', url.find("://") == std::string::npos ? 0 : 7);
  const auto address = http::parse_address(url.substr(0, slash));
  if (!address.ok()) return usage_error(kProgram, address.error().message());
  http::Client client(*address, kTimeoutMs);
  const auto response = client.get(slash == std::string::npos ? "/" : url.substr(slash));
  if (response.ok() && response->status == 200) return 0;
  fmt::print(stderr, "{}\n",
             printable_lines(response.ok() ? response->body : response.error().message()));
  return 1;
}

}  // namespace hailstorm::lab
