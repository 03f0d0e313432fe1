#include "broker/api/responder.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "common/base/logging.h"

namespace hailstorm::broker::responder_faults {
namespace {

void note(const char* what, wire::Api api) {
  const std::string name(wire::name_of(api));
#ifndef NDEBUG
  std::fprintf(stderr, "%s: %s\n", what, name.c_str());
  std::abort();
#else
  log_error(what, {{"request", name}});
#endif
}

}  // namespace

wire::Outcome note_forgotten(wire::Api api) {
  note("a request was not answered", api);
  return {wire::ErrorCode::unknown_server_error, "the broker lost this request; see its log"};
}

void note_second_answer(wire::Api api) { note("a request was answered twice", api); }

wire::Outcome no_memory() {
  return {wire::ErrorCode::out_of_resources,
          "the broker has no memory for this request now; try again"};
}

}  // namespace hailstorm::broker::responder_faults
