#include "services/lab/faults/power_cut_fault.h"

#include <filesystem>
#include <fmt/format.h>

#include "broker/sync_record/power_cut.h"
#include "broker/sync_record/record_file.h"
#include "services/lab/faults/process_fault.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
using storage::CutFile;

constexpr size_t kMostFilesListed = 40;

Error as_failed(const Error& error) { return {FaultErrc::failed, error.message()}; }

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
    for (const auto& file : cuts_) {
      std::error_code gone;
      const uint64_t now = fs::file_size(file.path, gone);
      if (file.is_gone ? !fs::exists(file.path) : !gone && now == file.after_bytes) continue;
      return {Effect::off, file.path + " is not as it was cut"};
    }
    return {Effect::on, dead.evidence + "; " + summary()};
  }
  json::Value details() const override {
    json::Value files = json::Value::array();
    for (const auto& file : cuts_) {
      if (files.elements()->size() == kMostFilesListed) break;
      files.push_back({{"file", relative(file.path)},
                       {"before_bytes", file.before_bytes},
                       {"after_bytes", file.after_bytes},
                       {"lost_bytes", file.lost_bytes},
                       {"is_gone", file.is_gone}});
    }
    return {{"changed_files", cuts_.size()}, {"files", std::move(files)}};
  }

 private:
  [[nodiscard]] Status cut() {
    storage::SyncRecord unsynced;
    {
      const auto file = storage::RecordFile::open(record_.string());
      if (!file.ok()) return as_failed(file.error());
      const auto lines = (*file)->read();
      if (!lines.ok()) return as_failed(lines.error());
      if (const Status read = unsynced.apply(*lines); !read.ok()) return as_failed(read.error());
    }
    const auto files = storage::make_posix_file_system();
    auto cuts = storage::cut_power(*files, unsynced, data_.string(), seed_);
    if (!cuts.ok()) return as_failed(cuts.error());
    cuts_ = std::move(cuts).value();
    std::error_code failed;
    fs::remove(record_, failed);  // what is left is durable: the next one begins with nothing
    if (failed) return Error(FaultErrc::failed, "cannot remove the record: " + failed.message());
    return {};
  }

  [[nodiscard]] std::string relative(const std::string& path) const {
    return fs::path(path).lexically_relative(data_).string();
  }
  [[nodiscard]] std::string summary() const {
    if (cuts_.empty()) return "a sync had covered every byte";
    uint64_t cut_off = 0;
    uint64_t lost = 0;
    size_t names = 0;
    for (const auto& file : cuts_) {
      if (file.before_bytes > file.after_bytes) cut_off += file.before_bytes - file.after_bytes;
      lost += file.lost_bytes;
      names += file.is_gone ? 1 : 0;
    }
    const auto& first = cuts_.front();
    return fmt::format(
        "{} bytes cut off, {} lost in between, {} names gone, in {} files: {} had {} "
        "bytes and has {}",
        cut_off, lost, names, cuts_.size(), relative(first.path), first.before_bytes,
        first.after_bytes);
  }

  const fs::path data_;
  const fs::path record_;
  const uint64_t seed_;
  pid_t pid_ = 0;
  std::vector<CutFile> cuts_;
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
