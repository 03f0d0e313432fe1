#include "common/base/log_settings.h"

#include "common/base/logging.h"

namespace hailstorm {

void LogSettings::add_to(Options& options) {
  options.add_choice("log-level", level, kLogLevels, "least level that is logged");
  options.add("log-file", file, "file that standard error goes to, appended");
  options.add("log-file-bytes", file_bytes, {1'000, kAnyMost, "bytes"},
              "most that this file holds: a full one gets the name FILE.1, and FILE begins empty");
}

Status LogSettings::begin(std::string_view service) const {
  init_logging(service, log_level_from(level));
  return file ? log_to_file(*file, file_bytes) : Status();
}

}  // namespace hailstorm
