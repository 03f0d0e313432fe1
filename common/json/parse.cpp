#include <fmt/format.h>

#include "common/json/json.h"
#include "common/json/tokens.h"

namespace hailstorm::json {
namespace {

/// Builds the value that a text describes. Thread safety: not safe.
class ValueBuilder final : public TokenHandler {
 public:
  Value root;
  std::optional<Error> failure;

  bool scalar(Value value) override {
    place(std::move(value));
    return true;
  }
  bool name(std::string name) override {
    name_ = std::move(name);
    return true;
  }
  bool begin_object() override { return open(Value::object()); }
  bool begin_array() override { return open(Value::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  void syntax_error(SyntaxError error) override {
    failure = Error(JsonErrc::not_json, std::move(error.message));
  }

 private:
  Value& place(Value value) {
    if (open_.empty()) return root = std::move(value);
    Value& parent = *open_.back();
    if (parent.elements() != nullptr) return parent.push_back(std::move(value));
    return parent.add(std::move(name_), std::move(value));
  }
  bool open(Value empty) {
    if (open_.size() == kMaxDepth) {
      failure = Error(JsonErrc::too_deep, fmt::format("nested more than {} deep", kMaxDepth));
      return false;
    }
    open_.push_back(&place(std::move(empty)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<Value*> open_;  // from the root inwards; only the last one grows
  std::string name_;
};

}  // namespace

Result<Value> parse(std::string_view text, size_t max_bytes) {
  if (text.size() > max_bytes) {
    return Error(JsonErrc::too_large,
                 fmt::format("{} bytes; it may be {}", text.size(), max_bytes));
  }
  ValueBuilder builder;
  read_tokens(text, builder);
  if (builder.failure) return std::move(*builder.failure);
  return std::move(builder.root);
}

}  // namespace hailstorm::json
