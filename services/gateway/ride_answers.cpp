#include "services/gateway/ride_answers.h"

#include "common/base/logging.h"
#include "common/service/reactor.h"
#include "common/store/database.h"
#include "services/gateway/ride_view.h"

namespace hailstorm::gateway {

http::Response refusal(const RequestProblem& problem) {
  return http::problem(problem.status, problem.detail, {{"field", problem.field}});
}

http::Response accepted_answer(const std::string& ride_id) {
  http::Response answer;
  answer.status = 202;
  answer.headers["Location"] = "/rides/" + ride_id;
  answer.body = accepted_json(ride_id);
  return answer;
}

http::Response reused_key_problem() {
  return refusal(
      {409, "Idempotency-Key", "this Idempotency-Key was used for another ride; use a new key"});
}

http::Response store_problem(const Error& error) {
  log_error("a ride could not be stored", {error});
  if (error.is(store::StoreErrc::busy) || error.is(store::StoreErrc::full)) {
    return http::problem(503, "the ride could not be stored now and was not accepted; try again");
  }
  if (error.is(service::ReactErrc::permanent)) {
    return http::problem(422, "the ride was not accepted: " + error.message());
  }
  return http::problem(500, "the ride could not be stored and was not accepted");
}

}  // namespace hailstorm::gateway
