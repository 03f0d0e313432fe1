#include "tests/support/faulty_file_system.h"

#include <algorithm>
#include <cstring>
#include <random>

namespace hailstorm::testing {

using storage::StorageErrc;

namespace {

constexpr uint64_t kEndless = uint64_t{1} << 50;

std::string parent_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

/// All that is in the folder, at any depth.
template <typename Iterator>
struct Below {
  Iterator first, last;
  Iterator begin() const { return first; }
  Iterator end() const { return last; }
};
template <typename Tree>
auto below(Tree& tree, const std::string& folder) {
  constexpr char kBehindSlash = '/' + 1;
  return Below<decltype(tree.begin())>{tree.lower_bound(folder + '/'),
                                       tree.lower_bound(folder + kBehindSlash)};
}

Error missing(const std::string& path) { return Error(StorageErrc::not_found, "no " + path); }

Error broken(FaultyFileSystem::Fault fault, const std::string& what) {
  StorageErrc code = StorageErrc::io;
  if (fault == FaultyFileSystem::Fault::no_space) code = StorageErrc::no_space;
  if (fault == FaultyFileSystem::Fault::no_descriptor) code = StorageErrc::out_of_resources;
  return Error(code, "made to fail: " + what);
}

}  // namespace

class FaultyFileSystem::OpenFile final : public storage::File {
 public:
  OpenFile(FaultyFileSystem& files, std::shared_ptr<Node> node, std::string path, bool may_write)
      : files_(files), node_(std::move(node)), path_(std::move(path)), may_write_(may_write) {}

  Result<size_t> read_at(uint64_t position, MutableBytes into) override {
    const std::lock_guard lock(files_.mutex_);
    if (files_.reads_count_) HAIL_RETURN_IF_ERROR(files_.change("read " + path_));
    const auto& bytes = node_->bytes;
    if (position >= bytes.size()) return size_t{0};
    const size_t count = std::min(into.size(), bytes.size() - static_cast<size_t>(position));
    if (count > 0) std::memcpy(into.data(), bytes.data() + position, count);
    return count;
  }

  Status write_at(uint64_t position, Bytes bytes) override {
    const std::lock_guard lock(files_.mutex_);
    if (!may_write_) return broken(Fault::io, "write to a file opened for reading: " + path_);
    if (const auto fault = files_.next_fault()) {
      if (*fault == Fault::short_write) put(position, bytes.first(bytes.size() / 2));
      return broken(*fault, "write " + path_);
    }
    const uint64_t end = position + bytes.size();
    const uint64_t grows = end > node_->bytes.size() ? end - node_->bytes.size() : 0;
    if (const uint64_t free = files_.free_locked(); grows > free) {
      const uint64_t lacking = std::min<uint64_t>(grows - free, bytes.size());
      put(position, bytes.first(bytes.size() - static_cast<size_t>(lacking)));
      return broken(Fault::no_space, "disk full: " + path_);
    }
    put(position, bytes);
    return {};
  }

  Status sync() override {
    const std::lock_guard lock(files_.mutex_);
    ++files_.syncs_;
    const auto fault = files_.next_fault();
    if (fault && *fault != Fault::no_descriptor) return broken(*fault, "sync " + path_);
    node_->durable_bytes = node_->bytes;
    return {};
  }

  Status truncate(uint64_t size) override {
    const std::lock_guard lock(files_.mutex_);
    HAIL_RETURN_IF_ERROR(files_.change("truncate " + path_));
    node_->bytes.resize(static_cast<size_t>(size));
    node_->modified_ms = files_.wall_ms_;
    return {};
  }

  Result<uint64_t> size() override {
    const std::lock_guard lock(files_.mutex_);
    return uint64_t{node_->bytes.size()};
  }

  Result<uint64_t> identity() override { return node_->identity; }

 private:
  void put(uint64_t position, Bytes bytes) {
    const size_t end = static_cast<size_t>(position) + bytes.size();
    if (node_->bytes.size() < end) node_->bytes.resize(end);
    std::copy(bytes.begin(), bytes.end(),
              node_->bytes.begin() + static_cast<std::ptrdiff_t>(position));
    node_->modified_ms = files_.wall_ms_;
  }

  FaultyFileSystem& files_;
  std::shared_ptr<Node> node_;
  std::string path_;
  bool may_write_;
};

void FaultyFileSystem::fail_nth(uint64_t nth, Fault fault, uint64_t count) {
  heal();
  const std::lock_guard lock(mutex_);
  fail_at_ = nth;
  fail_count_ = count;
  fault_ = fault;
}

void FaultyFileSystem::count_reads() {
  const std::lock_guard lock(mutex_);
  reads_count_ = true;
}

void FaultyFileSystem::freeze_at(uint64_t nth) {
  heal();
  const std::lock_guard lock(mutex_);
  freeze_at_ = nth;
}

void FaultyFileSystem::heal() {
  const std::lock_guard lock(mutex_);
  changes_ = 0;
  fail_at_ = 0;
  freeze_at_ = 0;
  has_failed_ = false;
  reads_count_ = false;
}

uint64_t FaultyFileSystem::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

bool FaultyFileSystem::has_failed() const {
  const std::lock_guard lock(mutex_);
  return has_failed_;
}

uint64_t FaultyFileSystem::sync_count() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

void FaultyFileSystem::set_wall_ms(int64_t wall_ms) {
  const std::lock_guard lock(mutex_);
  wall_ms_ = wall_ms;
}

void FaultyFileSystem::set_capacity(std::optional<uint64_t> bytes) {
  const std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

uint64_t FaultyFileSystem::used_bytes() const {
  const std::lock_guard lock(mutex_);
  return used_locked();
}

uint64_t FaultyFileSystem::used_locked() const {
  uint64_t used = 0;
  for (const auto& [path, node] : tree_) used += node->bytes.size();
  return used;
}

uint64_t FaultyFileSystem::free_locked() const {
  if (!capacity_) return kEndless;
  return *capacity_ - std::min(*capacity_, used_locked());
}

std::optional<FaultyFileSystem::Fault> FaultyFileSystem::next_fault() {
  ++changes_;
  const bool frozen = freeze_at_ > 0 && changes_ >= freeze_at_;
  const bool fails = fail_at_ > 0 && changes_ >= fail_at_ && changes_ - fail_at_ < fail_count_;
  if (!frozen && !fails) return std::nullopt;
  has_failed_ = true;
  return frozen ? Fault::io : fault_;
}

Status FaultyFileSystem::change(const std::string& what) {
  if (const auto fault = next_fault()) return broken(*fault, what);
  return {};
}

void FaultyFileSystem::keep_locked(const Survivor& survivor) {
  Tree all = durable_tree_;
  all.insert(tree_.begin(), tree_.end());
  Tree left;
  for (const auto& [path, unused] : all) {  // parents come before their children
    const std::string parent = parent_of(path);
    if (parent.find('/', 1) != std::string::npos && !left.contains(parent)) continue;
    const auto now = tree_.find(path);
    const auto durable = durable_tree_.find(path);
    auto node = survivor(now == tree_.end() ? nullptr : now->second.get(),
                         durable == durable_tree_.end() ? nullptr : durable->second.get());
    if (node == nullptr) continue;
    node->durable_bytes = node->bytes;
    left[path] = std::move(node);
  }
  tree_ = left;
  durable_tree_ = left;
}

void FaultyFileSystem::cut_power(uint64_t keep_bytes) {
  const std::lock_guard lock(mutex_);
  keep_locked([&](const Node*, const Node* durable) -> std::shared_ptr<Node> {
    if (durable == nullptr) return nullptr;
    auto after = std::make_shared<Node>(*durable);
    const size_t end = durable->durable_bytes.size();
    const size_t kept = std::min<uint64_t>(
        durable->bytes.size() - std::min(durable->bytes.size(), end), keep_bytes);
    after->bytes = durable->durable_bytes;
    if (kept > 0)
      after->bytes.insert(after->bytes.end(),
                          durable->bytes.begin() + static_cast<std::ptrdiff_t>(end),
                          durable->bytes.begin() + static_cast<std::ptrdiff_t>(end + kept));
    return after;
  });
}

void FaultyFileSystem::cut_power_reordered(uint64_t seed) {
  const std::lock_guard lock(mutex_);
  std::mt19937_64 random(seed);
  const auto coin = [&] { return (random() & 1) != 0; };
  keep_locked([&](const Node* now, const Node* durable) -> std::shared_ptr<Node> {
    const Node* const named = now == durable || coin() ? now : durable;
    if (named == nullptr) return nullptr;
    auto after = std::make_shared<Node>(*named);
    const auto& written = named->bytes;
    after->bytes = named->durable_bytes;
    if (coin()) after->bytes.resize(written.size());  // the new size, holes of zeros included
    for (size_t at = 0; at < std::min(written.size(), after->bytes.size()); at += kSectorBytes) {
      if (coin()) continue;
      const size_t end = std::min({at + kSectorBytes, written.size(), after->bytes.size()});
      std::copy(written.begin() + static_cast<std::ptrdiff_t>(at),
                written.begin() + static_cast<std::ptrdiff_t>(end),
                after->bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return after;
  });
}

std::vector<uint8_t>* FaultyFileSystem::contents(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = tree_.find(path);
  return found == tree_.end() || found->second->is_folder ? nullptr : &found->second->bytes;
}

std::map<std::string, std::vector<uint8_t>> FaultyFileSystem::all_files() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::vector<uint8_t>> all;
  for (const auto& [path, node] : tree_) {
    if (!node->is_folder) all[path] = node->bytes;
  }
  return all;
}

Result<std::unique_ptr<storage::File>> FaultyFileSystem::open(const std::string& path, Mode mode) {
  const std::lock_guard lock(mutex_);
  if (reads_count_ && mode != Mode::create) HAIL_RETURN_IF_ERROR(change("open " + path));
  auto found = tree_.find(path);
  if (found == tree_.end()) {
    if (mode != Mode::create || !tree_.contains(parent_of(path))) return missing(path);
    HAIL_RETURN_IF_ERROR(change("make " + path));
    found = tree_.emplace(path, std::make_shared<Node>()).first;
    found->second->identity = ++last_identity_;
  }
  return std::unique_ptr<storage::File>(
      std::make_unique<OpenFile>(*this, found->second, path, mode != Mode::read));
}

Result<std::vector<std::string>> FaultyFileSystem::list(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  if (!tree_.contains(folder)) return missing(folder);
  std::vector<std::string> names;
  const std::string inside = folder.ends_with('/') ? folder : folder + "/";
  for (auto at = tree_.lower_bound(inside); at != tree_.end() && at->first.starts_with(inside);
       ++at) {
    std::string name = at->first.substr(inside.size());
    if (name.find('/') == std::string::npos) names.push_back(std::move(name));
  }
  return names;
}

bool FaultyFileSystem::exists(const std::string& path) {
  const std::lock_guard lock(mutex_);
  return tree_.contains(path);
}

Status FaultyFileSystem::create_folder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (!tree_.contains(folder)) {
      HAIL_RETURN_IF_ERROR(change("make the folder " + folder));
      tree_[folder] = std::make_shared<Node>(Node{true, 0, 0, {}, {}});
    }
    if (slash == std::string::npos) return {};
  }
}

Status FaultyFileSystem::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  HAIL_RETURN_IF_ERROR(change("remove " + path));
  return tree_.erase(path) > 0 ? Status() : missing(path);
}

Status FaultyFileSystem::remove_folder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  HAIL_RETURN_IF_ERROR(change("remove the folder " + path));
  tree_.erase(path);
  const auto inside = below(tree_, path);
  tree_.erase(inside.begin(), inside.end());
  return {};
}

Status FaultyFileSystem::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  HAIL_RETURN_IF_ERROR(change("rename " + from));
  if (!tree_.contains(from)) return missing(from);
  Tree moved;
  moved[to] = tree_.extract(from).mapped();
  const auto inside = below(tree_, from);
  for (const auto& [path, node] : inside) moved[to + path.substr(from.size())] = node;
  tree_.erase(inside.begin(), inside.end());
  for (const auto& [path, node] : moved) tree_[path] = node;
  return {};
}

Status FaultyFileSystem::sync_folder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  ++syncs_;
  HAIL_RETURN_IF_ERROR(change("sync the folder " + path));
  const auto was = below(durable_tree_, path);
  for (auto at = was.begin(); at != was.end();) {
    const bool is_gone = parent_of(at->first) == path && !tree_.contains(at->first);
    at = is_gone ? durable_tree_.erase(at) : std::next(at);
  }
  for (const auto& [child, node] : below(tree_, path)) {
    if (parent_of(child) == path) durable_tree_[child] = node;
  }
  return {};
}

Result<int64_t> FaultyFileSystem::modified_ms(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = tree_.find(path);
  if (found == tree_.end()) return missing(path);
  return found->second->modified_ms;
}

Result<storage::DiskSpace> FaultyFileSystem::space(const std::string&) {
  const std::lock_guard lock(mutex_);
  return storage::DiskSpace{free_locked(), capacity_.value_or(kEndless)};
}

}  // namespace hailstorm::testing
