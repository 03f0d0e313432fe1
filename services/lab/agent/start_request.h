#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/base/log_settings.h"
#include "common/base/result.h"
#include "services/lab/agent/link_table.h"
#include "services/lab/agent/process_info.h"
#include "services/lab/agent/spawn.h"

namespace hailstorm::lab {

/// What an agent may start for those who ask it over HTTP, and where the output may go.
struct AgentBounds {
  std::filesystem::path programs;               // folder of the product's programs
  std::filesystem::path logs;                   // folder of the log files; empty: there are none
  int64_t log_bytes = LogSettings::kFileBytes;  // most that one of them holds
};

/// The folder that this program lies in, with every link followed.
[[nodiscard]] std::filesystem::path own_program_folder();

struct StartRequest {
  SpawnRequest spawn;
  LinkServers links;  // for placeholders in argv (link_table.h)
  RestartPolicy restart = RestartPolicy::never;
};

/// Reads the body of PUT /processes/NAME.
///   {"argv":[…],"log":FILE,"restart":"never"|"always","data":FOLDER,
///    "links":{"broker":"HOST:PORT"}}   {broker} in argv becomes the address of its link
/// Errors cannot_start: no such body; a program that is not
/// the product's, or is the lab itself, which starts whatever it is asked to; a log outside of its
/// folder.
[[nodiscard]] Result<StartRequest> parse_start(const std::string& body, const AgentBounds& bounds);

}  // namespace hailstorm::lab
