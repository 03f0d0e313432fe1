#include "broker/api/responder.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "common/base/logging.h"

namespace hailstorm::broker::responder_faults {
namespace {

void note(const char* what, std::string_view request_name) {
  const std::string name(request_name);
#ifndef NDEBUG
  std::fprintf(stderr, "%s: %s\n", what, name.c_str());
  std::abort();
#else
  log_error(what, {{"request", name}});
#endif
}

}  // namespace

wire::Outcome note_forgotten(std::string_view request_name) {
  note("a request was not answered", request_name);
  return {wire::ErrorCode::unknown_server_error, "the broker lost this request; see its log"};
}

void note_second_answer(std::string_view request_name) {
  note("a request was answered twice", request_name);
}

wire::Outcome no_memory() {
  return {wire::ErrorCode::out_of_resources,
          "the broker has no memory for this request now; try again"};
}

}  // namespace hailstorm::broker::responder_faults
