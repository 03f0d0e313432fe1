#include "broker/partition/topic_store.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <mutex>
#include <thread>
#include <utility>

#include "broker/storage/store_folder.h"
#include "broker/storage/topic_settings_json.h"
#include "common/base/logging.h"

namespace hailstorm::broker {
namespace {

using storage::StorageErrc;

Error no_such_topic(const std::string& name) {
  return Error(StorageErrc::not_found, fmt::format("there is no topic '{}'", name));
}

Status first_error(Status first, Status next) { return first.ok() ? next : first; }

}  // namespace

TopicStore::TopicStore(storage::FileSystem& files, const Clock& clock, std::string folder,
                       size_t threads, IdGenerator ids)
    : files_(files),
      clock_(clock),
      ids_(std::move(ids)),
      folder_(std::move(folder)),
      threads_(threads),
      folders_(files, clock, folder_),
      settings_(files, folder_) {}

Result<std::unique_ptr<TopicStore>> TopicStore::open(storage::FileSystem& files, const Clock& clock,
                                                     std::string folder, size_t threads,
                                                     IdGenerator ids) {
  HAIL_RETURN_IF_ERROR(storage::make_data_folder(files, folder));
  std::unique_ptr<TopicStore> store(
      new TopicStore(files, clock, std::move(folder), threads, std::move(ids)));
  HAIL_RETURN_IF_ERROR(store->load());
  return store;
}

Status TopicStore::load() {
  HAIL_ASSIGN_OR_RETURN(const auto settings, storage::read_settings(files_, folder_));
  if (!settings) return begin();
  producer_ids_.begin_at(settings->reserved_producer_ids);
  for (const auto& [name, known] : settings->topics) {
    Topic& topic = topics_[name];
    topic.name = name;
    topic.id = known.id;
    topic.config = known.config;
  }
  cluster_id_ = settings->cluster_id;
  HAIL_RETURN_IF_ERROR(give_missing_ids());
  for (const auto& [name, topic] : topics_) names_[topic.id] = name;
  for (auto& [name, topic] : topics_) {
    for (int32_t i = 0; i < topic.config.partitions; ++i)
      topic.partitions.push_back(new_partition(topic, i));
  }
  for_each_partition(
      [this](Topic& topic, int32_t i) { open(topic, *topic.partitions[static_cast<size_t>(i)]); });
  skip_producer_ids_in_use();
  return folders_.finish_removals();
}

Status TopicStore::begin() {
  storage::sync_parent_folder(files_, folder_);
  cluster_id_ = ids_.uuid();
  return save();
}

Status TopicStore::give_missing_ids() {
  bool all_had_one = !cluster_id_.is_zero();
  if (!all_had_one) cluster_id_ = ids_.uuid();
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
    if (const Uuid id = folders_.topic_id_in({topic.name, i}); !id.is_zero()) return id;
  }
  return {};
}

void TopicStore::skip_producer_ids_in_use() {
  for (const auto& [name, topic] : topics_) {
    for (const auto& partition : topic.partitions) {
      if (partition->is_open()) producer_ids_.skip(partition->highest_producer_id());
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

std::shared_ptr<Partition> TopicStore::new_partition(const Topic& topic, int32_t number) {
  return std::make_shared<Partition>(wire::TopicPartition{topic.name, number, topic.id},
                                     topic.config, clock_, active_);
}

void TopicStore::open(const Topic& topic, Partition& partition) {
  partition.open(folders_.open(partition.id(), topic.config));
}

bool TopicStore::open_again() {
  bool has_opened = false;
  for (auto& [name, topic] : topics_) {
    for (const auto& partition : topic.partitions) {
      if (partition->is_open() || !storage::may_pass(*partition->open_error())) continue;
      open(topic, *partition);
      has_opened = has_opened || partition->is_open();
    }
  }
  return has_opened;
}

Status TopicStore::make_partition(Topic& topic, int32_t number) {
  const auto partition = new_partition(topic, number);
  HAIL_ASSIGN_OR_RETURN(auto log, folders_.make(partition->id(), topic.config));
  partition->open(std::move(log));
  topic.partitions.push_back(partition);
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
  for (auto i = count; i-- > before;) folders_.remove({topic.name, i});
  return made;
}

Status TopicStore::create(const std::string& name, const wire::TopicConfig& config) {
  HAIL_RETURN_IF_ERROR(storage::check_topic(name, config));
  if (topics_.contains(name))
    return Error(StorageErrc::already_exists, fmt::format("there is a topic '{}' already", name));
  HAIL_RETURN_IF_ERROR(settle());
  Topic& topic = topics_[name];
  topic.name = name;
  topic.id = ids_.uuid();
  topic.config = config;
  const auto made = make_partitions(topic);
  if (made.ok()) {
    names_[topic.id] = name;
  } else {
    topics_.erase(name);
  }
  return made;
}

Status TopicStore::grow(const std::string& name, int32_t partitions) {
  Topic* const topic = find(name);
  if (topic == nullptr) return no_such_topic(name);
  if (partitions <= topic->config.partitions)
    return Error(StorageErrc::invalid,
                 fmt::format("topic '{}' has {} partitions already; they can only become more",
                             name, topic->config.partitions));
  wire::TopicConfig grown = topic->config;
  grown.partitions = partitions;
  HAIL_RETURN_IF_ERROR(storage::check_topic(name, grown));
  HAIL_RETURN_IF_ERROR(settle());
  topic->config = grown;
  return make_partitions(*topic);
}

Status TopicStore::alter(const std::string& name, wire::TopicConfig config) {
  Topic* const topic = find(name);
  if (topic == nullptr) return no_such_topic(name);
  config.partitions = topic->config.partitions;
  HAIL_RETURN_IF_ERROR(storage::check_topic(name, config));
  for (const auto& partition : topic->partitions) HAIL_RETURN_IF_ERROR(partition->prepare(config));
  auto before = std::exchange(topic->config, config);
  if (auto saved = save(); !saved.ok()) {
    topic->config = std::move(before);
    return saved;
  }
  for (const auto& partition : topic->partitions) partition->apply(config);
  return {};
}

Status TopicStore::remove(const std::string& name) {
  auto removed = topics_.extract(name);
  if (removed.empty()) return no_such_topic(name);
  // The settings first: once they are without it the topic is gone, whatever of its folders is
  // left.
  const auto saved = save();
  if (!saved.ok() && !settings_.is_unsure()) {
    topics_.insert(std::move(removed));
    return saved;
  }
  names_.erase(removed.mapped().id);
  for (const auto& partition : removed.mapped().partitions) partition->mark_deleted();
  if (!saved.ok()) return saved;  // the next start may find either settings, and needs the folders
  for (const auto& partition : removed.mapped().partitions) folders_.remove(partition->id());
  return {};
}

Topic* TopicStore::find(const std::string& name) {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

std::string TopicStore::name_of(const Uuid& id) const {
  const auto found = names_.find(id);
  return found == names_.end() ? std::string() : found->second;
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
  if (const Topic* const found = find(topic)) {
    for (const auto& partition : found->partitions) partition->stop_compaction();
  }
  quiet_actions_.emplace_back(topic, std::move(action));
  run_quiet_actions();
}

bool TopicStore::is_quiet(const std::string& topic) {
  const Topic* const found = find(topic);
  return found == nullptr || std::none_of(found->partitions.begin(), found->partitions.end(),
                                          [](const auto& partition) {
                                            return partition->is_syncing() ||
                                                   partition->is_compacting();
                                          });
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
  return producer_ids_.next([this] { return save(); });
}

Status TopicStore::save() {
  storage::StoreSettings settings;
  settings.cluster_id = cluster_id_;
  settings.reserved_producer_ids = producer_ids_.reserved();
  for (const auto& [name, topic] : topics_) {
    if (topic.config.partitions > 0)  // 0: not made yet
      settings.topics[name] = {topic.id, topic.config};
  }
  return settings_.save(settings);
}

Status TopicStore::settle() { return settings_.is_unsure() ? save() : Status(); }

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
