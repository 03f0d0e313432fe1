#include "services/lab/api/lab_address.h"

#include <fmt/format.h>

#include "common/base/address.h"
#include "common/base/token_file.h"
#include "services/lab/api/errors.h"
#include "services/registry/services.h"

namespace hailstorm::lab {

std::string LabAddress::usual() {
  return fmt::format("http://127.0.0.1:{}", registry::kBasePort + registry::kLabPort);
}

void LabAddress::add_to(Options& options) {
  options.add_address("lab", lab, "http", "the lab of a platform that runs");
  options.add("token-file", token_file,
              "file with that lab's token: lab/lab-token of its data folder");
  options.add("bearer", bearer,
              "instead of a file: \"Bearer TOKEN\"; best given as the variable HAIL_LAB_BEARER, "
              "since others see a command line");
}

Result<LabClient> LabAddress::connect() const {
  const auto address = parse_address(lab, "http");
  if (!address.ok()) return Error(ApiErrc::bad_request, address.error().message());
  if (token_file.empty()) return LabClient(*address, bearer);
  const auto token = read_token(token_file);
  if (!token.ok()) return Error(ApiErrc::bad_request, token.error().message());
  return LabClient(*address, "Bearer " + *token);
}

}  // namespace hailstorm::lab
