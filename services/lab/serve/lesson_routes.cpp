#include "services/lab/serve/lesson_routes.h"

#include <string>

#include "common/json/member_reader.h"
#include "services/lab/api/answers.h"
#include "services/lab/api/errors.h"
#include "services/lab/lessons/shipped_documents.h"
#include "services/lab/runs/run_order.h"

namespace hailstorm::lab {
namespace {

/// POST /api/experiments/check {"text": YAML}
Result<json::Value> checked(const Address& lab, const http::Request& request) {
  HAIL_ASSIGN_OR_RETURN(const auto body, body_of(request));
  std::string text;
  json::MemberReader reader(body);
  reader.required("text", text);
  if (!reader.ok()) return Error(ApiErrc::bad_request, reader.status().error().message());
  HAIL_ASSIGN_OR_RETURN(const auto experiment,
                        runnable_experiment(text, DocumentFormat::yaml, lab));
  return json::Value{{"title", experiment.title},
                     {"needs_own_platform", experiment.hailstorm.needs_own_platform()},
                     {"document", experiment.document}};
}

}  // namespace

void add_lesson_routes(LabServer& server, const Address& lab) {
  server.on_read("GET", "/api/lessons", [](const http::Request&) { return answer(lesson_list()); });
  server.on_read("GET", "/api/lessons/{lesson}", [](const http::Request& request) {
    return answer(lesson_named(request.captures.at(0)));
  });
  server.on_read("GET", "/api/experiment-files",
                 [](const http::Request&) { return answer(experiment_file_list()); });
  server.on_read("GET", "/api/experiment-files/{file}", [](const http::Request& request) {
    return answer(experiment_file_named(request.captures.at(0)));
  });
  server.on_change("POST", "/api/experiments/check",
                   [lab](const http::Request& request) { return answer(checked(lab, request)); });
}

}  // namespace hailstorm::lab
