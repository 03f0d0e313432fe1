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

/// What both kinds have; `one` is the path of one run.
void add_looks(LabServer& server, RunDesk& desk, RunKind kind, const std::string& all,
               const std::string& one) {
  server.on_read("GET", all,
                 [&desk, kind](const http::Request&) { return answer(desk.list(kind)); });
  server.on_read("GET", one, [&desk, kind](const http::Request& request) {
    return answer(desk.find(kind, request.captures.at(0)));
  });
  server.on_change("DELETE", one, [&desk, kind](const http::Request& request) {
    return answer(desk.ask_to_end(kind, request.captures.at(0)), kAccepted);
  });
}

}  // namespace

void add_run_routes(LabServer& server, RunDesk& desk, const Address& lab) {
  add_looks(server, desk, RunKind::experiment, "/api/experiments", "/api/experiments/{experiment}");
  add_looks(server, desk, RunKind::blast, "/api/blast", "/api/blast/{blast}");
  server.on_change("POST", "/api/experiments", [&desk, lab](const http::Request& request) {
    return begin_experiment(desk, lab, request);
  });
  server.on_change("POST", "/api/blast",
                   [&desk](const http::Request& request) { return begin_blast(desk, request); });
}

}  // namespace hailstorm::lab
