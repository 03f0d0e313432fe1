#include "services/lab/probe/probe.h"

#include <fmt/format.h>

#include "common/base/address.h"
#include "common/base/options.h"
#include "common/base/text.h"
#include "common/http/client.h"
#include "common/json/json.h"
#include "common/json/member_reader.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab probe";
constexpr int kTimeoutMs = 2'000;

/// The detail of a problem; else the whole answer.
std::string reason_in(const std::string& body) {
  std::string reason = body;
  const auto document = json::parse(body);
  if (document.ok()) json::MemberReader(*document).optional("detail", reason);
  return reason;
}

}  // namespace

int probe(const std::string& url) {
  const auto parsed = parse_url(url, "http");
  if (!parsed.ok()) return usage_error(kProgram, parsed.error().message());
  http::Client client(parsed->address, kTimeoutMs);
  const auto response = client.get(parsed->path);
  if (response.ok() && response->status == 200) return 0;
  fmt::print(
      stderr, "{}\n",
      printable_lines(response.ok() ? reason_in(response->body) : response.error().message()));
  return 1;
}

}  // namespace hailstorm::lab
