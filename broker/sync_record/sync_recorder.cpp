#include "broker/sync_record/sync_recorder.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "broker/storage/whole_file.h"

namespace hailstorm::storage {
namespace {

constexpr std::string_view kNothing;

std::string absolute(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

std::string parent_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

bool is_folder(FileSystem& files, const std::string& path) {
  const auto names = files.list(path);
  if (!names.ok() || !names->empty()) return names.ok();
  const auto file = files.open(path, FileSystem::Mode::read);
  uint8_t byte = 0;
  return !file.ok() || !(*file)->read_at(0, {&byte, 1}).ok();
}

}  // namespace

class SyncRecorder::RecordedFile final : public File {
 public:
  RecordedFile(SyncRecorder& recorder, std::unique_ptr<File> file,
               std::shared_ptr<Followed> followed)
      : recorder_(recorder), file_(std::move(file)), followed_(std::move(followed)) {}

  Result<size_t> read_at(uint64_t position, MutableBytes into) override {
    return file_->read_at(position, into);
  }
  Result<uint64_t> size() override { return file_->size(); }
  Result<uint64_t> identity() override { return file_->identity(); }

  // Under the lock to its end: a sync that begins meanwhile would take the bytes for covered.
  Status write_at(uint64_t position, Bytes bytes) override {
    const std::lock_guard lock(recorder_.mutex_);
    if (followed_->path.empty()) return file_->write_at(position, bytes);
    const uint64_t end = position + bytes.size();
    HAIL_ASSIGN_OR_RETURN(std::string lines, lines_to_undo(position, end));
    const bool is_undoable = lines.size() <= 2 * kMostUndoBytes;
    if (!is_undoable) lines.clear();
    lines += fmt::format("unsynced {} {} {}\n", position, end, followed_->path);
    HAIL_RETURN_IF_ERROR(recorder_.note(lines));
    for (auto& sync : followed_->syncs) sync.ranges = without(sync.ranges, {{position, end}});
    HAIL_RETURN_IF_ERROR(file_->write_at(position, bytes));
    return is_undoable ? Status() : sync_locked();
  }

  Status truncate(uint64_t size) override {
    const std::lock_guard lock(recorder_.mutex_);
    if (followed_->path.empty()) return file_->truncate(size);
    HAIL_ASSIGN_OR_RETURN(std::string lines, lines_to_undo(size, UINT64_MAX));
    const bool is_undoable = lines.size() <= 2 * kMostUndoBytes;
    if (!is_undoable) lines.clear();
    lines += fmt::format("cut {} {}\n", size, followed_->path);
    HAIL_RETURN_IF_ERROR(recorder_.note(lines));
    for (auto& sync : followed_->syncs) {
      sync.ranges = within(sync.ranges, 0, size);
      sync.size = std::min(sync.size, size);
    }
    HAIL_RETURN_IF_ERROR(file_->truncate(size));
    return is_undoable ? Status() : sync_locked();
  }

  Status sync() override {
    std::list<Sync>::iterator begun;
    {
      const std::lock_guard lock(recorder_.mutex_);
      HAIL_ASSIGN_OR_RETURN(const uint64_t size, file_->size());
      begun = followed_->syncs.insert(followed_->syncs.end(), {unsynced(), size});
    }
    const Status synced = file_->sync();
    const std::lock_guard lock(recorder_.mutex_);
    const Sync covered = *begun;
    followed_->syncs.erase(begun);
    HAIL_RETURN_IF_ERROR(synced);
    return note_covered(covered);
  }

 private:
  [[nodiscard]] SyncRecord::Ranges unsynced() const {
    const auto* state = recorder_.record_.find(followed_->path);
    return state == nullptr ? SyncRecord::Ranges() : state->unsynced;
  }
  [[nodiscard]] Status note_covered(const Sync& sync) {
    if (recorder_.record_.find(followed_->path) == nullptr) return {};
    return recorder_.note(
        fmt::format("synced {} {} {}\n", sync.size, to_text(sync.ranges), followed_->path));
  }
  [[nodiscard]] Status sync_locked() {
    HAIL_ASSIGN_OR_RETURN(const uint64_t size, file_->size());
    HAIL_RETURN_IF_ERROR(file_->sync());
    return note_covered({unsynced(), size});
  }

  /// Lines that follow the file, and keep its durable bytes of [begin, end), which are about to
  /// change.
  [[nodiscard]] Result<std::string> lines_to_undo(uint64_t begin, uint64_t end) {
    const auto* state = recorder_.record_.find(followed_->path);
    std::string lines;
    SyncRecord::FileState now;
    if (state != nullptr) {
      now = {state->durable_size, state->unsynced, {}};
      for (const auto& undo : state->undos) {  // what is kept already is not kept again
        now.unsynced = with(now.unsynced, {undo.position, undo.position + undo.bytes.size()});
      }
    } else {
      HAIL_ASSIGN_OR_RETURN(now.durable_size, file_->size());
      lines = fmt::format("file {} {}\n", now.durable_size, followed_->path);
    }
    const SyncRecord::Ranges durable = {{0, now.durable_size}};
    for (const auto& part : without(within(durable, begin, end), now.unsynced)) {
      std::vector<uint8_t> bytes(std::min(part.end - part.begin, kMostUndoBytes + 1));
      HAIL_ASSIGN_OR_RETURN(const size_t got, file_->read_at(part.begin, bytes));
      bytes.resize(got);
      lines += fmt::format("undo {} {} {}\n", part.begin, to_hex(bytes), followed_->path);
    }
    return lines;
  }

  SyncRecorder& recorder_;
  const std::unique_ptr<File> file_;
  const std::shared_ptr<Followed> followed_;
};

SyncRecorder::SyncRecorder(FileSystem& files, std::unique_ptr<RecordFile> file, SyncRecord record)
    : ForwardingFileSystem(files), file_(std::move(file)), record_(std::move(record)) {}

SyncRecorder::~SyncRecorder() = default;

Result<std::unique_ptr<SyncRecorder>> SyncRecorder::open(FileSystem& files,
                                                         const std::string& record_path) {
  HAIL_ASSIGN_OR_RETURN(auto file, RecordFile::open(record_path));
  HAIL_ASSIGN_OR_RETURN(const std::string lines, file->read());
  SyncRecord record;
  HAIL_RETURN_IF_ERROR(record.apply(lines));
  return std::unique_ptr<SyncRecorder>(new SyncRecorder(files, std::move(file), std::move(record)));
}

Status SyncRecorder::note(const std::string& lines) {
  HAIL_RETURN_IF_ERROR(record_.apply(lines));
  if (file_->has_room_for(lines)) {
    file_->append(lines);
    return {};
  }
  const std::string all = record_.lines();
  if (all.size() >= RecordFile::kHalfBytes / 2) {
    return Error(StorageErrc::io, "the record of syncs is full: too much was never synced");
  }
  file_->replace(all);
  return {};
}

std::shared_ptr<SyncRecorder::Followed> SyncRecorder::follow(const std::string& path) {
  std::erase_if(followed_, [](const auto& one) { return one.second.expired(); });
  auto& known = followed_[path];
  auto followed = known.lock();
  if (followed == nullptr) {
    followed = std::make_shared<Followed>(Followed{path, {}});
    known = followed;
  }
  return followed;
}

void SyncRecorder::forget(const std::string& path) {
  for (auto at = followed_.lower_bound(path);
       at != followed_.end() && at->first.starts_with(path);) {
    const auto one = at++;
    if (one->first != path && !one->first.starts_with(path + "/")) continue;
    if (const auto followed = one->second.lock()) followed->path.clear();
    followed_.erase(one);
  }
}

Result<std::unique_ptr<File>> SyncRecorder::open(const std::string& given, Mode mode) {
  if (mode == Mode::read) return below().open(given, mode);
  const std::string path = absolute(given);
  const std::lock_guard lock(mutex_);
  if (mode == Mode::create && !below().exists(path)) {
    HAIL_RETURN_IF_ERROR(note(fmt::format("made {0}\nfile 0 {0}\n", path)));
  }
  HAIL_ASSIGN_OR_RETURN(auto file, below().open(path, mode));
  return std::unique_ptr<File>(
      std::make_unique<RecordedFile>(*this, std::move(file), follow(path)));
}

Status SyncRecorder::create_folder(const std::string& given) {
  const std::string path = absolute(given);
  const std::lock_guard lock(mutex_);
  std::string lines;
  for (std::string folder = path; !below().exists(folder); folder = parent_of(folder)) {
    lines += fmt::format("folder {}\n", folder);
  }
  HAIL_RETURN_IF_ERROR(note(lines));
  return below().create_folder(path);
}

Status SyncRecorder::remove(const std::string& path) {
  return remove_by(&FileSystem::remove, absolute(path));
}

Status SyncRecorder::remove_folder(const std::string& path) {
  return remove_by(&FileSystem::remove_folder, absolute(path));
}

Status SyncRecorder::remove_by(Remove call, const std::string& path) {
  const std::lock_guard lock(mutex_);
  HAIL_RETURN_IF_ERROR((below().*call)(path));
  forget(path);
  return note(fmt::format("removed {}\n", path));
}

Result<std::string> SyncRecorder::line_of_former(const std::string& path) {
  const auto changed = record_.names().find(path);
  const bool is_new = changed != record_.names().end() && !changed->second.former;
  if (is_new || !below().exists(path)) return fmt::format("made {}\n", path);
  if (changed != record_.names().end()) {
    return fmt::format("was {} {}\n", to_hex(*changed->second.former), path);
  }
  HAIL_ASSIGN_OR_RETURN(const auto file, below().open(path, Mode::read));
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, file->size());
  if (size > kMostUndoBytes) return std::string(kNothing);
  std::vector<uint8_t> bytes(size);
  HAIL_ASSIGN_OR_RETURN(const size_t got, file->read_at(0, bytes));
  bytes.resize(got);
  return fmt::format("was {} {}\n", to_hex(bytes), path);
}

Status SyncRecorder::rename(const std::string& given_from, const std::string& given_to) {
  const std::string from = absolute(given_from);
  const std::string to = absolute(given_to);
  const std::lock_guard lock(mutex_);
  if (is_folder(below(), from)) return rename_folder(from, to);
  HAIL_ASSIGN_OR_RETURN(const std::string former, line_of_former(to));
  HAIL_RETURN_IF_ERROR(note(fmt::format("renamed {}\t{}\n{}", from, to, former)));
  HAIL_RETURN_IF_ERROR(below().rename(from, to));
  forget(to);
  if (const auto moved = followed_.find(from); moved != followed_.end()) {
    if (const auto followed = moved->second.lock()) followed->path = to;
    followed_[to] = moved->second;
    followed_.erase(from);
  }
  return former.empty() ? below().sync_folder(parent_of(to)) : Status();
}

/// A folder's name is made durable at once: what its files lose under which name would be beyond
/// what this records.
Status SyncRecorder::rename_folder(const std::string& from, const std::string& to) {
  HAIL_RETURN_IF_ERROR(below().rename(from, to));
  forget(from);
  HAIL_RETURN_IF_ERROR(note(fmt::format("renamed {}\t{}\n", from, to)));
  HAIL_RETURN_IF_ERROR(below().sync_folder(parent_of(from)));
  return parent_of(from) == parent_of(to) ? Status() : below().sync_folder(parent_of(to));
}

Status SyncRecorder::sync_folder(const std::string& given) {
  const std::string folder = absolute(given);
  std::map<std::string, uint64_t> covered;  // name → generation
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, name] : record_.names()) {
      if (parent_of(path) == folder) covered[path] = name.generation;
    }
  }
  HAIL_RETURN_IF_ERROR(below().sync_folder(folder));
  const std::lock_guard lock(mutex_);
  std::string lines;
  for (const auto& [path, generation] : covered) {
    const auto now = record_.names().find(path);
    if (now == record_.names().end() || now->second.generation != generation) continue;
    lines += fmt::format("named {}\n", path);
  }
  return note(lines);
}

}  // namespace hailstorm::storage
