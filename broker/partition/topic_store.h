#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broker/partition/partition.h"
#include "broker/partition/partition_folders.h"
#include "broker/partition/producer_ids.h"
#include "broker/partition/settings_file.h"
#include "broker/storage/file_system.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/base/unique_function.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

/// One topic. A partition of it that could not be opened is there, but not open.
struct Topic {
  std::string name;
  Uuid id;  // for the life of the topic; one that is made again has another
  wire::TopicConfig config;
  std::vector<std::shared_ptr<Partition>> partitions;
};

/// All topics of one broker, in one folder: `TOPIC-PARTITION/` for each partition and `topics.json`
/// with the settings. Also hands out producer ids, which are never given twice.
///
/// Thread safety: not safe; one thread owns it.
class TopicStore {
 public:
  /// Opens every topic in `folder`. A damaged partition does not stop the others. `files` and
  /// `clock` must remain live while the store is in use. Opening and closing sync partition by
  /// partition, which takes much less time on many threads. `ids` gives the ids of topics.
  /// REQUIRES: threads > 0.
  [[nodiscard]] static Result<std::unique_ptr<TopicStore>> open(storage::FileSystem& files,
                                                                const Clock& clock,
                                                                std::string folder,
                                                                size_t threads = 1,
                                                                IdGenerator ids = IdGenerator());

  /// Gives the topic an id that no topic had. Durable once it returned. Errors: already_exists,
  /// invalid (name: 1 to 249 of [a-zA-Z0-9._-], not "." or ".."; 1 to 1024 partitions), io,
  /// no_space.
  [[nodiscard]] Status create(const std::string& name, const wire::TopicConfig& config);
  /// Once it returned the topic is gone, also after a crash. Errors: not_found, io, no_space. After
  /// an error the topic is as it was, or gone until the next start, which may bring it back whole.
  [[nodiscard]] Status remove(const std::string& name);
  /// `partitions` is the new total. Errors: not_found, invalid (not more than now), io, no_space.
  [[nodiscard]] Status grow(const std::string& name, int32_t partitions);
  /// Gives the topic these settings, all but the number of partitions. They hold, and are durable,
  /// once it returned. Errors: not_found, invalid, io, no_space: it has its earlier ones, which a
  /// power cut may exchange for the new ones before settings are saved again.
  [[nodiscard]] Status alter(const std::string& name, wire::TopicConfig config);

  [[nodiscard]] Topic* find(const std::string& name);
  /// The name of the topic with this id; empty: there is none.
  [[nodiscard]] std::string name_of(const Uuid& id) const;
  /// Of this data folder, for its life.
  [[nodiscard]] const Uuid& cluster_id() const { return cluster_id_; }
  /// Null: no such topic or partition, the topic of that name has another id, or the partition is
  /// not open.
  [[nodiscard]] Partition* partition(const wire::TopicPartition& id);
  [[nodiscard]] const std::map<std::string, Topic>& topics() const { return topics_; }

  /// A producer id that was never given before, durable in blocks of 1000.
  [[nodiscard]] Result<int64_t> next_producer_id();

  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// Room on the disk of the logs.
  [[nodiscard]] Result<storage::DiskSpace> space() const { return files_.space(folder_); }

  /// Tries again to open partitions that were not opened for a reason that may_pass(). True:
  /// some are open now.
  [[nodiscard]] bool open_again();

  /// The partitions with something to do at the end of a burst of requests.
  [[nodiscard]] ActivePartitions& active() { return active_; }
  [[nodiscard]] const ActivePartitions& active() const { return active_; }
  /// After run_sync() of a partition: finishes its sync, and does what waited for that.
  void finish_sync(Partition& partition);
  /// Calls `action` as soon as no sync and no compaction of this topic runs: at once, or from
  /// finish_sync() or run_quiet_actions().
  void when_quiet(const std::string& topic, UniqueFunction<void()> action);
  /// To be called when a step of a compaction has ended.
  void run_quiet_actions();

  [[nodiscard]] Status enforce_retention();
  [[nodiscard]] Status close();

 private:
  TopicStore(storage::FileSystem& files, const Clock& clock, std::string folder, size_t threads,
             IdGenerator ids);
  [[nodiscard]] Status load();
  /// Gives an id to each topic that an older program made, durable before any use of it.
  [[nodiscard]] Status give_missing_ids();
  /// The id that the topic's partitions carry, as with settings from a copy that has no ids yet;
  /// zero where they have none.
  [[nodiscard]] Uuid id_of_folders(const Topic& topic) const;
  /// Skips producer ids that a log holds although they were not given out here: the log was put
  /// into the folder, or is younger than the settings. A new producer with such an id would be
  /// taken for the old one.
  void skip_producer_ids_in_use();
  /// The first settings of a new folder.
  [[nodiscard]] Status begin();
  /// Calls work(topic, partition) for each, on as many threads as the store may use.
  template <class Work>
  void for_each_partition(const Work& work);
  /// Opens a partition that the settings name.
  void open(const Topic& topic, Partition& partition);
  [[nodiscard]] std::shared_ptr<Partition> new_partition(const Topic& topic, int32_t number);
  /// Makes the topic's partitions up to its config's count, and the settings durable; or takes all
  /// back.
  [[nodiscard]] Status make_partitions(Topic& topic);
  [[nodiscard]] Status make_partition(Topic& topic, int32_t number);
  /// Writes the settings. After an error the old ones are on the disk, or the file is unsure.
  [[nodiscard]] Status save();
  /// Makes sure which settings are on the disk, before folders that they may name are touched.
  [[nodiscard]] Status settle();
  [[nodiscard]] bool is_quiet(const std::string& topic);

  storage::FileSystem& files_;
  const Clock& clock_;
  IdGenerator ids_;
  const std::string folder_;
  const size_t threads_;
  PartitionFolders folders_;
  SettingsFile settings_;
  ActivePartitions active_;
  std::map<std::string, Topic> topics_;
  std::map<Uuid, std::string> names_;  // by id
  Uuid cluster_id_;
  std::vector<std::pair<std::string, UniqueFunction<void()>>> quiet_actions_;
  ProducerIds producer_ids_;
};

}  // namespace hailstorm::broker
