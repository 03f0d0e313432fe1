#include "services/lab/faults/power_cut_fault.h"

#include <filesystem>
#include <fmt/format.h>

#include "common/json/member_reader.h"
#include "services/lab/faults/process_fault.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostFilesListed = 40;
constexpr uint64_t kMostSeed = INT64_MAX;  // that an option takes

/// What became of one file of the broker.
struct CutFile {
  std::string file;  // its path below the data folder
  uint64_t before_bytes = 0;
  uint64_t after_bytes = 0;
  bool is_gone = false;
};

/// What `hail power-cut --json` says.
struct CutReport {
  std::string summary = "it had written nothing";
  std::vector<CutFile> files;
  json::Value as_json = json::Value::array();  // of the files
};

Result<CutReport> report_of(const std::string& text) {
  HAIL_ASSIGN_OR_RETURN(const auto document, json::parse(text));
  CutReport report;
  HAIL_RETURN_IF_ERROR(json::MemberReader(document).required("summary", report.summary).status());
  const json::Value* files = document.find("files");
  if (files == nullptr || files->elements() == nullptr) return report;
  for (const auto& one : *files->elements()) {
    CutFile file;
    HAIL_RETURN_IF_ERROR(json::MemberReader(one)
                             .required("file", file.file)
                             .required("before_bytes", file.before_bytes)
                             .required("after_bytes", file.after_bytes)
                             .required("is_gone", file.is_gone)
                             .status());
    report.files.push_back(std::move(file));
    report.as_json.push_back(one);
  }
  return report;
}

class PowerCutFault final : public ProcessFault {
 public:
  PowerCutFault(ProcessControl& processes, const FaultRequest& request, fs::path data,
                fs::path record)
      : ProcessFault(processes, request),
        data_(std::move(data)),
        record_(std::move(record)),
        seed_(request.seed) {}

  Status inject() override {
    HAIL_ASSIGN_OR_RETURN(const auto view, living());
    pid_ = view.pid;
    HAIL_RETURN_IF_ERROR(processes().hold_down(name(), holder()));
    return cut();
  }
  Status revert() override { return processes().let_up(name(), holder()); }
  Probe is_in_effect() override {
    const auto view = processes().look(name());
    if (view.ok() && view->pid != 0) return serves(Effect::unclear);
    const Probe dead = is_dead(pid_);
    if (dead.effect != Effect::on) return dead;
    for (const auto& file : report_.files) {
      const fs::path path = data_ / file.file;
      std::error_code gone;
      const uint64_t now = fs::file_size(path, gone);
      if (file.is_gone ? !fs::exists(path) : !gone && now == file.after_bytes) continue;
      return {Effect::off, path.string() + " is not as it was cut"};
    }
    return {Effect::on, dead.evidence + "; " + summary()};
  }
  json::Value details() const override {
    json::Value files = json::Value::array();
    for (const auto& file : *report_.as_json.elements()) {
      if (files.elements()->size() == kMostFilesListed) break;
      files.push_back(file);
    }
    return {{"changed_files", report_.files.size()}, {"files", std::move(files)}};
  }

 private:
  [[nodiscard]] Status cut() {
    if (!fs::exists(record_)) return {};  // killed before it wrote anything
    HAIL_ASSIGN_OR_RETURN(
        const std::string said,
        processes().run_program(
            "hail", {"power-cut", "--json", "--record", record_.string(), "--data", data_.string(),
                     "--seed", std::to_string(seed_ & kMostSeed)}));
    auto report = report_of(said);
    if (!report.ok()) {
      return Error(FaultErrc::failed, "hail power-cut: " + report.error().message());
    }
    report_ = std::move(*report);
    return {};
  }

  [[nodiscard]] std::string summary() const {
    if (report_.files.empty()) return report_.summary;
    const auto& first = report_.files.front();
    return fmt::format("{}: {} had {} bytes and has {}", report_.summary, first.file,
                       first.before_bytes, first.after_bytes);
  }

  const fs::path data_;
  const fs::path record_;
  const uint64_t seed_;
  pid_t pid_ = 0;
  CutReport report_;
};

}  // namespace

Result<std::unique_ptr<Fault>> make_power_cut_fault(ProcessControl& processes,
                                                    const FaultRequest& request) {
  HAIL_RETURN_IF_ERROR(check_attributes(request, {}));
  HAIL_ASSIGN_OR_RETURN(const auto view, processes.look(request.target));
  HAIL_ASSIGN_OR_RETURN(const fs::path data, data_folder_of(processes, request.target));
  const std::string record = option_in(view.argv, "--sync-record");
  if (record.empty()) {
    return Error(FaultErrc::not_possible,
                 fmt::format("{} does not record its syncs: a broker does with --sync-record",
                             request.target));
  }
  return std::unique_ptr<Fault>(std::make_unique<PowerCutFault>(
      processes, request, fs::absolute(data).lexically_normal(), fs::absolute(record)));
}

}  // namespace hailstorm::lab
