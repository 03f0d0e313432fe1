#include "services/lab/faults/store_lock_fault.h"

#include <filesystem>
#include <fmt/format.h>

#include "common/store/database.h"
#include "services/lab/faults/process_fault.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
using store::Database;

constexpr int kLockWithinMs = 1'500;  // the service has it now and then
constexpr int kProbeMs = 50;

class StoreLockFault final : public Fault {
 public:
  explicit StoreLockFault(fs::path file) : file_(std::move(file)) {}

  Status inject() override {
    HAIL_ASSIGN_OR_RETURN(auto opened, open(kLockWithinMs));
    if (const Status locked = opened->begin_immediate(); !locked.ok()) {
      return Error(FaultErrc::failed, locked.error().message());
    }
    holder_ = std::move(opened);
    return {};
  }
  Status revert() override {
    if (holder_ != nullptr) holder_->rollback();
    holder_.reset();
    return {};
  }
  Probe is_in_effect() override {
    const auto prober = open(kProbeMs);
    if (!prober.ok()) return {Effect::unclear, prober.error().message()};
    const Status begun = (*prober)->begin_immediate();
    (*prober)->rollback();
    const std::string asked = fmt::format("BEGIN IMMEDIATE on {} ", file_.filename().string());
    if (begun.ok()) return {Effect::off, asked + "succeeds"};
    const bool is_busy = begun.error().is(store::StoreErrc::busy);
    return {is_busy ? Effect::on : Effect::unclear,
            asked + (is_busy ? "answers busy" : "fails: " + begun.error().message())};
  }

 private:
  [[nodiscard]] Result<std::unique_ptr<Database>> open(int busy_timeout_ms) const {
    auto opened = Database::open(file_.string(), Database::Mode::read_write, busy_timeout_ms);
    if (!opened.ok()) return Error(FaultErrc::failed, opened.error().message());
    return opened;
  }

  const fs::path file_;
  std::unique_ptr<Database> holder_;
};

}  // namespace

Result<std::unique_ptr<Fault>> make_store_lock_fault(ProcessControl& processes,
                                                     const FaultRequest& request) {
  HAIL_RETURN_IF_ERROR(check_attributes(request, {}));
  HAIL_ASSIGN_OR_RETURN(const fs::path data, data_folder_of(processes, request.target));
  fs::path file = data / (request.target + ".db");
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) {
    return Error(FaultErrc::not_possible,
                 fmt::format("{} has no database: there is no {}", request.target, file.string()));
  }
  return std::unique_ptr<Fault>(std::make_unique<StoreLockFault>(std::move(file)));
}

}  // namespace hailstorm::lab
