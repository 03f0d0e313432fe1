#include "broker/storage/topic_store.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "broker/storage/file_names.h"
#include "broker/storage/partition_file.h"
#include "broker/storage/segmented_log.h"
#include "broker/storage/store_folder.h"
#include "broker/storage/topic_settings_json.h"
#include "broker/storage/whole_file.h"
#include "common/base/logging.h"

namespace hailstorm::storage {
namespace {

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
Status make_folder(FileSystem& files, const std::string& path) {
  if (files.exists(path)) return {};
  const std::string parent = parent_of(path);
  if (parent != path) HAIL_RETURN_IF_ERROR(make_folder(files, parent));
  HAIL_RETURN_IF_ERROR(files.create_folder(path));
  return files.sync_folder(parent);
}

Status first_error(Status first, Status next) { return first.ok() ? next : first; }

}  // namespace

TopicStore::TopicStore(FileSystem& files, const Clock& clock, std::string folder, size_t threads,
                       IdGenerator ids)
    : files_(files),
      clock_(clock),
      ids_(std::move(ids)),
      folder_(std::move(folder)),
      threads_(threads) {}

Result<std::unique_ptr<TopicStore>> TopicStore::open(FileSystem& files, const Clock& clock,
                                                     std::string folder, size_t threads,
                                                     IdGenerator ids) {
  HAIL_RETURN_IF_ERROR(make_folder(files, folder));
  std::unique_ptr<TopicStore> store(
      new TopicStore(files, clock, std::move(folder), threads, std::move(ids)));
  HAIL_RETURN_IF_ERROR(store->load());
  return store;
}

Status TopicStore::load() {
  HAIL_ASSIGN_OR_RETURN(const auto settings, read_settings(files_, folder_));
  if (!settings) return begin();
  next_producer_id_ = reserved_producer_ids_ = settings->reserved_producer_ids;
  for (const auto& [name, known] : settings->topics) {
    Topic& topic = topics_[name];
    topic.name = name;
    topic.id = known.id;
    topic.config = known.config;
    topic.partitions.resize(static_cast<size_t>(known.config.partitions));
  }
  HAIL_RETURN_IF_ERROR(give_missing_ids());
  for_each_partition([this](Topic& topic, int32_t i) {
    topic.partitions[static_cast<size_t>(i)] = open_partition(topic, i);
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
      if (!partition.log) continue;
      const int64_t highest = partition.log->highest_producer_id();
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

Topic::Partition TopicStore::open_partition(const Topic& topic, int32_t partition) {
  const std::string path = partition_path(topic.name, partition);
  auto log = open_known_partition(files_, clock_, path, topic.id, topic.config);
  if (log.ok()) return {std::move(log).value(), std::nullopt};
  log_error("a partition did not open", {distinct_by({"folder", path}), {log.error()}});
  return {nullptr, std::move(log).error()};
}

std::vector<std::string> TopicStore::open_again() {
  std::vector<std::string> opened;
  for (auto& [name, topic] : topics_) {
    for (size_t i = 0; i < topic.partitions.size(); ++i) {
      Topic::Partition& partition = topic.partitions[i];
      if (partition.log || !partition.open_error || !may_pass(*partition.open_error)) continue;
      partition = open_partition(topic, static_cast<int32_t>(i));
      if (partition.log && (opened.empty() || opened.back() != name)) opened.push_back(name);
    }
  }
  return opened;
}

Status TopicStore::make_partition(Topic& topic, int32_t partition) {
  const std::string path = partition_path(topic.name, partition);
  // What a topic of this name left behind when a crash cut its removal or making short.
  if (files_.exists(path)) {
    remove_partition_folder(topic.name, partition);
    if (files_.exists(path))
      return Error(StorageErrc::io, "what is left of an older topic stays in " + path);
  }
  HAIL_ASSIGN_OR_RETURN(auto log, SegmentedLog::open(files_, clock_, path, topic.id, topic.config));
  topic.partitions.push_back({std::move(log), std::nullopt});
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
  // The next start must find what the settings name, be it empty: first they must forget it.
  if (!settle().ok()) return made;
  for (auto i = count; i-- > before;) {
    if (files_.exists(partition_path(topic.name, i))) remove_partition_folder(topic.name, i);
  }
  return made;
}

Status TopicStore::create(const std::string& name, const wire::TopicConfig& config) {
  HAIL_RETURN_IF_ERROR(check_topic(name, config));
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
  HAIL_RETURN_IF_ERROR(check_topic(name, grown));
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
  const auto partitions = static_cast<int32_t>(removed.mapped().partitions.size());
  removed.mapped().partitions.clear();
  if (!saved.ok()) return saved;  // the next start may find either settings, and needs the folders
  for (int32_t i = 0; i < partitions; ++i) remove_partition_folder(name, i);
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

PartitionLog* TopicStore::log(const wire::TopicPartition& id) {
  Topic* const topic = find(id.topic);
  const bool is_another = topic != nullptr && !id.topic_id.is_zero() && id.topic_id != topic->id;
  if (topic == nullptr || is_another || id.partition < 0 ||
      static_cast<size_t>(id.partition) >= topic->partitions.size())
    return nullptr;
  return topic->partitions[static_cast<size_t>(id.partition)].log.get();
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
  StoreSettings settings;
  settings.reserved_producer_ids = reserved_producer_ids_;
  for (const auto& [name, topic] : topics_) {
    if (topic.config.partitions > 0)  // 0: not made yet
      settings.topics[name] = {topic.id, topic.config};
  }
  const std::string text = to_json(settings);
  auto saved = replace_file(files_, folder_, file_names::kTopics, as_bytes(text));
  if (saved.ok()) {
    unsure_ = false;
  } else {
    const auto there = read_file(files_, folder_ + "/" + std::string(file_names::kTopics));
    unsure_ = unsure_ || !there.ok() || as_text(*there) == text;
  }
  return saved;
}

Status TopicStore::settle() { return unsure_ ? save() : Status(); }

Status TopicStore::enforce_retention() {
  Status all;
  for (auto& [name, topic] : topics_) {
    for (auto& partition : topic.partitions) {
      if (partition.log) all = first_error(std::move(all), partition.log->enforce_retention());
    }
  }
  return all;
}

Status TopicStore::close() {
  std::mutex mutex;
  Status all;
  for_each_partition([&](Topic& topic, int32_t i) {
    const auto& log = topic.partitions[static_cast<size_t>(i)].log;
    if (log == nullptr) return;
    auto closed = log->close();
    const std::lock_guard lock(mutex);
    all = first_error(std::move(all), std::move(closed));
  });
  return all;
}

}  // namespace hailstorm::storage
