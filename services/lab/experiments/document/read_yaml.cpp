#include <fmt/format.h>
#include <yaml.h>

#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/plain_word.h"
#include "services/lab/experiments/document/read_document.h"

namespace hailstorm::lab {
namespace {

/// The library's parser over a text. The text must remain live. Thread safety: not safe.
class YamlParser {
 public:
  explicit YamlParser(std::string_view text) {
    is_made_ = yaml_parser_initialize(&parser_) == 1;
    if (!is_made_) return;
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~YamlParser() {
    yaml_event_delete(&event_);
    if (is_made_) yaml_parser_delete(&parser_);
  }
  YamlParser(const YamlParser&) = delete;
  YamlParser& operator=(const YamlParser&) = delete;

  /// Error bad_file where the text is no YAML. The event holds until the next call.
  Result<const yaml_event_t*> next() {
    yaml_event_delete(&event_);
    if (is_made_ && yaml_parser_parse(&parser_, &event_) == 1) return &event_;
    event_ = {};
    const char* problem = is_made_ ? parser_.problem : nullptr;
    return bad_field(
        is_made_ ? parser_.problem_mark.line + 1 : 1, "",
        fmt::format("this is no YAML: {}", problem != nullptr ? problem : "out of memory"));
  }

 private:
  yaml_parser_t parser_ = {};
  yaml_event_t event_ = {};
  bool is_made_ = false;
};

size_t line_of(const yaml_event_t& event) { return event.start_mark.line + 1; }

Status refuse_marks(const yaml_event_t& event, const yaml_char_t* anchor, const yaml_char_t* tag) {
  if (anchor != nullptr) return bad_field(line_of(event), "", "anchors (&NAME) are not read");
  if (tag != nullptr) return bad_field(line_of(event), "", "tags (!TYPE) are not read");
  return {};
}

Status take_scalar(const yaml_event_t& event, NodeBuilder& nodes) {
  const auto& scalar = event.data.scalar;
  HAIL_RETURN_IF_ERROR(refuse_marks(event, scalar.anchor, scalar.tag));
  std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
  const bool is_plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
  if (!is_plain && !nodes.awaits_name()) return nodes.scalar(std::move(text), line_of(event));
  HAIL_ASSIGN_OR_RETURN(json::Value value, is_plain ? plain_word(text, line_of(event))
                                                    : Result<json::Value>(json::Value(text)));
  if (!nodes.awaits_name()) return nodes.scalar(std::move(value), line_of(event));
  if (value.text() == nullptr) return bad_field(line_of(event), text, "a name must be a text");
  return nodes.name(std::move(text), line_of(event));
}

Status take_open(const yaml_event_t& event, NodeBuilder& nodes) {
  if (nodes.awaits_name()) return bad_field(line_of(event), "", "a name must be a text");
  if (event.type == YAML_MAPPING_START_EVENT) {
    const auto& start = event.data.mapping_start;
    HAIL_RETURN_IF_ERROR(refuse_marks(event, start.anchor, start.tag));
    return nodes.open(Node::Kind::map, line_of(event));
  }
  const auto& start = event.data.sequence_start;
  HAIL_RETURN_IF_ERROR(refuse_marks(event, start.anchor, start.tag));
  return nodes.open(Node::Kind::list, line_of(event));
}

/// All events but the ends of the stream and of documents.
Status take_event(const yaml_event_t& event, NodeBuilder& nodes) {
  switch (event.type) {
    case YAML_ALIAS_EVENT:
      return bad_field(line_of(event), "", "aliases (*NAME) are not read");
    case YAML_SCALAR_EVENT:
      return take_scalar(event, nodes);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
      return take_open(event, nodes);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
      nodes.close();
      return {};
    default:
      return {};
  }
}

}  // namespace

Result<Node> read_yaml(std::string_view text) {
  if (text.size() > kMaxDocumentBytes) {
    return bad_field(1, "", fmt::format("{} bytes; it may be {}", text.size(), kMaxDocumentBytes));
  }
  YamlParser parser(text);
  NodeBuilder nodes;
  int documents = 0;
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(const yaml_event_t* event, parser.next());
    if (event->type == YAML_STREAM_END_EVENT) break;
    if (event->type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
      return bad_field(line_of(*event), "", "a second document is not read");
    }
    HAIL_RETURN_IF_ERROR(take_event(*event, nodes));
  }
  return nodes.take();
}

}  // namespace hailstorm::lab
