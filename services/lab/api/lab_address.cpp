#include "services/lab/api/lab_address.h"

#include <fmt/format.h>

#include "common/base/address.h"
#include "common/base/token_file.h"
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
  HAIL_ASSIGN_OR_RETURN(const Address address, parse_address(lab, "http"));
  if (token_file.empty()) return LabClient(address, bearer);
  HAIL_ASSIGN_OR_RETURN(const std::string token, read_token(token_file));
  return LabClient(address, "Bearer " + token);
}

}  // namespace hailstorm::lab
