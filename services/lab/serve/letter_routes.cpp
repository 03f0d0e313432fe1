#include "services/lab/serve/letter_routes.h"

#include <functional>
#include <vector>

#include "common/json/member_reader.h"
#include "common/log/log.h"
#include "services/lab/api/answers.h"
#include "services/lab/api/errors.h"
#include "services/lab/dead_letters/broker_desk.h"

namespace hailstorm::lab {
namespace {

/// The desk's own refusals keep their status; the log's errors mean that it cannot now.
http::Response at_desk(const std::string& broker,
                       const std::function<Result<json::Value>(LetterDesk&)>& work) {
  const auto engine = log::open(broker);
  if (!engine.ok()) return answer(Error(ApiErrc::not_now, engine.error().message()));
  BrokerDesk desk(**engine);
  const auto done = work(desk);
  if (done.ok() || done.error().as<ApiErrc>()) return answer(done);
  return answer(Error(ApiErrc::not_now, done.error().message()));
}

Result<json::Value> replay(LetterDesk& desk, const json::Value& body) {
  std::vector<std::string> ids;
  bool is_all = false;
  json::MemberReader reader(body);
  if (!reader.optional("ids", ids).optional("all", is_all).ok()) {
    return Error(ApiErrc::bad_request, reader.status().error().message());
  }
  if (is_all == !ids.empty()) {
    return Error(ApiErrc::bad_request, R"(give "ids":[…], or "all":true)");
  }
  return is_all ? desk.replay_all() : desk.replay(ids);
}

}  // namespace

void add_letter_routes(LabServer& server, const std::string& broker) {
  server.on_read("GET", "/api/dead-letters", [broker](const http::Request&) {
    return at_desk(broker, [](LetterDesk& desk) { return desk.list(); });
  });
  server.on_read("GET", "/api/dead-letters/{letter}", [broker](const http::Request& request) {
    return at_desk(broker, [&](LetterDesk& desk) { return desk.show(request.captures.at(0)); });
  });
  server.on_change("POST", "/api/dead-letters/replay", [broker](const http::Request& request) {
    const auto body = body_of(request);
    if (!body.ok()) return answer(body);
    return at_desk(broker, [&body](LetterDesk& desk) { return replay(desk, *body); });
  });
}

}  // namespace hailstorm::lab
