#include "services/lab/commands/open_lab.h"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

#include "common/json/member_reader.h"
#include "services/lab/api/errors.h"
#include "services/lab/screen/screen.h"

namespace hailstorm::lab {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 3> kRuns = {
    {{"experiment", "/api/experiments"}, {"blast", "/api/blast"}, {"storm", "/api/storms"}}};

/// Whether this lab lets its caller change anything. What is asked for says nothing, so that a lab
/// which would, refuses it and changes nothing.
Status may_change(LabClient& client) {
  const auto refused = client.post("/api/faults", json::Value::object());
  if (!refused.ok() && refused.error().is(ApiErrc::unauthorized)) return refused.error();
  return {};
}

/// Whether no other run of that lab would change what this one finds. The lab has the report of a
/// run that it began itself in a folder with the name of the run's id.
Status may_begin(LabClient& client, const std::string& report) {
  const std::string own_id = std::filesystem::path(report).parent_path().filename();
  for (const auto& [kind, path] : kRuns) {
    const auto runs = client.get(path);
    const json::Value* list = runs.ok() ? runs->find("runs") : nullptr;
    if (list == nullptr || list->elements() == nullptr || list->elements()->empty()) continue;
    std::string id;
    std::string title;
    std::string state;
    json::MemberReader newest(list->elements()->front());
    newest.required("id", id).required("title", title).required("state", state);
    if (!newest.ok() || state != "running" || id == own_id) continue;
    return Error(ApiErrc::conflict, fmt::format("409: {} {} is on: {}", kind, id, title));
  }
  return {};
}

}  // namespace

int with_lab(const std::string& program, const OwnLabSettings& settings, const Clock& clock,
             StopSignal& stop, const std::string& report,
             const std::function<int(LabClient&)>& work) {
  auto own = OwnLab::open(settings, clock, stop);
  if (!own.ok()) {
    const int could_not_begin = usage_error(program, own.error().message());
    return stop.requested() ? stop.exit_code() : could_not_begin;
  }
  if (const Status may = may_change((*own)->client()); !may.ok()) {
    return usage_error(program, may.error().message());
  }
  if (const Status may = may_begin((*own)->client(), report); !may.ok()) {
    return usage_error(program, may.error().message());
  }
  if (!(*own)->data().empty()) Screen().say("The platform's data are in " + (*own)->data());
  return work((*own)->client());
}

}  // namespace hailstorm::lab
