#pragma once

#include "common/json/json.h"
#include "services/lab/passport/passport.h"

namespace hailstorm::lab {

/// The passport as one trace: the ExportTraceServiceRequest of OTLP/HTTP in JSON, as Jaeger opens
/// it. A span for each thing that happened, below one for the ride; the trace is that of the
/// rider's traceparent, or follows from the ride's id. A pure function: safe from any thread.
[[nodiscard]] json::Value to_otlp(const Passport& passport);

}  // namespace hailstorm::lab
