#include "services/lab/agent/start_request.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string_view>
#include <system_error>
#include <vector>

#include "common/json/json.h"
#include "common/json/member_reader.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

Error refused(std::string why) { return {AgentErrc::cannot_start, std::move(why)}; }

/// False for a member that the agent would ignore, such as an environment.
bool has_only_known_members(const json::Value& body) {
  const auto* members = body.members();
  static const std::set<std::string> kKnown = {"argv", "log", "restart", "data", "links"};
  return members != nullptr && std::all_of(members->begin(), members->end(), [](const auto& one) {
           return kKnown.contains(one.name);
         });
}

bool is_programs_name(const std::string& name) {
  return name == "hail" || name.starts_with("hail-");
}

/// False: "links" is something else than an object of texts.
bool read_links_of(const json::Value& body, LinkServers& links) {
  const auto* found = body.find("links");
  if (found == nullptr) return true;
  if (found->members() == nullptr) return false;
  return std::all_of(found->members()->begin(), found->members()->end(),
                     [&links](const auto& one) { return json::read(one.value, links[one.name]); });
}

/// The program's own file, whatever links lead to it: what is checked is what is started.
Result<std::string> find_program(const std::string& named, const fs::path& programs) {
  std::error_code failed;
  const fs::path file = fs::canonical(named, failed);
  const fs::path folder = failed ? fs::path() : fs::canonical(programs, failed);
  if (failed) return refused(fmt::format("cannot start {}: {}", named, failed.message()));
  if (file.parent_path() != folder || !is_programs_name(file.filename())) {
    return refused(fmt::format("cannot start {}: an agent starts only the programs hail-* of {}",
                               named, folder.string()));
  }
  if (file.filename() == "hail-lab") {
    return refused("cannot start hail-lab: an agent starts no other agent and no story");
  }
  return file.string();
}

bool has_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

}  // namespace

fs::path own_program_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

Result<StartRequest> parse_start(const std::string& body, const AgentBounds& bounds) {
  StartRequest parsed;
  std::vector<std::string>& argv = parsed.spawn.argv;
  std::string restart = "never";
  const auto document = json::parse(body);
  if (!document.ok() || !has_only_known_members(*document) ||
      !json::MemberReader(*document)
           .required("argv", argv)
           .optional("log", parsed.spawn.log_file)
           .optional("restart", restart)
           .optional("data", parsed.spawn.data)
           .ok() ||
      !read_links_of(*document, parsed.links)) {
    return refused(
        "the body must be {\"argv\":[TEXT…],\"log\":FILE,\"restart\":\"never\"|\"always\","
        "\"data\":FOLDER,\"links\":{NAME:\"HOST:PORT\"}} and nothing else");
  }
  if (restart != "never" && restart != "always") return refused("restart is never or always");
  if (restart == "always") parsed.restart = RestartPolicy::always;
  if (argv.empty()) return refused("argv must name a program");
  if (std::any_of(argv.begin(), argv.end(), has_nul)) return refused("argv has a NUL character");
  HAIL_ASSIGN_OR_RETURN(argv.front(), find_program(argv.front(), bounds.programs));
  if (parsed.spawn.log_file.empty()) return parsed;
  if (bounds.logs.empty()) return refused("this agent has no folder for logs: give it --logs");
  parsed.spawn.log_folder = bounds.logs.string();
  parsed.spawn.log_bytes = bounds.log_bytes;
  return parsed;
}

}  // namespace hailstorm::lab
