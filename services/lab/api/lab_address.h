#pragma once

#include <string>

#include "common/base/options.h"
#include "common/base/result.h"
#include "services/lab/api/lab_client.h"

namespace hailstorm::lab {

/// Where a lab is that runs already, and what to show it: options of its clients.
///
/// Thread safety: a value.
struct LabAddress {
  std::string lab;  // http://HOST:PORT; empty: none was named
  std::string token_file;
  std::string bearer;  // the whole value of the header Authorization

  /// `lab` as the default makes it reach the lab of a platform with the usual ports.
  static std::string usual();

  void add_to(Options& options);
  /// REQUIRES: a lab is named. Error bad_request: what is wrong with the token file.
  [[nodiscard]] Result<LabClient> connect() const;
};

}  // namespace hailstorm::lab
