#include "services/lab/probe/probe.h"

#include <fmt/format.h>

#include "common/base/address.h"
#include "common/base/options.h"
#include "common/base/text.h"
#include "common/http/client.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab probe";
constexpr int kTimeoutMs = 2'000;

}  // namespace

int probe(const std::string& url) {
  const auto parsed = parse_url(url, "http");
  if (!parsed.ok()) return usage_error(kProgram, parsed.error().message());
  http::Client client(parsed->address, kTimeoutMs);
  const auto response = client.get(parsed->path);
  if (response.ok() && response->status == 200) return 0;
  fmt::print(stderr, "{}\n",
             printable_lines(response.ok() ? response->body : response.error().message()));
  return 1;
}

}  // namespace hailstorm::lab
