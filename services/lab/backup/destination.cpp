#include "services/lab/backup/destination.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "services/lab/backup/copied_file.h"
#include "services/lab/backup/errors.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

Error cannot_use(const fs::path& dir, std::string_view why) {
  return {BackupErrc::not_usable, fmt::format("cannot make a copy in {}: {}", dir.string(), why)};
}

Status sync_folder(const fs::path& folder) {
  const OpenFile file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const bool is_synced = file.get() >= 0 && ::fsync(file.get()) == 0;
  return is_synced ? Status() : file_error("write", folder.string());
}

/// The folder that holds `dir`.
fs::path parent_of(const fs::path& dir) {
  const fs::path parent = dir.parent_path();
  return parent.empty() ? "." : parent;
}

Status check_is_free(const fs::path& dir) {
  std::error_code failure;
  const auto status = fs::symlink_status(dir, failure);
  if (status.type() == fs::file_type::not_found) return {};
  if (status.type() == fs::file_type::none) return cannot_use(dir, failure.message());
  if (!fs::is_directory(status)) return cannot_use(dir, "it is there and no folder; name another");
  const bool is_empty = fs::is_empty(dir, failure);
  if (failure) return cannot_use(dir, failure.message());
  return is_empty ? Status() : cannot_use(dir, "it is not empty; name a new folder");
}

}  // namespace

Result<Destination> Destination::make(const fs::path& given) {
  fs::path dir = given.lexically_normal();
  if (!dir.has_filename()) dir = dir.parent_path();  // "copies/monday/"
  if (dir.filename() == "." || dir.filename() == ".." || !dir.has_filename())
    return cannot_use(given, "name a new folder, not this one");
  HAIL_RETURN_IF_ERROR(check_is_free(dir));
  std::error_code failure;
  if (!fs::is_directory(parent_of(dir), failure))
    return cannot_use(
        dir, fmt::format("the folder {} is not there; make it first", parent_of(dir).string()));
  std::string partial = dir.string() + ".partial-XXXXXX";
  if (::mkdtemp(partial.data()) == nullptr) return cannot_use(dir, std::strerror(errno));
  return Destination(dir, partial);
}

Destination::Destination(Destination&& other) noexcept
    : dir_(std::move(other.dir_)), partial_(std::exchange(other.partial_, fs::path())) {}

Destination::~Destination() {
  std::error_code ignored;
  if (!partial_.empty()) fs::remove_all(partial_, ignored);
}

Status Destination::empty() const {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(partial_, failure))
    fs::remove_all(entry.path(), failure);
  return failure ? cannot_use(partial_, failure.message()) : Status();
}

Status Destination::finish() {
  std::error_code failure;
  fs::recursive_directory_iterator entry(partial_, failure);
  for (const fs::recursive_directory_iterator end; !failure && entry != end;
       entry.increment(failure)) {
    if (entry->is_directory()) HAIL_RETURN_IF_ERROR(sync_folder(entry->path()));
  }
  if (failure) return cannot_use(partial_, failure.message());
  HAIL_RETURN_IF_ERROR(sync_folder(partial_));
  // An empty folder of that name is replaced.
  if (::rename(partial_.c_str(), dir_.c_str()) != 0) return cannot_use(dir_, std::strerror(errno));
  partial_.clear();
  return sync_folder(parent_of(dir_));
}

}  // namespace hailstorm::lab
