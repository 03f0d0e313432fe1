#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/backup/copied_file.h"

namespace hailstorm::lab {

/// The broker's files at one moment. All files are opened before it, so that a file that retention
/// removes meanwhile can still be read. At the moment itself only the sizes of the growing segments
/// are read. A batch that is half written then is cut off when the copy is first started, as after
/// a SIGKILL.
///
/// Files that describe the original files alone are left out: indexes, which are made again, and
/// recovery points, which are true of one file and not of its copy.
///
/// Thread safety: not safe.
class LogCut {
 public:
  /// Errors: moving, cannot_copy.
  [[nodiscard]] static Result<LogCut> open(const std::filesystem::path& broker_folder);

  /// Makes this the moment.
  [[nodiscard]] Status take();
  /// False: since open() a topic was made or removed, or a segment was begun, so that the moment's
  /// files are not the ones that were opened. Error cannot_copy.
  [[nodiscard]] Result<bool> is_whole() const;

  [[nodiscard]] uint64_t bytes() const;
  [[nodiscard]] size_t partitions() const { return partitions_.size(); }
  /// To ROOT/broker. Errors: cannot_copy, no_room, moving, stopped.
  [[nodiscard]] Result<std::vector<CopiedFile>> copy_to(const std::filesystem::path& root,
                                                        const IsStopped& is_stopped) const;

 private:
  struct Segment {
    std::string name;
    OpenFile file;
    uint64_t bytes = 0;
  };
  struct Partition {
    std::vector<Segment> segments;             // by rising offset
    std::map<std::string, std::string> marks;  // whole files, by name
  };
  using Names = std::map<std::string, std::set<std::string>>;  // of segments, by partition's folder

  explicit LogCut(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] Result<Names> list() const;
  [[nodiscard]] Result<Partition> open_partition(const std::string& name,
                                                 const std::set<std::string>& segments) const;
  /// False: since they were opened, retention or compaction removed or exchanged segments.
  [[nodiscard]] Result<bool> is_as_opened(const std::string& name,
                                          const Partition& partition) const;

  std::filesystem::path folder_;
  std::string version_;
  std::string topics_;
  std::map<std::string, Partition> partitions_;
};

}  // namespace hailstorm::lab
