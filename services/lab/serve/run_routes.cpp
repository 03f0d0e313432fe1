#include "services/lab/serve/run_routes.h"

#include <string>

#include "services/lab/api/answers.h"
#include "services/lab/runs/run_order.h"

namespace hailstorm::lab {
namespace {

constexpr int kAccepted = 202;  // it goes on after the answer

http::Response begun(RunDesk& desk, const Result<RunOrder>& order) {
  return order.ok() ? answer(desk.start(*order), kAccepted) : answer(order.error());
}

http::Response begin_experiment(RunDesk& desk, const Address& lab, const http::Request& request) {
  const auto body = body_of(request);
  if (!body.ok()) return answer(body);
  // From the text: a complaint names its line.
  return begun(desk, experiment_order(request.body, lab));
}

http::Response begin_blast(RunDesk& desk, const http::Request& request) {
  const auto body = body_of(request);
  return body.ok() ? begun(desk, blast_order(*body)) : answer(body);
}

http::Response begin_storm(RunDesk& desk, const http::Request& request) {
  const auto body = body_of(request);
  return body.ok() ? begun(desk, storm_order(*body)) : answer(body);
}

http::Response show_storm_schedule(const http::Request& request) {
  const auto body = body_of(request);
  return answer(body.ok() ? storm_schedule(*body) : body);
}

/// A report has styles of its own and nothing else: no scripts, no other site.
http::Response report_of(const Result<std::string>& report) {
  if (!report.ok()) return answer(report.error());
  http::Response response;
  response.body = *report;
  response.content_type = "text/html; charset=utf-8";
  response.headers["Content-Security-Policy"] =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
      "frame-ancestors 'none'; sandbox";
  return response;
}

/// What all kinds have; `one` is the path of one run.
void add_looks(LabServer& server, RunDesk& desk, RunKind kind, const std::string& all,
               const std::string& one) {
  server.on_read("GET", all,
                 [&desk, kind](const http::Request&) { return answer(desk.list(kind)); });
  server.on_read("GET", one, [&desk, kind](const http::Request& request) {
    return answer(desk.find(kind, request.captures.at(0)));
  });
  server.on_read("GET", one + "/report", [&desk, kind](const http::Request& request) {
    return report_of(desk.report(kind, request.captures.at(0)));
  });
  server.on_change("DELETE", one, [&desk, kind](const http::Request& request) {
    return answer(desk.ask_to_end(kind, request.captures.at(0)), kAccepted);
  });
}

}  // namespace

void add_run_routes(LabServer& server, RunDesk& desk, const Address& lab) {
  add_looks(server, desk, RunKind::experiment, "/api/experiments", "/api/experiments/{experiment}");
  add_looks(server, desk, RunKind::blast, "/api/blast", "/api/blast/{blast}");
  add_looks(server, desk, RunKind::storm, "/api/storms", "/api/storms/{storm}");
  server.on_change("POST", "/api/experiments", [&desk, lab](const http::Request& request) {
    return begin_experiment(desk, lab, request);
  });
  server.on_change("POST", "/api/blast",
                   [&desk](const http::Request& request) { return begin_blast(desk, request); });
  server.on_change("POST", "/api/storms",
                   [&desk](const http::Request& request) { return begin_storm(desk, request); });
  server.on_change("POST", "/api/storms/plan", show_storm_schedule);
}

}  // namespace hailstorm::lab
