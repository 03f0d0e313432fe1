#include "services/lab/backup/backup.h"

#include <fmt/format.h>
#include <iostream>
#include <iterator>
#include <optional>
#include <sys/statvfs.h>
#include <system_error>
#include <utility>

#include "common/base/time_text.h"
#include "services/lab/audit/audit_text.h"
#include "services/lab/backup/destination.h"
#include "services/lab/backup/log_cut.h"
#include "services/lab/backup/store_cut.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBackupProgram = "hail-lab backup";
constexpr int64_t kMomentWithinMs = 30'000;
// So many tries for a moment, then the files are opened again.
constexpr int kMomentTries = 1'000;

/// The log and the stores, all open, at the moment that was found.
struct Cut {
  LogCut log;
  StoreCut stores;
  int64_t at_ms = 0;
};

bool may_pass(const Error& error) {
  return error.is(BackupErrc::moving) || error.is(store::StoreErrc::busy);
}

/// A moment at which no store changed while the sizes of the log's files were read. The log then
/// has all events that the stores have sent, and no others: the services can go on from there. A
/// try takes a fraction of a millisecond, and is repeated until no transaction was committed
/// meanwhile.
Result<bool> find_moment(Cut& cut, const IsStopped& is_stopped, const Clock& clock) {
  for (int i = 0; i < kMomentTries; ++i) {
    if (is_stopped()) return stopped_by_user();
    HAIL_RETURN_IF_ERROR(cut.stores.take());
    HAIL_RETURN_IF_ERROR(cut.log.take());
    HAIL_ASSIGN_OR_RETURN(const bool is_current, cut.stores.is_current());
    if (!is_current) continue;
    cut.at_ms = clock.wall_ms();
    return cut.log.is_whole();
  }
  return false;
}

/// Nothing: the files changed; the next try may succeed.
Result<std::optional<Cut>> try_to_cut(const fs::path& data, const IsStopped& is_stopped,
                                      const Clock& clock) {
  HAIL_ASSIGN_OR_RETURN(auto stores, StoreCut::open(data));
  HAIL_ASSIGN_OR_RETURN(auto log, LogCut::open(data / "broker"));
  Cut cut{std::move(log), std::move(stores)};
  HAIL_ASSIGN_OR_RETURN(const bool is_found, find_moment(cut, is_stopped, clock));
  if (!is_found) return std::optional<Cut>();
  return std::optional<Cut>(std::move(cut));
}

Error no_room(const fs::path& folder, const std::string& why) {
  return {BackupErrc::no_room,
          fmt::format("no room for the copy in {}: {}; free some or name another "
                      "place",
                      folder.parent_path().string(), why)};
}

Status check_room(uint64_t bytes, const fs::path& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return {};  // writing finds out
  const uint64_t free = uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free >= bytes) return {};
  return no_room(folder,
                 fmt::format("it needs {:.1f} MB, and {:.1f} MB are free",
                             static_cast<double>(bytes) / 1e6, static_cast<double>(free) / 1e6));
}

Status copy(Cut& cut, const fs::path& folder, const IsStopped& is_stopped, BackupSummary& summary) {
  HAIL_RETURN_IF_ERROR(check_room(cut.log.bytes() + cut.stores.bytes(), folder));
  // The stores first: while this reads them their write-ahead logs can only grow.
  HAIL_ASSIGN_OR_RETURN(auto files, cut.stores.copy_to(folder, is_stopped));
  HAIL_ASSIGN_OR_RETURN(auto segments, cut.log.copy_to(folder, is_stopped));
  files.insert(files.end(), std::make_move_iterator(segments.begin()),
               std::make_move_iterator(segments.end()));
  summary.manifest = {cut.at_ms, std::move(files)};
  summary.partitions = cut.log.partitions();
  summary.stores = cut.stores.stores();
  return write_manifest(summary.manifest, folder);
}

Status cut_and_copy(const fs::path& data, const Destination& destination,
                    const IsStopped& is_stopped, const Clock& clock, BackupSummary& summary) {
  const int64_t deadline_ms = clock.steady_ms() + kMomentWithinMs;
  for (;;) {
    auto cut = try_to_cut(data, is_stopped, clock);
    Status done = cut.ok() ? Status() : Status(cut.error());
    if (cut.ok() && *cut) {
      done = copy(**cut, destination.folder(), is_stopped, summary);
      if (done.ok()) return done;
    }
    if (!done.ok() && done.error().is(store::StoreErrc::full))
      return no_room(destination.folder(), done.error().message());
    if (!done.ok() && !may_pass(done.error())) return done;
    if (clock.steady_ms() > deadline_ms) {
      return Error(
          BackupErrc::moving,
          fmt::format("no moment was found within {} s at which the platform can be "
                      "copied{}; try again when it has less to do",
                      kMomentWithinMs / 1000, done.ok() ? "" : ": " + done.error().message()));
    }
    HAIL_RETURN_IF_ERROR(destination.empty());
  }
}

Status check_data_folder(const fs::path& data) {
  std::error_code failure;
  if (fs::is_directory(data / "broker", failure)) return {};
  return Error(BackupErrc::not_a_data_folder,
               fmt::format("{} holds no folder broker: name the folder that the platform runs with "
                           "(--data)",
                           data.string()));
}

int failed(const Error& error, const StopSignal& stop) {
  if (error.is(BackupErrc::stopped)) return stop.exit_code();
  return usage_error(kBackupProgram, error.message());
}

int run_check(const BackupSettings& settings, const IsStopped& is_stopped, const StopSignal& stop) {
  const auto checked = check_copy(settings.dir, is_stopped);
  if (checked.ok()) {
    std::cout << fmt::format("All {} files of {} are as they were copied.\n", *checked,
                             settings.dir);
    return 0;
  }
  if (!checked.error().is(BackupErrc::changed)) return failed(checked.error(), stop);
  std::cout << checked.error().message() << "\n";
  return 1;
}

/// Files that SQLite makes for readers of a store; they are empty.
void remove_readers_files(const Manifest& manifest, const fs::path& folder) {
  std::error_code ignored;
  for (const auto& file : manifest.files) {
    if (!file.path.ends_with(".db")) continue;
    for (const char* suffix : {"-wal", "-shm"}) fs::remove(folder / (file.path + suffix), ignored);
  }
}

}  // namespace

Result<BackupSummary> make_backup(const fs::path& data, const fs::path& dir,
                                  const IsStopped& is_stopped, const Clock& clock) {
  HAIL_RETURN_IF_ERROR(check_data_folder(data));
  HAIL_ASSIGN_OR_RETURN(Destination destination, Destination::make(dir));
  BackupSummary summary;
  HAIL_RETURN_IF_ERROR(cut_and_copy(data, destination, is_stopped, clock, summary));
  // Reads every batch's checksum and every row: damage of the original is found now, not when the
  // copy is needed.
  HAIL_ASSIGN_OR_RETURN(summary.audit, audit(destination.folder()));
  remove_readers_files(summary.manifest, destination.folder());
  HAIL_RETURN_IF_ERROR(destination.finish());
  return summary;
}

void BackupSettings::add_to(Options& options) {
  options.add("data", data, "the folder that the platform runs with");
  options.add_flag("check", check,
                   "copy nothing: compare the copy in DIR to the list of files that it has");
  options.add_positional("DIR", dir, "where the copy is made: a new folder");
}

int run_backup(const BackupSettings& settings, const Clock& clock, StopSignal& stop) {
  const IsStopped is_stopped = [&stop] { return stop.requested(); };
  if (settings.check) return run_check(settings, is_stopped, stop);
  if (settings.data.empty()) return usage_error(kBackupProgram, "--data is missing (see --help)");
  const int64_t began_ms = clock.steady_ms();
  const auto made = make_backup(settings.data, settings.dir, is_stopped, clock);
  if (!made.ok()) return failed(made.error(), stop);
  std::cout << fmt::format(
      "{} stores and {} partitions, {:.1f} MB, as they were at {}, are in {} after {:.2f} s.\n"
      "The audit of the copy\n{}",
      made->stores, made->partitions, static_cast<double>(made->manifest.bytes()) / 1e6,
      time_text(made->manifest.made_ms), settings.dir,
      static_cast<double>(clock.steady_ms() - began_ms) / 1e3, to_text(made->audit));
  return made->audit.clean() ? 0 : 1;
}

}  // namespace hailstorm::lab
