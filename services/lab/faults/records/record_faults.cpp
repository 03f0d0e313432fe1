#include "services/lab/faults/records/record_faults.h"

#include <fmt/format.h>
#include <utility>

#include "services/lab/faults/records/duplicate_fault.h"
#include "services/lab/faults/records/poison_fault.h"
#include "services/lab/faults/records/redeliver_fault.h"

namespace hailstorm::lab {

FaultMaker record_fault_maker(std::string broker_url) {
  return
      [url = std::move(broker_url)](const FaultRequest& request) -> Result<std::unique_ptr<Fault>> {
        switch (request.action) {
          case FaultAction::poison:
            return make_poison_fault(url, request);
          case FaultAction::duplicate:
            return make_duplicate_fault(url, request);
          case FaultAction::redeliver:
            return make_redeliver_fault(url, request);
          default:
            return Error(FaultErrc::unknown_target,
                         fmt::format("{} is no fault of records", name_of(request.action)));
        }
      };
}

}  // namespace hailstorm::lab
