#include "services/lab/serve/url_command.h"

#include <iostream>
#include <string>

#include "common/json/member_reader.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kUrlProgram = "hail-lab url";

Result<std::string> new_url(LabClient& lab) {
  HAIL_ASSIGN_OR_RETURN(const auto answered, lab.post("/api/keys", json::Value::object()));
  std::string url;
  json::MemberReader reader(answered);
  HAIL_RETURN_IF_ERROR(reader.required("url", url).status());
  return url;
}

}  // namespace

void UrlSettings::add_to(Options& options) { lab.add_to(options); }

int run_url(const UrlSettings& settings) {
  auto client = settings.lab.connect();
  if (!client.ok()) return usage_error(kUrlProgram, client.error().message());
  const auto url = new_url(*client);
  if (!url.ok()) {
    (void)usage_error(kUrlProgram, url.error().message());  // prints it
    return 1;
  }
  std::cout << *url << "\n";
  return 0;
}

}  // namespace hailstorm::lab
