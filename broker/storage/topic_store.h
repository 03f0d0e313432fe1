#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/storage/file_system.h"
#include "broker/storage/partition_log.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/wire/messages.h"

namespace hailstorm::storage {

/// One topic. A partition that failed to open is a null log with its error.
struct Topic {
  struct Partition {
    std::unique_ptr<PartitionLog> log;
    std::optional<Error> open_error;
  };
  std::string name;
  Uuid id;  // for the life of the topic; one that is made again has another
  wire::TopicConfig config;
  std::vector<Partition> partitions;
};

/// All topics of one broker, in one folder: `TOPIC-PARTITION/` for each partition and `topics.json`
/// with the settings. Also hands out producer ids, which are never given twice.
///
/// Thread safety: not safe; one thread owns it.
class TopicStore {
 public:
  /// Opens every topic in `folder`. A damaged partition does not stop the others. `files` and
  /// `clock` must remain live while the store is in use. Opening and closing sync partition by
  /// partition, which many threads do much sooner than one. `ids` gives the topics' ids. REQUIRES:
  /// threads > 0, and `files` may be used from so many.
  [[nodiscard]] static Result<std::unique_ptr<TopicStore>> open(FileSystem& files,
                                                                const Clock& clock,
                                                                std::string folder,
                                                                size_t threads = 1,
                                                                IdGenerator ids = IdGenerator());

  /// Gives the topic an id that no topic had. Durable once it returned. Errors: already_exists,
  /// invalid (name: 1 to 249 of [a-zA-Z0-9._-], not "." or ".."; 1 to 1024 partitions), io,
  /// no_space.
  [[nodiscard]] Status create(const std::string& name, const wire::TopicConfig& config);
  /// Gone for good once it returned, also after a crash. Errors: not_found, io, no_space. After an
  /// error the topic is as it was, or gone until the next start, which may bring it back whole.
  [[nodiscard]] Status remove(const std::string& name);
  /// `partitions` is the new total. Errors: not_found, invalid (not more than now), io, no_space.
  [[nodiscard]] Status grow(const std::string& name, int32_t partitions);

  [[nodiscard]] Topic* find(const std::string& name);
  /// Null: no such topic or partition, the topic of that name has another id, or the partition
  /// failed to open.
  [[nodiscard]] PartitionLog* log(const wire::TopicPartition& id);
  [[nodiscard]] const std::map<std::string, Topic>& topics() const { return topics_; }

  /// A producer id that was never given before, durable in blocks of 1000.
  [[nodiscard]] Result<int64_t> next_producer_id();

  /// Room on the disk of the logs.
  [[nodiscard]] Result<DiskSpace> space() const { return files_.space(folder_); }

  /// Tries again to open partitions that were not opened for a reason that may_pass(). Gives the
  /// names of the topics that have one more open now.
  [[nodiscard]] std::vector<std::string> open_again();

  [[nodiscard]] Status enforce_retention();
  [[nodiscard]] Status close();

 private:
  TopicStore(FileSystem& files, const Clock& clock, std::string folder, size_t threads,
             IdGenerator ids);
  [[nodiscard]] Status load();
  /// Gives an id to each topic that an older program made, durable before any use of it.
  [[nodiscard]] Status give_missing_ids();
  /// The id that the topic's partitions carry, as with settings from a copy that has no ids yet;
  /// zero where they have none.
  [[nodiscard]] Uuid id_of_folders(const Topic& topic) const;
  /// A log that was put into the folder, or that is younger than the settings, may hold ids that
  /// were not given here: a new producer with one of them would be taken for the old one.
  void pass_producer_ids_in_use();
  /// The first settings of a new folder.
  [[nodiscard]] Status begin();
  /// Calls work(topic, partition) for each, on as many threads as the store may use.
  template <class Work>
  void for_each_partition(const Work& work);
  [[nodiscard]] Topic::Partition open_partition(const Topic& topic, int32_t partition);
  /// Makes the topic's partitions up to its config's count, and the settings durable; or takes all
  /// back.
  [[nodiscard]] Status make_partitions(Topic& topic);
  [[nodiscard]] Status make_partition(Topic& topic, int32_t partition);
  void remove_partition_folder(const std::string& topic, int32_t partition);
  [[nodiscard]] std::string partition_path(const std::string& topic, int32_t partition) const;
  /// Writes the settings. After an error the old ones are on the disk, or unsure_ is set.
  [[nodiscard]] Status save();
  /// Makes sure which settings are on the disk, before folders that they may name are touched.
  [[nodiscard]] Status settle();

  FileSystem& files_;
  const Clock& clock_;
  IdGenerator ids_;
  std::string folder_;
  size_t threads_;
  std::map<std::string, Topic> topics_;
  int64_t next_producer_id_ = 0;
  int64_t reserved_producer_ids_ = 0;
  bool unsure_ = false;  // a save failed when the new settings were in place, but not yet durable
};

}  // namespace hailstorm::storage
