// The one file of the product that includes nlohmann/json.hpp.
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/text.h"
#include "common/json/json.h"
#include "common/json/tokens.h"

namespace hailstorm::json {
namespace {

/// `Json` is nlohmann::json, which sorts members by name, or nlohmann::ordered_json.
template <class Json>
Json converted(const Value& value) {
  if (const auto* elements = value.elements()) {
    Json array = Json::array();
    for (const Value& element : *elements) array.push_back(converted<Json>(element));
    return array;
  }
  if (const auto* members = value.members()) {
    Json object = Json::object();
    for (const Member& member : *members) object[member.name] = converted<Json>(member.value);
    return object;
  }
  if (const auto* text = value.text()) return *text;
  if (const auto* real = std::get_if<double>(&value.data())) return *real;
  if (const auto* natural = std::get_if<uint64_t>(&value.data())) return *natural;
  if (const auto* whole = std::get_if<int64_t>(&value.data())) return *whole;
  if (const auto boolean = value.boolean()) return *boolean;
  return nullptr;
}

/// JSON text with \uNNNN for what a terminal would act on and JSON does not escape: DEL, C1
/// controls and marks that turn text round. REQUIRES: UTF-8; only strings hold such characters.
std::string without_unprintable(std::string text) {
  const auto first = std::find_if(text.begin(), text.end(),
                                  [](char c) { return static_cast<uint8_t>(c) >= 0x7f; });
  if (first == text.end()) return text;
  std::string out(text.begin(), first);
  for (std::string_view rest(first, text.end()); !rest.empty();) {
    const Character character = first_character(rest);
    const size_t count = std::max<size_t>(character.bytes, 1);
    if (is_unprintable(character.code) && character.code >= 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<uint32_t>(character.code));
    } else {
      out += rest.substr(0, count);
    }
    rest.remove_prefix(count);
  }
  return out;
}

template <class Json>
std::string dumped(const Value& value, Layout layout) {
  return without_unprintable(converted<Json>(value).dump(layout == Layout::one_line ? -1 : 2, ' ',
                                                         false, Json::error_handler_t::replace));
}

/// Passes the library's calls on. Thread safety: not safe.
class Adapter final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Adapter(TokenHandler& handler) : handler_(handler) {}

  bool null() override { return handler_.scalar({}); }
  bool boolean(bool value) override { return handler_.scalar(value); }
  bool number_integer(number_integer_t value) override { return handler_.scalar(value); }
  bool number_unsigned(number_unsigned_t value) override { return handler_.scalar(value); }
  bool number_float(number_float_t value, const string_t&) override {
    return handler_.scalar(value);
  }
  bool string(string_t& value) override { return handler_.scalar(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // not in text
  bool start_object(std::size_t) override { return handler_.begin_object(); }
  bool key(string_t& name) override { return handler_.name(std::move(name)); }
  bool end_object() override { return handler_.end_object(); }
  bool start_array(std::size_t) override { return handler_.begin_array(); }
  bool end_array() override { return handler_.end_array(); }
  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::detail::exception& why) override {
    constexpr int kNumberOverflow = 406;
    handler_.syntax_error({position, last_token, why.id == kNumberOverflow, why.what()});
    return false;
  }

 private:
  TokenHandler& handler_;
};

}  // namespace

std::string to_text(const Value& value, Layout layout) {
  return dumped<nlohmann::ordered_json>(value, layout);
}

std::string to_sorted_text(const Value& value, Layout layout) {
  return dumped<nlohmann::json>(value, layout);
}

bool is_json(std::string_view text) { return nlohmann::json::accept(text.begin(), text.end()); }

bool read_tokens(std::string_view text, TokenHandler& handler) {
  Adapter adapter(handler);
  return nlohmann::json::sax_parse(text.begin(), text.end(), &adapter);
}

}  // namespace hailstorm::json
