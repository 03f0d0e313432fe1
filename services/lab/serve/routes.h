#pragma once

#include <filesystem>
#include <string>

#include "common/base/address.h"
#include "services/lab/api/lab_server.h"
#include "services/lab/runs/run_desk.h"
#include "services/lab/serve/audit_desk.h"
#include "services/lab/serve/fault_desk.h"
#include "services/lab/serve/traffic_control.h"
#include "services/lab/views/views.h"

namespace hailstorm::lab {

/// What the routes offer; all of it must remain live while the server runs.
struct RouteParts {
  FaultDesk& faults;
  AuditDesk& audit;
  TrafficControl& traffic;
  Views& views;
  RunDesk& runs;
  Address listens_at;          // the server, for clients on this machine
  std::filesystem::path data;  // the platform's
  std::string broker;          // its URL
};

/// Adds every route of the lab's API.
void add_routes(LabServer& server, const RouteParts& parts);

}  // namespace hailstorm::lab
