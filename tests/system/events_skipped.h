#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/http/client.h"
#include "tests/support/platform.h"

namespace hailstorm::testing {

/// How many events a service found in its inbox since it was started; -1: it does not answer.
[[nodiscard]] inline int64_t events_skipped(const Platform& platform, const std::string& service) {
  http::Client client({"127.0.0.1", platform.http_port(service)}, 2'000);
  const auto page = client.get("/metrics");
  if (!page.ok()) return -1;
  const std::string name = "hailstorm_events_total{outcome=\"already_known\"} ";
  const size_t at = page->body.find(name);
  if (at == std::string::npos) return -1;
  return std::strtoll(page->body.c_str() + at + name.size(), nullptr, 10);
}

}  // namespace hailstorm::testing
