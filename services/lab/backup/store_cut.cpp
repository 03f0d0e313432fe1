#include "services/lab/backup/store_cut.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>

#include "services/lab/backup/errors.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
using store::Database;

/// 0: it is not there.
int64_t time_of(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return 0;
  return int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec;
}

/// Since the store was opened as a file at rest a service was started, which may write.
bool has_write_ahead_log(const fs::path& path) { return time_of(path.string() + "-wal") != 0; }

Result<std::unique_ptr<Database>> open_to_read(const fs::path& path) {
  return Database::open(path.string(), Database::Mode::read_only);
}

Result<CopiedFile> copy_text(const fs::path& from, const fs::path& root, const std::string& path,
                             const IsStopped& is_stopped) {
  const OpenFile file(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat found {};
  if (file.get() < 0 || ::fstat(file.get(), &found) != 0) return file_error("read", from.string());
  return copy_file(file, from.string(), static_cast<uint64_t>(found.st_size), root, path,
                   is_stopped);
}

}  // namespace

Result<StoreCut> StoreCut::open(const fs::path& data) {
  StoreCut cut;
  for (const auto& service : registry::names()) {
    const fs::path path = data / service / (service + ".db");
    std::error_code unreadable;  // of which opening it says why
    if (!fs::exists(path, unreadable) && !unreadable) continue;
    Store store{service, path, nullptr, nullptr};
    HAIL_ASSIGN_OR_RETURN(store.moment, open_to_read(path));
    HAIL_ASSIGN_OR_RETURN(store.watcher, open_to_read(path));
    cut.stores_.push_back(std::move(store));
  }
  return cut;
}

Status StoreCut::take() {
  for (auto& store : stores_) {
    store.moment->rollback();
    HAIL_ASSIGN_OR_RETURN(store.version, store.watcher->data_version());
    store.changed_ns = time_of(store.path);
    HAIL_RETURN_IF_ERROR(store.moment->run("BEGIN"));
    // A transaction sees the store as it is at its first query.
    HAIL_RETURN_IF_ERROR(
        store.moment->query("SELECT count(*) FROM sqlite_master", {}, [](const store::Row&) {}));
  }
  return {};
}

Result<bool> StoreCut::is_current(Store& store) {
  if (store.moment->reads_file_at_rest())
    return !has_write_ahead_log(store.path) && time_of(store.path) == store.changed_ns;
  HAIL_ASSIGN_OR_RETURN(const int64_t version, store.watcher->data_version());
  return version == store.version;
}

Result<bool> StoreCut::is_current() {
  for (auto& store : stores_) {
    HAIL_ASSIGN_OR_RETURN(const bool is_so, is_current(store));
    if (!is_so) return false;
  }
  return true;
}

uint64_t StoreCut::bytes() {
  // Not the file's size: most of a store may still be in its write-ahead log.
  constexpr const char* kBytes =
      "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
  int64_t bytes = 0;
  for (auto& store : stores_) {
    const auto add = [&](const store::Row& row) { bytes += row.integer(0); };
    (void)store.moment->query(kBytes, {}, add);  // an error shows when it is copied
  }
  return static_cast<uint64_t>(bytes);
}

Result<std::vector<CopiedFile>> StoreCut::copy_to(const fs::path& root,
                                                  const IsStopped& is_stopped) {
  std::vector<CopiedFile> files;
  for (auto& store : stores_) {
    const std::string version = store.service + "/VERSION";
    HAIL_ASSIGN_OR_RETURN(
        auto mark, copy_text(store.path.parent_path() / "VERSION", root, version, is_stopped));
    files.push_back(std::move(mark));
    const std::string path = fmt::format("{0}/{0}.db", store.service);
    HAIL_ASSIGN_OR_RETURN(const bool is_done,
                          store.moment->copy_to((root / path).string(), is_stopped));
    if (!is_done) return stopped_by_user();
    // Of a file at rest no snapshot is kept.
    if (store.moment->reads_file_at_rest() && time_of(store.path) != store.changed_ns)
      return Error(BackupErrc::moving, store.path.string() + " was changed while it was copied");
    HAIL_ASSIGN_OR_RETURN(auto file, describe_file(root, path, is_stopped));
    files.push_back(std::move(file));
    store.moment->rollback();
  }
  return files;
}

}  // namespace hailstorm::lab
