#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "common/json/tokens.h"
#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/read_document.h"

namespace hailstorm::lab {
namespace {

/// Follows the tokens through a text that is known to be JSON up to there, and counts lines.
///
/// Thread safety: not safe.
class TokenPlaces {
 public:
  explicit TokenPlaces(std::string_view text) : text_(text) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
  }

  /// The line of the next token.
  size_t next() {
    while (at_ < text_.size() && is_between(text_[at_])) line_ += text_[at_++] == '\n';
    if (at_ == text_.size()) return line_;
    const char first = text_[at_++];
    if (first == '"') {
      skip_text();
    } else if (first != '{' && first != '}' && first != '[' && first != ']') {
      while (at_ < text_.size() && !is_between(text_[at_]) && text_[at_] != '}' &&
             text_[at_] != ']') {
        ++at_;
      }
    }
    return line_;
  }

 private:
  static bool is_between(char one) {
    return one == ' ' || one == '\t' || one == '\n' || one == '\r' || one == ',' || one == ':';
  }
  void skip_text() {
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
};

class JsonNodes final : public json::TokenHandler {
 public:
  explicit JsonNodes(std::string_view text) : text_(text), places_(text) {}

  NodeBuilder nodes;
  std::optional<Error> failure;

  bool scalar(json::Value value) override {
    return goes_on(nodes.scalar(std::move(value), places_.next()));
  }
  bool name(std::string name) override {
    return goes_on(nodes.name(std::move(name), places_.next()));
  }
  bool begin_object() override { return goes_on(nodes.open(Node::Kind::map, places_.next())); }
  bool begin_array() override { return goes_on(nodes.open(Node::Kind::list, places_.next())); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  void syntax_error(json::SyntaxError error) override {
    const auto read = text_.substr(0, std::min(error.position, text_.size()));
    const auto lines = std::count(read.begin(), read.end(), '\n');
    failure = bad_field(static_cast<size_t>(lines) + 1, "", "this is no JSON: " + error.message);
  }

 private:
  bool end() {
    places_.next();
    nodes.close();
    return true;
  }
  bool goes_on(Status status) {
    if (!status.ok()) failure = std::move(status).error();
    return !failure;
  }

  const std::string_view text_;
  TokenPlaces places_;
};

}  // namespace

Result<Node> read_json(std::string_view text) {
  if (text.size() > kMaxDocumentBytes) {
    return bad_field(1, "", fmt::format("{} bytes; it may be {}", text.size(), kMaxDocumentBytes));
  }
  JsonNodes reader(text);
  json::read_tokens(text, reader);
  if (reader.failure) return std::move(*reader.failure);
  return reader.nodes.take();
}

}  // namespace hailstorm::lab
