#include "broker/verify/dry_run_file_system.h"

#include <algorithm>
#include <utility>

namespace hailstorm::verify {

using storage::File;
using storage::StorageErrc;

Status DryRunFileSystem::Node::take_from(uint64_t position) {
  is_changed = true;
  if (position >= kept_bytes) return {};
  std::vector<uint8_t> taken(static_cast<size_t>(kept_bytes - position));
  HAIL_ASSIGN_OR_RETURN(const size_t got, below->read_at(position, taken));
  if (got < taken.size())
    return Error(StorageErrc::io, "a file became shorter while it was looked at");
  taken.insert(taken.end(), rest.begin(), rest.end());
  rest = std::move(taken);
  keep(position);
  return {};
}

void DryRunFileSystem::Node::keep(uint64_t bytes) {
  kept_bytes = bytes;
  if (bytes == 0) below.reset();
}

class DryRunFileSystem::OpenFile final : public File {
 public:
  explicit OpenFile(std::shared_ptr<Node> node) : node_(std::move(node)) {}

  Result<size_t> read_at(uint64_t position, MutableBytes into) override {
    if (position >= node_->size()) return size_t{0};
    const auto count =
        static_cast<size_t>(std::min<uint64_t>(into.size(), node_->size() - position));
    size_t done = 0;
    if (position < node_->kept_bytes) {
      const auto kept =
          static_cast<size_t>(std::min<uint64_t>(count, node_->kept_bytes - position));
      HAIL_ASSIGN_OR_RETURN(done, node_->below->read_at(position, into.first(kept)));
      if (done < kept) return done;
    }
    const auto skip = static_cast<std::ptrdiff_t>(position + done - node_->kept_bytes);
    if (done < count)
      std::copy_n(node_->rest.begin() + skip, count - done,
                  into.begin() + static_cast<std::ptrdiff_t>(done));
    return count;
  }

  Status write_at(uint64_t position, Bytes bytes) override {
    if (bytes.empty()) return {};
    HAIL_RETURN_IF_ERROR(node_->take_from(position));
    const uint64_t end = position + bytes.size();
    if (end > node_->size()) node_->rest.resize(static_cast<size_t>(end - node_->kept_bytes));
    std::copy(bytes.begin(), bytes.end(),
              node_->rest.begin() + static_cast<std::ptrdiff_t>(position - node_->kept_bytes));
    return {};
  }

  Status sync() override { return {}; }

  Status truncate(uint64_t size) override {
    if (size == node_->size()) return {};
    node_->is_changed = true;
    if (size < node_->kept_bytes) {
      node_->keep(size);
      node_->rest.clear();
    } else {
      node_->rest.resize(static_cast<size_t>(size - node_->kept_bytes));
    }
    return {};
  }

  Result<uint64_t> size() override { return node_->size(); }

  Result<uint64_t> identity() override { return node_->identity; }

 private:
  std::shared_ptr<Node> node_;
};

Result<std::shared_ptr<DryRunFileSystem::Node>> DryRunFileSystem::node_of(const std::string& path) {
  if (const auto known = nodes_.find(path); known != nodes_.end()) return known->second;
  if (removed_.contains(path)) return Error(StorageErrc::not_found, path + " is removed");
  const auto node = std::make_shared<Node>();
  HAIL_ASSIGN_OR_RETURN(node->below, below().open(path, Mode::read));
  HAIL_ASSIGN_OR_RETURN(node->kept_bytes, node->below->size());
  HAIL_ASSIGN_OR_RETURN(node->identity, node->below->identity());
  node->size_before = node->kept_bytes;
  return node;
}

Result<std::unique_ptr<File>> DryRunFileSystem::open(const std::string& path, Mode mode) {
  auto node = node_of(path);
  if (!node.ok()) {
    if (mode != Mode::create || !node.error().is(StorageErrc::not_found))
      return std::move(node).error();
    const auto made = std::make_shared<Node>();
    made->identity = ++last_identity_;
    made->is_changed = true;
    if (const auto old = removed_.extract(path); !old.empty()) made->size_before = old.mapped();
    node = made;
  }
  // A node whose files are closed and unchanged is forgotten: there are fewer descriptors than
  // segments.
  std::erase_if(nodes_, [](const auto& known) {
    return known.second.use_count() == 1 && !known.second->is_changed;
  });
  nodes_[path] = *node;
  return std::unique_ptr<File>(std::make_unique<OpenFile>(*node));
}

Result<std::vector<std::string>> DryRunFileSystem::list(const std::string& folder) {
  std::set<std::string> names;
  if (auto there = below().list(folder); there.ok()) {
    names.insert(there->begin(), there->end());
  } else if (!there.error().is(StorageErrc::not_found) || !folders_.contains(folder)) {
    return std::move(there).error();
  }
  const std::string prefix = folder + "/";
  const auto add = [&](const std::string& path) {
    if (!path.starts_with(prefix)) return;
    const std::string rest = path.substr(prefix.size());
    names.insert(rest.substr(0, rest.find('/')));
  };
  for (const auto& [path, node] : nodes_) add(path);
  for (const auto& path : folders_) add(path);
  std::erase_if(names, [&](const auto& name) { return removed_.contains(prefix + name); });
  return std::vector<std::string>(names.begin(), names.end());
}

bool DryRunFileSystem::exists(const std::string& path) {
  if (removed_.contains(path)) return false;
  return nodes_.contains(path) || folders_.contains(path) || below().exists(path);
}

Status DryRunFileSystem::create_folder(const std::string& path) {
  if (!exists(path)) folders_.insert(path);
  return {};
}

Status DryRunFileSystem::remove(const std::string& path) {
  HAIL_ASSIGN_OR_RETURN(const auto node, node_of(path));
  nodes_.erase(path);
  removed_[path] = node->size_before;
  return {};
}

Status DryRunFileSystem::remove_folder(const std::string& path) {
  HAIL_ASSIGN_OR_RETURN(const auto names, list(path));
  for (const auto& name : names) HAIL_RETURN_IF_ERROR(remove(path + "/" + name));
  folders_.erase(path);
  removed_[path] = std::nullopt;
  return {};
}

Status DryRunFileSystem::rename(const std::string& from, const std::string& to) {
  auto moved = node_of(from);
  if (!moved.ok())
    return Error(StorageErrc::invalid, "only files are renamed: " + moved.error().message());
  std::optional<uint64_t> size_before;
  if (exists(to)) {
    HAIL_ASSIGN_OR_RETURN(const auto replaced, node_of(to));
    size_before = replaced->size_before;
  }
  HAIL_RETURN_IF_ERROR(remove(from));
  removed_.erase(to);
  const auto node = std::make_shared<Node>(**moved);
  node->size_before = size_before;
  node->is_changed = true;
  nodes_[to] = node;
  return {};
}

Status DryRunFileSystem::sync_folder(const std::string&) { return {}; }

std::vector<DryRunFileSystem::Change> DryRunFileSystem::changes() const {
  std::vector<Change> all;
  for (const auto& [path, node] : nodes_) {
    if (node->is_changed) all.push_back({path, node->size_before, node->size()});
  }
  for (const auto& [path, size] : removed_) {
    if (size) all.push_back({path, size, std::nullopt});
  }
  std::sort(all.begin(), all.end(),
            [](const Change& a, const Change& b) { return a.path < b.path; });
  return all;
}

}  // namespace hailstorm::verify
