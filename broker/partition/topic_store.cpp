#include "broker/partition/topic_store.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "broker/storage/file_names.h"
#include "broker/storage/log.h"
#include "broker/storage/partition_file.h"
#include "broker/storage/store_folder.h"
#include "broker/storage/topic_settings_json.h"
#include "broker/storage/whole_file.h"
#include "common/base/logging.h"

namespace hailstorm::broker {
namespace {

namespace file_names = storage::file_names;
using storage::PartitionFile;
using storage::StorageErrc;

constexpr int64_t kProducerIdBlock = 1000;
constexpr int64_t kProducerIdsEnd = int64_t{1} << 62;

Error no_such_topic(const std::string& name) {
  return Error(StorageErrc::not_found, "there is no topic '" + name + "'");
}

std::string parent_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

/// With its parents. What it made survives a power cut: else all that is in it would go as well.
Status make_folder(storage::FileSystem& files, const std::string& path) {
  if (files.exists(path)) return {};
  const std::string parent = parent_of(path);
  if (parent != path) HAIL_RETURN_IF_ERROR(make_folder(files, parent));
  HAIL_RETURN_IF_ERROR(files.create_folder(path));
  return files.sync_folder(parent);
}

Status first_error(Status first, Status next) { return first.ok() ? next : first; }

}  // namespace

TopicStore::TopicStore(storage::FileSystem& files, const Clock& clock, std::string folder,
                       size_t threads, IdGenerator ids)
    : files_(files),
      clock_(clock),
      ids_(std::move(ids)),
      folder_(std::move(folder)),
      threads_(threads) {}

Result<std::unique_ptr<TopicStore>> TopicStore::open(storage::FileSystem& files, const Clock& clock,
                                                     std::string folder, size_t threads,
                                                     IdGenerator ids) {
  HAIL_RETURN_IF_ERROR(make_folder(files, folder));
  std::unique_ptr<TopicStore> store(
      new TopicStore(files, clock, std::move(folder), threads, std::move(ids)));
  HAIL_RETURN_IF_ERROR(store->load());
  return store;
}

Status TopicStore::load() {
  HAIL_ASSIGN_OR_RETURN(const auto settings, storage::read_settings(files_, folder_));
  if (!settings) return begin();
  next_producer_id_ = reserved_producer_ids_ = settings->reserved_producer_ids;
  for (const auto& [name, known] : settings->topics) {
    Topic& topic = topics_[name];
    topic.name = name;
    topic.id = known.id;
    topic.config = known.config;
  }
  HAIL_RETURN_IF_ERROR(give_missing_ids());
  for (auto& [name, topic] : topics_) {
    for (int32_t i = 0; i < topic.config.partitions; ++i)
      topic.partitions.push_back(new_partition(topic, i));
  }
  for_each_partition([this](Topic& topic, int32_t i) {
    open_partition(topic, *topic.partitions[static_cast<size_t>(i)]);
  });
  HAIL_ASSIGN_OR_RETURN(const auto names, files_.list(folder_));
  pass_producer_ids_in_use();
  for (const auto& name : names) {
    if (!name.ends_with(file_names::kDeleted)) continue;
    const auto removed = files_.remove_folder(folder_ + "/" + name);
    // Only space is lost: no reason to stay away.
    if (!removed.ok())
      log_warn("cannot remove a folder", {distinct_by({"folder", name}), {removed.error()}});
  }
  return {};
}

Status TopicStore::begin() {
  // A start that died may have made the folder. One that others made is theirs to keep, and so is a
  // parent that we may not read.
  static_cast<void>(files_.sync_folder(parent_of(folder_)).ok());
  return save();
}

Status TopicStore::give_missing_ids() {
  bool all_had_one = true;
  for (auto& [name, topic] : topics_) {
    if (!topic.id.is_zero()) continue;
    topic.id = id_of_folders(topic);
    if (topic.id.is_zero()) topic.id = ids_.uuid();
    all_had_one = false;
  }
  return all_had_one ? Status() : save();
}

Uuid TopicStore::id_of_folders(const Topic& topic) const {
  for (int32_t i = 0; i < topic.config.partitions; ++i) {
    const auto file = PartitionFile::read(files_, partition_path(topic.name, i));
    // A damaged one is found again, and named, when its partition is opened.
    if (file.ok() && *file && !(*file)->owner().topic_id.is_zero())
      return (*file)->owner().topic_id;
  }
  return {};
}

void TopicStore::pass_producer_ids_in_use() {
  for (const auto& [name, topic] : topics_) {
    for (const auto& partition : topic.partitions) {
      if (!partition->is_open()) continue;
      const int64_t highest = partition->highest_producer_id();
      // An id beyond is one that a client made up; no count will come to it.
      if (highest < reserved_producer_ids_ || highest >= kProducerIdsEnd) continue;
      next_producer_id_ = reserved_producer_ids_ = highest + 1;
    }
  }
}

template <class Work>
void TopicStore::for_each_partition(const Work& work) {
  std::vector<std::pair<Topic*, int32_t>> all;
  for (auto& [name, topic] : topics_) {
    for (int32_t i = 0; i < topic.config.partitions; ++i) all.emplace_back(&topic, i);
  }
  std::atomic<size_t> next = 0;
  const auto share = [&] {
    for (size_t i = next++; i < all.size(); i = next++) work(*all[i].first, all[i].second);
  };
  std::vector<std::jthread> others;
  for (size_t i = 1; i < std::min(threads_, all.size()); ++i) others.emplace_back(share);
  share();
}

std::string TopicStore::partition_path(const std::string& topic, int32_t partition) const {
  return folder_ + "/" + file_names::partition_folder(topic, partition);
}

std::shared_ptr<Partition> TopicStore::new_partition(const Topic& topic, int32_t number) {
  return std::make_shared<Partition>(wire::TopicPartition{topic.name, number, topic.id},
                                     topic.config, clock_, active_);
}

void TopicStore::open_partition(const Topic& topic, Partition& partition) {
  const std::string path = partition_path(topic.name, partition.id().partition);
  partition.open(storage::open_known_log(files_, clock_, path, topic.id, topic.config));
  if (partition.is_open()) return;
  log_error("a partition did not open", {distinct_by({"folder", path}), {*partition.open_error()}});
}

bool TopicStore::open_again() {
  bool has_opened = false;
  for (auto& [name, topic] : topics_) {
    for (const auto& partition : topic.partitions) {
      if (partition->is_open() || !storage::may_pass(*partition->open_error())) continue;
      open_partition(topic, *partition);
      has_opened = has_opened || partition->is_open();
    }
  }
  return has_opened;
}

Status TopicStore::make_partition(Topic& topic, int32_t partition) {
  const std::string path = partition_path(topic.name, partition);
  // What remained of a topic of this name when a crash cut its removal or making short.
  if (files_.exists(path)) {
    remove_partition_folder(topic.name, partition);
    if (files_.exists(path))
      return Error(StorageErrc::io, "what is left of an older topic stays in " + path);
  }
  HAIL_ASSIGN_OR_RETURN(auto log, storage::Log::open(files_, clock_, path, topic.id, topic.config));
  topic.partitions.push_back(new_partition(topic, partition));
  topic.partitions.back()->open(std::move(log));
  return {};
}

Status TopicStore::make_partitions(Topic& topic) {
  const auto before = static_cast<int32_t>(topic.partitions.size());
  Status made;
  for (int32_t i = before; made.ok() && i < topic.config.partitions; ++i)
    made = make_partition(topic, i);
  if (made.ok()) made = files_.sync_folder(folder_);
  if (made.ok()) made = save();
  if (made.ok()) return made;
  const auto count = topic.config.partitions;
  topic.partitions.resize(static_cast<size_t>(before));
  topic.config.partitions = before;
  // Settings first: a partition in them must have a folder at the next start.
  if (!settle().ok()) return made;
  for (auto i = count; i-- > before;) {
    if (files_.exists(partition_path(topic.name, i))) remove_partition_folder(topic.name, i);
  }
  return made;
}

Status TopicStore::create(const std::string& name, const wire::TopicConfig& config) {
  HAIL_RETURN_IF_ERROR(storage::check_topic(name, config));
  if (topics_.contains(name))
    return Error(StorageErrc::already_exists, "there is a topic '" + name + "' already");
  HAIL_RETURN_IF_ERROR(settle());
  Topic& topic = topics_[name];
  topic.name = name;
  topic.id = ids_.uuid();
  topic.config = config;
  const auto made = make_partitions(topic);
  if (!made.ok()) topics_.erase(name);
  return made;
}

Status TopicStore::grow(const std::string& name, int32_t partitions) {
  Topic* const topic = find(name);
  if (topic == nullptr) return no_such_topic(name);
  if (partitions <= topic->config.partitions)
    return Error(StorageErrc::invalid, "topic '" + name + "' has " +
                                           std::to_string(topic->config.partitions) +
                                           " partitions already; they can only become more");
  wire::TopicConfig grown = topic->config;
  grown.partitions = partitions;
  HAIL_RETURN_IF_ERROR(storage::check_topic(name, grown));
  HAIL_RETURN_IF_ERROR(settle());
  topic->config = grown;
  return make_partitions(*topic);
}

Status TopicStore::remove(const std::string& name) {
  auto removed = topics_.extract(name);
  if (removed.empty()) return no_such_topic(name);
  // The settings first: once they are without it the topic is gone, whatever of its folders is
  // left.
  const auto saved = save();
  if (!saved.ok() && !unsure_) {
    topics_.insert(std::move(removed));
    return saved;
  }
  for (const auto& partition : removed.mapped().partitions) partition->mark_deleted();
  if (!saved.ok()) return saved;  // the next start may find either settings, and needs the folders
  for (const auto& partition : removed.mapped().partitions)
    remove_partition_folder(name, partition->id().partition);
  return {};
}

void TopicStore::remove_partition_folder(const std::string& topic, int32_t partition) {
  const std::string path = partition_path(topic, partition);
  const std::string renamed = path + std::string(file_names::kDeleted);
  auto removed = files_.exists(renamed) ? files_.remove_folder(renamed) : Status();
  if (removed.ok()) removed = files_.rename(path, renamed);
  if (removed.ok()) removed = files_.remove_folder(renamed);
  // Only space is lost: no settings name the folder, and open() removes what was renamed.
  if (!removed.ok())
    log_warn("cannot remove a folder", {distinct_by({"folder", path}), {removed.error()}});
}

Topic* TopicStore::find(const std::string& name) {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

Partition* TopicStore::partition(const wire::TopicPartition& id) {
  Topic* const topic = find(id.topic);
  const bool is_another = topic != nullptr && !id.topic_id.is_zero() && id.topic_id != topic->id;
  if (topic == nullptr || is_another || id.partition < 0 ||
      static_cast<size_t>(id.partition) >= topic->partitions.size())
    return nullptr;
  Partition* const found = topic->partitions[static_cast<size_t>(id.partition)].get();
  return found->is_open() ? found : nullptr;
}

void TopicStore::finish_sync(Partition& partition) {
  partition.finish_sync();
  run_quiet_actions();
}

void TopicStore::when_quiet(const std::string& topic, UniqueFunction<void()> action) {
  quiet_actions_.emplace_back(topic, std::move(action));
  run_quiet_actions();
}

bool TopicStore::is_quiet(const std::string& topic) {
  const Topic* const found = find(topic);
  return found == nullptr ||
         std::none_of(found->partitions.begin(), found->partitions.end(),
                      [](const auto& partition) { return partition->is_syncing(); });
}

void TopicStore::run_quiet_actions() {
  auto actions = std::exchange(quiet_actions_, {});
  for (auto& [topic, action] : actions) {
    if (is_quiet(topic)) {
      action();
    } else {
      quiet_actions_.emplace_back(topic, std::move(action));
    }
  }
}

Result<int64_t> TopicStore::next_producer_id() {
  if (next_producer_id_ == reserved_producer_ids_) {
    reserved_producer_ids_ += kProducerIdBlock;
    if (const auto saved = save(); !saved.ok()) {
      reserved_producer_ids_ -= kProducerIdBlock;
      return saved.error();
    }
  }
  return next_producer_id_++;
}

Status TopicStore::save() {
  storage::StoreSettings settings;
  settings.reserved_producer_ids = reserved_producer_ids_;
  for (const auto& [name, topic] : topics_) {
    if (topic.config.partitions > 0)  // 0: not made yet
      settings.topics[name] = {topic.id, topic.config};
  }
  const std::string text = to_json(settings);
  auto saved = storage::replace_file(files_, folder_, file_names::kTopics, as_bytes(text));
  if (saved.ok()) {
    unsure_ = false;
  } else {
    const auto there = storage::read_file(files_, folder_ + "/" + std::string(file_names::kTopics));
    unsure_ = unsure_ || !there.ok() || as_text(*there) == text;
  }
  return saved;
}

Status TopicStore::settle() { return unsure_ ? save() : Status(); }

Status TopicStore::enforce_retention() {
  Status all;
  for (auto& [name, topic] : topics_) {
    for (const auto& partition : topic.partitions) {
      if (partition->is_open()) all = first_error(std::move(all), partition->enforce_retention());
    }
  }
  return all;
}

Status TopicStore::close() {
  std::mutex mutex;
  Status all;
  for_each_partition([&](Topic& topic, int32_t i) {
    Partition& partition = *topic.partitions[static_cast<size_t>(i)];
    if (!partition.is_open()) return;
    auto closed = partition.close();
    const std::lock_guard lock(mutex);
    all = first_error(std::move(all), std::move(closed));
  });
  return all;
}

}  // namespace hailstorm::broker
