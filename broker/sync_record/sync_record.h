#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"

namespace hailstorm::storage {

/// What of a folder's files no sync has covered: bytes, lengths and names, and what a power cut may
/// bring back. It changes by lines of text, so that the file of these lines says the same to
/// the reader after the writer was killed. Paths are absolute and have no line feed.
///
///   file SIZE PATH              from here on the file is followed; its SIZE bytes are durable
///   unsynced BEGIN END PATH     these bytes were written, or are about to be
///   undo POSITION HEX PATH      so they were when they were durable
///   cut SIZE PATH               the file was shortened
///   synced SIZE BEGIN-END,… PATH   a sync covered these bytes and the length SIZE
///   made PATH, folder PATH      a new name, durable once "named"
///   was HEX PATH                the name had these contents before it got others
///   renamed FROM<TAB>TO
///   removed PATH                with all below it; what was removed stays removed
///   named PATH                  a sync of its folder covered the name
///
/// Thread safety: not safe.
class SyncRecord {
 public:
  struct Range {
    uint64_t begin = 0;
    uint64_t end = 0;
    bool operator==(const Range&) const = default;
  };
  using Ranges = std::vector<Range>;  // ascending and apart from each other
  struct Undo {
    uint64_t position = 0;
    std::vector<uint8_t> bytes;
  };
  struct FileState {
    uint64_t durable_size = 0;
    Ranges unsynced;
    std::vector<Undo> undos;  // parts of the first durable_size bytes; none covers another
    [[nodiscard]] bool is_durable() const { return unsynced.empty() && undos.empty(); }
  };
  struct NameState {
    bool is_folder = false;
    std::optional<std::vector<uint8_t>> former;  // none: there was no such name
    uint64_t generation = 0;                     // another one each time the name changes
  };

  /// One or more lines. An unfinished one at the end is no line. Error corrupt: names the line.
  [[nodiscard]] Status apply(std::string_view lines);
  /// Lines that make the same of an empty record.
  [[nodiscard]] std::string lines() const;

  /// Only what is not durable is listed.
  [[nodiscard]] const std::map<std::string, FileState>& files() const { return files_; }
  [[nodiscard]] const std::map<std::string, NameState>& names() const { return names_; }
  [[nodiscard]] const FileState* find(const std::string& path) const;

 private:
  [[nodiscard]] Status apply_line(std::string_view line);
  [[nodiscard]] bool apply_to_file(std::string_view verb, std::string_view rest);
  [[nodiscard]] bool apply_to_name(std::string_view verb, std::string_view rest);
  void rename(const std::string& from, const std::string& to);
  void set_name(const std::string& path, NameState state);

  std::map<std::string, FileState> files_;
  std::map<std::string, NameState> names_;
  uint64_t generations_ = 0;
};

[[nodiscard]] std::string to_hex(Bytes bytes);  // "-": none
/// Of `ranges` what lies outside of `taken`, and what lies within [begin, end).
[[nodiscard]] SyncRecord::Ranges without(const SyncRecord::Ranges& ranges,
                                         const SyncRecord::Ranges& taken);
[[nodiscard]] SyncRecord::Ranges within(const SyncRecord::Ranges& ranges, uint64_t begin,
                                        uint64_t end);
/// All of both, joined where they touch.
[[nodiscard]] SyncRecord::Ranges with(const SyncRecord::Ranges& ranges, SyncRecord::Range more);
[[nodiscard]] std::string to_text(const SyncRecord::Ranges& ranges);  // "0-12,40-50"; "-": none

}  // namespace hailstorm::storage
