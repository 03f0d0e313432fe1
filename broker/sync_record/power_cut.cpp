#include "broker/sync_record/power_cut.h"

#include <algorithm>
#include <random>

namespace hailstorm::storage {
namespace {

constexpr uint64_t kSectorBytes = 512;

class PowerCut {
 public:
  PowerCut(FileSystem& files, const SyncRecord& record, uint64_t seed)
      : files_(files), record_(record), random_(seed) {}

  Result<std::vector<CutFile>> below(const std::string& folder) && {
    const auto is_inside = [&](const std::string& path) { return path.starts_with(folder + "/"); };
    for (const auto& [path, name] : record_.names()) {  // folders come before what is in them
      if (is_inside(path)) HAIL_RETURN_IF_ERROR(cut_name(path, name));
    }
    for (const auto& [path, file] : record_.files()) {
      if (is_inside(path)) HAIL_RETURN_IF_ERROR(cut_file(path, file));
    }
    return std::move(cuts_);
  }

 private:
  bool is_lost() { return (random_() & 1) != 0; }

  Status cut_name(const std::string& path, const SyncRecord::NameState& name) {
    if (!is_lost() || !files_.exists(path)) return {};
    CutFile cut{.path = path, .is_gone = true};
    if (name.is_folder) {
      HAIL_RETURN_IF_ERROR(files_.remove_folder(path));
    } else {
      HAIL_ASSIGN_OR_RETURN(cut.before_bytes, size_of(path));
      HAIL_RETURN_IF_ERROR(files_.remove(path));
      if (name.former) HAIL_RETURN_IF_ERROR(write_whole(path, *name.former));
      cut.after_bytes = name.former ? name.former->size() : 0;
      cut.is_gone = !name.former;
      restored_.push_back(path);
    }
    cuts_.push_back(std::move(cut));
    return {};
  }

  Status cut_file(const std::string& path, const SyncRecord::FileState& state) {
    const bool has_former_contents =
        std::find(restored_.begin(), restored_.end(), path) != restored_.end();
    if (has_former_contents || !files_.exists(path)) return {};
    HAIL_ASSIGN_OR_RETURN(const auto file, files_.open(path, FileSystem::Mode::read_write));
    CutFile cut{.path = path};
    HAIL_ASSIGN_OR_RETURN(cut.before_bytes, file->size());
    // Its length as it is, or as it was durable.
    cut.after_bytes = is_lost() ? state.durable_size : cut.before_bytes;
    if (cut.after_bytes != cut.before_bytes) HAIL_RETURN_IF_ERROR(file->truncate(cut.after_bytes));
    auto changed = within(state.unsynced, 0, cut.after_bytes);
    for (const auto& undo : state.undos) {  // also what was cut off
      for (const auto& part :
           within({{undo.position, undo.position + undo.bytes.size()}}, 0, cut.after_bytes)) {
        changed = with(changed, part);
      }
    }
    for (const auto& range : changed) {
      HAIL_ASSIGN_OR_RETURN(const uint64_t lost, cut_range(*file, state, range));
      cut.lost_bytes += lost;
    }
    if (cut.lost_bytes > 0 || cut.after_bytes != cut.before_bytes) cuts_.push_back(std::move(cut));
    return {};
  }

  /// Sector by sector; gives how many bytes were lost.
  Result<uint64_t> cut_range(File& file, const SyncRecord::FileState& state,
                             SyncRecord::Range range) {
    uint64_t lost = 0;
    while (range.begin < range.end) {
      const uint64_t end = std::min(range.end, (range.begin / kSectorBytes + 1) * kSectorBytes);
      if (is_lost()) {
        HAIL_RETURN_IF_ERROR(file.write_at(range.begin, durable_bytes(state, range.begin, end)));
        lost += end - range.begin;
      }
      range.begin = end;
    }
    return lost;
  }

  /// As they were; zeros where there was nothing.
  static std::vector<uint8_t> durable_bytes(const SyncRecord::FileState& state, uint64_t begin,
                                            uint64_t end) {
    std::vector<uint8_t> bytes(end - begin, 0);
    for (const auto& undo : state.undos) {
      for (const auto& part :
           within({{undo.position, undo.position + undo.bytes.size()}}, begin, end)) {
        std::copy_n(undo.bytes.begin() + static_cast<std::ptrdiff_t>(part.begin - undo.position),
                    part.end - part.begin,
                    bytes.begin() + static_cast<std::ptrdiff_t>(part.begin - begin));
      }
    }
    return bytes;
  }

  Result<uint64_t> size_of(const std::string& path) {
    HAIL_ASSIGN_OR_RETURN(const auto file, files_.open(path, FileSystem::Mode::read));
    return file->size();
  }
  Status write_whole(const std::string& path, Bytes contents) {
    HAIL_ASSIGN_OR_RETURN(const auto file, files_.open(path, FileSystem::Mode::create));
    return file->write_at(0, contents);
  }

  FileSystem& files_;
  const SyncRecord& record_;
  std::mt19937_64 random_;
  std::vector<std::string> restored_;
  std::vector<CutFile> cuts_;
};

}  // namespace

Result<std::vector<CutFile>> cut_power(FileSystem& files, const SyncRecord& record,
                                       const std::string& folder, uint64_t seed) {
  return PowerCut(files, record, seed).below(folder);
}

}  // namespace hailstorm::storage
