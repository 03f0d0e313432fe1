#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/http/client.h"
#include "common/json/json.h"

namespace hailstorm::lab {

/// The lab's API, reached over HTTP. Errors: any ApiErrc, with the lab's own words; unreachable.
///
/// Thread safety: safe.
class LabClient {
 public:
  /// `authorization`: the whole value of that header, "Bearer TOKEN"; empty: reads only.
  LabClient(Address lab, std::string authorization, int timeout_ms = kTimeoutMs);

  /// Paths begin with /api.
  [[nodiscard]] Result<json::Value> get(const std::string& path);
  [[nodiscard]] Result<json::Value> post(const std::string& path, const json::Value& body);
  [[nodiscard]] Result<json::Value> put(const std::string& path, const json::Value& body);
  [[nodiscard]] Result<json::Value> remove(const std::string& path);

  [[nodiscard]] const Address& address() const { return lab_; }
  [[nodiscard]] const std::string& authorization() const { return authorization_; }

  /// An audit of many rides takes longest.
  static constexpr int kTimeoutMs = 60'000;

 private:
  [[nodiscard]] Result<json::Value> send(const std::string& method, const std::string& path,
                                         std::string body);

  Address lab_;
  std::string authorization_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace hailstorm::lab
