#include "services/lab/dead_letters/lab_desk.h"

#include <algorithm>

#include "services/lab/dead_letters/letters.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kReplayPath = "/api/dead-letters/replay";

}  // namespace

Result<json::Value> LabDesk::list() { return client_.get("/api/dead-letters"); }

Result<json::Value> LabDesk::show(const std::string& id) {
  HAIL_ASSIGN_OR_RETURN(const LetterId letter, letter_id_of(id));
  std::string in_path = text_of(letter);
  std::replace(in_path.begin(), in_path.end(), '/', '-');
  return client_.get("/api/dead-letters/" + in_path);
}

Result<json::Value> LabDesk::replay(const std::vector<std::string>& ids) {
  return client_.post(kReplayPath, {{"ids", ids}});
}

Result<json::Value> LabDesk::replay_all() { return client_.post(kReplayPath, {{"all", true}}); }

}  // namespace hailstorm::lab
