#pragma once

#include "common/base/result.h"
#include "common/http/client.h"

namespace hailstorm::lab {

/// The lab as an experiment reaches it: requests to its API. Tests have a scripted one.
///
/// Thread safety: implementations may be called from any thread.
class ExperimentLab {
 public:
  virtual ~ExperimentLab() = default;
  /// The answer, whatever its status. Errors of the HTTP layer.
  [[nodiscard]] virtual Result<http::Response> send(const http::Request& request,
                                                    int timeout_ms) = 0;
};

/// A lab over HTTP.
class HttpLab final : public ExperimentLab {
 public:
  explicit HttpLab(Address address);
  [[nodiscard]] Result<http::Response> send(const http::Request& request, int timeout_ms) override;

 private:
  const Address address_;
  http::Client usual_;  // for the usual timeout, with connections that are kept
};

}  // namespace hailstorm::lab
