#pragma once

#include "services/lab/api/lab_server.h"
#include "services/lab/page/page_files.h"

namespace hailstorm::lab {

/// Adds GET / and GET /page/FILE: mission control, which is no part of the API. `files` must remain
/// live while the server runs.
void add_page_routes(LabServer& server, const PageFiles& files);

}  // namespace hailstorm::lab
