#pragma once

#include <functional>
#include <string>

#include "services/lab/api/lab_server.h"
#include "services/lab/page/page_files.h"

namespace hailstorm::lab {

/// Adds GET / and GET /page/FILE: mission control, which is no part of the API. And POST /api/keys,
/// which answers with what `page_url` makes: the page's address with a new key. All must remain
/// live while the server runs.
void add_page_routes(LabServer& server, const PageFiles& files,
                     std::function<std::string()> page_url);

}  // namespace hailstorm::lab
