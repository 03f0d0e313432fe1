#include "services/lab/commands/open_lab.h"

#include "services/lab/api/errors.h"
#include "services/lab/screen/screen.h"

namespace hailstorm::lab {
namespace {

/// Whether this lab lets its caller change anything. What is asked for says nothing, so that a lab
/// which would, refuses it and changes nothing.
Status may_change(LabClient& client) {
  const auto refused = client.post("/api/faults", json::Value::object());
  if (!refused.ok() && refused.error().is(ApiErrc::unauthorized)) return refused.error();
  return {};
}

}  // namespace

int with_lab(const std::string& program, const OwnLabSettings& settings, const Clock& clock,
             StopSignal& stop, const std::function<int(LabClient&)>& work) {
  auto own = OwnLab::open(settings, clock, stop);
  if (!own.ok()) {
    const int could_not_begin = usage_error(program, own.error().message());
    return stop.requested() ? stop.exit_code() : could_not_begin;
  }
  if (const Status may = may_change((*own)->client()); !may.ok()) {
    return usage_error(program, may.error().message());
  }
  if (!(*own)->data().empty()) Screen().say("The platform's data are in " + (*own)->data());
  return work((*own)->client());
}

}  // namespace hailstorm::lab
