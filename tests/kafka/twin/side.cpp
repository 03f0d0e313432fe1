#include "tests/kafka/twin/side.h"

#include "common/base/bytes.h"
#include "common/kafka/frame.h"

namespace hailstorm::twin {
namespace {

constexpr size_t kLeastBytes = 8;  // shorter ones are in others by chance

/// Each occurrence of `from` in `text`.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

Side::Side(std::string name, int port) : name_(std::move(name)), port_(port), client_(port) {}

std::string Side::exchange(const std::string& frame) {
  client_.send(frame);
  const std::string size = client_.take(kafka::kFrameSizeBytes);
  if (size.size() == kafka::kFrameSizeBytes) {
    const auto bytes = static_cast<size_t>(get_be<int32_t>(as_bytes(size).data()));
    std::string response = client_.take(bytes);
    if (response.size() == bytes) return response;
  }
  client_ = testing::RawClient(port_);
  return {};
}

void Side::remember(const std::string& name, const std::string& value) { values_[name] = value; }

void Side::remember(const std::string& name, const Uuid& id) {
  ids_[name] = id;
  remember(name, id.text());
}

std::string Side::value(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? "" : found->second;
}

Uuid Side::id(const std::string& name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? Uuid() : found->second;
}

Values Side::in_common(const Values& values) const {
  Values common;
  for (const auto& [own_path, own_text] : values) {
    std::string path = own_path;
    std::string text = own_text;
    for (const auto& [name, value] : values_) {
      if (value.empty()) continue;
      if (value.size() >= kLeastBytes) path = replaced(path, value, "<" + name + ">");
      if (text == value) text = "<" + name + ">";
    }
    if (path.ends_with("ProducerId") && text != "-1") text = "<producer>";
    if (path.ends_with("Port") && text == std::to_string(port_)) text = "<port>";
    if (path.ends_with("ErrorMessage") && text != "null" && !text.empty()) text = "<text>";
    common[path] = text;
  }
  return common;
}

}  // namespace hailstorm::twin
