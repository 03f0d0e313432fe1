#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "broker/storage/file_system.h"
#include "broker/storage/log.h"
#include "common/base/clock.h"
#include "common/base/uuid.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

/// The folders `TOPIC-PARTITION/` of a broker's data folder.
///
/// Thread safety: safe for different partitions, where `files` is. `files` and `clock` must remain
/// live while this is in use.
class PartitionFolders {
 public:
  PartitionFolders(storage::FileSystem& files, const Clock& clock, std::string data_folder)
      : files_(files), clock_(clock), data_folder_(std::move(data_folder)) {}

  [[nodiscard]] std::string path_of(const wire::TopicPartition& id) const;

  /// Opens the log of a partition that the settings name, and which therefore must be there.
  /// Errors: as storage::open_known_log(); they are logged.
  [[nodiscard]] Result<std::unique_ptr<storage::Log>> open(const wire::TopicPartition& id,
                                                           const wire::TopicConfig& config);
  /// Makes the folder with an empty log, after removing what an earlier topic of this name left.
  /// Errors: io, no_space.
  [[nodiscard]] Result<std::unique_ptr<storage::Log>> make(const wire::TopicPartition& id,
                                                           const wire::TopicConfig& config);
  /// Removes the folder if it is there. A failure is logged: only disk space is lost.
  void remove(const wire::TopicPartition& id);
  /// Removes what earlier removals that were cut short left.
  [[nodiscard]] Status finish_removals();

  /// The topic id that the folder's file `partition` holds; zero: none, or it cannot be read.
  [[nodiscard]] Uuid topic_id_in(const wire::TopicPartition& id) const;

 private:
  storage::FileSystem& files_;
  const Clock& clock_;
  const std::string data_folder_;
};

}  // namespace hailstorm::broker
