#include "services/lab/serve/passport_routes.h"

#include "common/log/log.h"
#include "services/lab/api/answers.h"
#include "services/lab/api/errors.h"
#include "services/lab/passport/otlp.h"
#include "services/lab/passport/passport.h"

namespace hailstorm::lab {
namespace {

/// GET /api/passports/RIDE?format=otlp
Result<bool> is_trace_wanted(const http::Request& request) {
  const auto found = request.query.find("format");
  if (found == request.query.end() || found->second == "json") return false;
  if (found->second == "otlp") return true;
  return Error(ApiErrc::bad_request, "format takes json or otlp");
}

Result<json::Value> passport_for(const std::filesystem::path& data, const std::string& broker,
                                 const http::Request& request) {
  HAIL_ASSIGN_OR_RETURN(const bool is_trace, is_trace_wanted(request));
  // For each request: the broker may be gone, and back, between two of them.
  const auto engine = log::open(broker);
  if (!engine.ok()) return Error(ApiErrc::not_now, engine.error().message());
  HAIL_ASSIGN_OR_RETURN(const auto passport,
                        passport_of({data, engine->get()}, request.captures.at(0)));
  return is_trace ? to_otlp(passport) : to_json(passport);
}

}  // namespace

void add_passport_routes(LabServer& server, const std::filesystem::path& data,
                         const std::string& broker) {
  server.on_read("GET", "/api/passports/{ride}", [data, broker](const http::Request& request) {
    return answer(passport_for(data, broker, request));
  });
}

}  // namespace hailstorm::lab
