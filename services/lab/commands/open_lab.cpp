#include "services/lab/commands/open_lab.h"

#include "services/lab/api/errors.h"
#include "services/lab/screen/screen.h"

namespace hailstorm::lab {

int with_lab(const std::string& program, const OwnLabSettings& settings, const Clock& clock,
             StopSignal& stop, const std::function<int(LabClient&)>& work) {
  auto own = OwnLab::open(settings, clock, stop);
  if (!own.ok()) {
    const int code = usage_error(program, own.error().message());
    if (stop.requested()) return stop.exit_code();
    return own.error().is(ApiErrc::bad_request) ? code : 1;
  }
  if (!(*own)->data().empty()) Screen().say("The platform's data are in " + (*own)->data());
  return work((*own)->client());
}

}  // namespace hailstorm::lab
